"""Health of the bot's process: /health/live when it runs, /health/ready when a visitor can be helped."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urljoin

import aiohttp
from rasa.core.channels.channel import InputChannel, UserMessage
from redis.exceptions import RedisError
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy.exc import SQLAlchemyError

from channels.model_changes import ModelChanges
from channels.services import Services, services_of
from channels.shared_locks import SharedLockStore
from channels.typed_text import parse_typed_text
from clinic.database_writes import takes_writes
from clinic.encryption.known_keys import lacking_keys
from clinic.topics import topics

SECONDS_TO_KEEP = 2.0
SECONDS_FOR_ACTIONS = 2.0


@dataclass(frozen=True)
class Readiness:
    """Which parts work: `understanding`, `database`, `encryption`, `actions` and `locks`."""

    parts: dict[str, bool]
    checked_at: float

    @property
    def is_ready(self) -> bool:
        """Whether all of them do."""
        return all(self.parts.values())

    @property
    def is_fresh(self) -> bool:
        """Whether the check is recent enough to be used again."""
        return time.monotonic() - self.checked_at < SECONDS_TO_KEEP


class HealthChannel(InputChannel):
    """Two routes that orchestrators ask. Being a channel is how Rasa lets a class of ours have routes."""

    def __init__(self) -> None:
        self._latest: Readiness | None = None
        self._checking: asyncio.Lock | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "health"

    def url_prefix(self) -> str:
        """An absolute path, which Rasa's urljoin puts in place of /webhooks/."""
        return "/health"

    def blueprint(self, _on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        routes = Blueprint("health_channel")
        # Sanic sets attributes on handlers, which a method does not take and a partial does.
        routes.add_route(partial(self._live), "/live", methods=["GET"], name="live")
        routes.add_route(partial(self._ready), "/ready", methods=["GET"], name="ready")
        return routes

    async def _live(self, request: Request) -> HTTPResponse:
        # Sanic answers while it still begins (`_serve_http_1` in sanic/server/runners.py), and a wish to stop is lost
        # then: nobody may think that this process runs before it can be stopped.
        if not request.app.ctx.has_started:
            return json({"status": "starting"}, status=503)
        return json({"status": "live"})

    async def _ready(self, request: Request) -> HTTPResponse:
        readiness = await self._readiness(services_of(request))
        failing = [part for part, works in readiness.parts.items() if not works]
        status = "ready" if readiness.is_ready else "not ready"
        services = services_of(request)
        body = {
            "status": status,
            "failing": failing,
            **_models(services.model_changes),
            "content": services.content.version,
        }
        return json(body, status=200 if readiness.is_ready else 503)

    async def _readiness(self, services: Services) -> Readiness:
        self._checking = self._checking or asyncio.Lock()
        async with self._checking:
            if self._latest is None or not self._latest.is_fresh:
                self._latest = await _check(services)
            return self._latest


def _models(changes: ModelChanges) -> dict[str, str]:
    """The model in force, and one that was promoted and could not be taken."""
    return {"model": changes.model, **({"model_refused": changes.refused} if changes.refused else {})}


async def _check(services: Services) -> Readiness:
    parts = {
        "understanding": await _understands(services),
        "database": await asyncio.to_thread(_database_keeps, services),
        "encryption": await asyncio.to_thread(_values_can_be_read, services),
        "actions": await _actions_answer(services),
        "locks": await asyncio.to_thread(_locks_answer, services),
    }
    return Readiness(parts, time.monotonic())


async def _understands(services: Services) -> bool:
    question, label = topics()[0].simplest_question
    parse_data = await parse_typed_text(services.agent, question)
    return bool(parse_data.get("understanding", {}).get("label") == label)


def _database_keeps(services: Services) -> bool:
    try:
        return takes_writes(services.engine)
    except SQLAlchemyError:
        return False


def _values_can_be_read(services: Services) -> bool:
    """Whether this process has the keys that stored values need; a database that does not answer is another part."""
    try:
        return not lacking_keys(services.engine)
    except SQLAlchemyError:
        return True


def _locks_answer(services: Services) -> bool:
    """Whether Redis does, where several bots share locks there; one bot alone keeps them to itself."""
    if not isinstance(services.lock_store, SharedLockStore):
        return True
    try:
        return bool(services.lock_store.red.ping())
    except RedisError:
        return False


async def _actions_answer(services: Services) -> bool:
    limits = aiohttp.ClientTimeout(total=SECONDS_FOR_ACTIONS)
    address = urljoin(services.settings.actions_url, "/health")
    try:
        async with aiohttp.ClientSession(timeout=limits) as session, session.get(address) as response:
            return response.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return False
