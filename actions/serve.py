"""`python -m actions.serve`: the action server, on loopback alone.

The stock `rasa_sdk` command listens on every address without authentication, lets any website call it, and returns the
visitor's whole conversation when an action fails (rasa_sdk/endpoint.py). This start does none of that.
"""

import argparse
import asyncio
import logging
import sys
from functools import partial

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.backend import engine
from actions.metrics import measured
from clinic.garbage_collection import leave_out_what_is_loaded
from clinic.settings import Settings, SettingsError, load_settings
from monitoring.log_output import AS_BEFORE_SETTINGS, configure_logging
from monitoring.sanic_app import watch

PROCESS = "actions"
LOOPBACK = "127.0.0.1"
LARGEST_REQUEST_BYTES = 5_000_000
logger = logging.getLogger(__name__)


def make_app(metrics_token: str = "") -> Sanic:
    """The server with every action of this package registered; the token opens `/metrics` besides loopback."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app = Sanic("milia_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST_BYTES
    watch(app, metrics_token)
    app.add_route(_health, "/health", methods=["GET"])
    app.add_route(partial(_run_action, executor=executor), "/webhook", methods=["POST"], name="webhook")
    app.error_handler.add(Exception, _fault)
    return app


def _tell_the_staff(app: Sanic, settings: Settings) -> None:
    """Deliver the notices to the staff for as long as the server runs."""
    # Its mail and web clients take 11 MB, which a deployment that tells nobody need not have.
    from clinic.notices.loop import DeliveryLoop  # noqa: PLC0415

    loop = DeliveryLoop(engine(), settings)

    async def start(*_: object) -> None:
        loop.start()

    async def stop(*_: object) -> None:
        await asyncio.to_thread(loop.stop)

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")


async def _health(_request: Request) -> HTTPResponse:
    return response.json({"status": "ok"})


async def _run_action(request: Request, executor: ActionExecutor) -> HTTPResponse:
    call = request.json
    try:
        async with measured(call.get("next_action"), executor.actions):
            result = await executor.run(call)
    except ActionExecutionRejection as rejection:
        return response.json({"error": str(rejection), "action_name": rejection.action_name}, status=400)
    except ActionNotFoundException as missing:
        return response.json({"error": str(missing), "action_name": missing.action_name}, status=404)
    return response.json(result if result is not None else {"events": [], "responses": []})


async def _fault(request: Request, error: Exception) -> HTTPResponse:
    """Name the kind of fault and its place, never its message: that may hold what the visitor wrote."""
    if isinstance(error, SanicException):
        return response.json({"error": type(error).__name__}, status=error.status_code)
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place is not None else "unknown"
    logger.error("an action failed: %s at %s", type(error).__name__, where)
    return response.json({"error": type(error).__name__}, status=500)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(prog="python -m actions.serve", description="Run the action server on 127.0.0.1.")
    parser.parse_args(arguments)
    try:
        settings = load_settings()
    except SettingsError as error:
        configure_logging(PROCESS, AS_BEFORE_SETTINGS)
        logger.critical("the action server could not start: %s", error)
        return 1
    configure_logging(PROCESS, settings.monitoring)
    app = make_app(settings.monitoring.metrics_token)
    if settings.notice_targets:
        _tell_the_staff(app, settings)
    leave_out_what_is_loaded()
    app.run(host=LOOPBACK, port=settings.actions_port, access_log=False, motd=False, workers=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
