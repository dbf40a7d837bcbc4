"""What monitoring may ask the bot: its own metrics, and those of its action server, which nobody else reaches."""

import asyncio
from functools import partial
from urllib.parse import urljoin

import aiohttp
from prometheus_client import CollectorRegistry
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from channels.model_metrics import ModelMetrics
from channels.services import Services
from monitoring.checks import registry_of
from monitoring.database_check import NAME, database_question
from monitoring.exposition import CONTENT_TYPE, PATH
from monitoring.sanic_app import require_metrics_reader, watch

ACTIONS_PATH = f"{PATH}/actions"
SECONDS_FOR_ACTIONS = 2.0
AWAY = 502


def watch_bot(app: Sanic, services: Services) -> None:
    """Watch the bot's application; call it before other middleware is registered."""
    models = CollectorRegistry()
    models.register(ModelMetrics(services.agent, services.model_changes))
    checks = registry_of({NAME: database_question(services.engine)})
    watch(app, services.settings.monitoring.metrics_token, (models, checks))
    app.add_route(partial(_show_actions, services=services), ACTIONS_PATH, methods=["GET"], name="metrics_of_actions")


async def _show_actions(request: Request, services: Services) -> HTTPResponse:
    """The metrics of the action server; status 502, by which a scraper calls it down, when it does not answer."""
    require_metrics_reader(request, services.settings.monitoring.metrics_token)
    limits = aiohttp.ClientTimeout(total=SECONDS_FOR_ACTIONS)
    address = urljoin(services.settings.actions_url, PATH)
    try:
        async with aiohttp.ClientSession(timeout=limits) as session, session.get(address) as response:
            if response.status == 200:
                return raw(await response.read(), content_type=CONTENT_TYPE)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        # What is wrong with it, the line of the next failed action says.
        pass
    return empty(status=AWAY)
