"""The HTTP application: limits, headers and errors that hold for every route of the bot's process."""

import asyncio
import logging
from collections.abc import Sequence

from rasa.core.channels import channel as rasa_channels
from rasa.core.channels.channel import InputChannel
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from channels.action_endpoint import ActionEndpoint
from channels.following import follow_while_serving
from channels.framing import FramedRequest
from channels.monitoring_routes import watch_bot
from channels.output import TURN_FAILED_RESPONSE
from channels.services import Services

APPLICATION_NAME = "milia_assistant"
# A little above what any route takes, so that most refusals come from the route, which words them for its clients.
LARGEST_REQUEST = 64 * 1024
SECONDS_TO_SEND_A_REQUEST = 15
SECONDS_TO_ANSWER = 30
SECONDS_TO_SETTLE = 0.05
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
EXPECTATION_FAILED = 417
CODES = {
    400: ("bad_request", "The request could not be read."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This cannot be done here."),
    408: ("too_slow", "The request came in too slowly."),
    413: ("too_large", "The request is too large."),
    414: ("too_large", "The request is too large."),
}

logger = logging.getLogger(__name__)


def make_app(services: Services, channels: Sequence[InputChannel]) -> Sanic:
    """The application with the routes of these channels and no others."""
    app = Sanic(APPLICATION_NAME, configure_logging=False, request_class=FramedRequest)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.config.REQUEST_TIMEOUT = SECONDS_TO_SEND_A_REQUEST
    app.config.RESPONSE_TIMEOUT = SECONDS_TO_ANSWER
    app.ctx.services = services
    app.ctx.agent = services.agent
    watch_bot(app, services)
    app.register_middleware(_add_headers, "response")
    app.error_handler.add(Exception, _as_json)
    follow_while_serving(app, services.model_changes.follow)
    follow_while_serving(app, services.content.follow)
    rasa_channels.register(list(channels), app, route="/webhooks/")
    app.register_listener(_end_connections, "after_server_stop")
    app.ctx.has_started = False
    # The last of its kind, so that whatever begins with the server has begun.
    app.register_listener(_note_start, "after_server_start")
    return app


async def _note_start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    # A moment later: until every listener is done, Sanic loses a wish to stop.
    loop.call_later(SECONDS_TO_SETTLE, setattr, app.ctx, "has_started", True)


async def _end_connections(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
    endpoint = app.ctx.agent.action_endpoint
    if isinstance(endpoint, ActionEndpoint):
        await endpoint.close()


async def _add_headers(_request: Request, response: HTTPResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _as_json(request: Request, error: Exception) -> HTTPResponse:
    status = error.status_code if isinstance(error, SanicException) else 500
    status = 400 if status == EXPECTATION_FAILED else status
    if status in CODES:
        code, message = CODES[status]
        return _error(status, code, message)
    logger.error("a request to %s failed", request.path, exc_info=error)
    services: Services = request.app.ctx.services
    return _error(500, "failed", services.responses.text(TURN_FAILED_RESPONSE, "web"))


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return json({"error": {"code": code, "message": message}}, status=status, ensure_ascii=False)
