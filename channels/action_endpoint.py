"""The way to the action server: a short time limit, and faults that carry nothing of the conversation."""

import asyncio
import json
import logging
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from channels.turn_metrics import ACTIONS
from channels.turn_record import staged
from monitoring.request_ids import HEADER, current_request_id

SECONDS_FOR_AN_ACTION = 8.0
# Sanic ends a connection that was idle for 5 s (KEEP_ALIVE_TIMEOUT in sanic/config.py). One that it is about to end
# must not be used again: the request would be lost, and must not be sent twice.
SECONDS_OF_AN_IDLE_CONNECTION = 2.0
REJECTED = 400

logger = logging.getLogger(__name__)


class ActionServerError(RuntimeError):
    """The action server did not do what it was asked; the message names the kind of fault only."""


class _Lent:
    """A client session that whoever borrows it does not close."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *exception: object) -> None:
        return None


class ActionEndpoint(EndpointConfig):
    """Keeps its connections, where Rasa's endpoint makes one for each request and waits 300 s for its answer.

    The errors of Rasa's hold the whole conversation as the server sent it back; these do not.
    """

    _kept: aiohttp.ClientSession | None = None

    def session(self) -> Any:
        """The client session of the process, for `async with`, which leaves it open."""
        if self._kept is None or self._kept.closed:
            connector = aiohttp.TCPConnector(keepalive_timeout=SECONDS_OF_AN_IDLE_CONNECTION)
            self._kept = aiohttp.ClientSession(headers=self.headers, connector=connector)
        return _Lent(self._kept)

    async def close(self) -> None:
        """End the connections; the next request makes new ones."""
        if self._kept is not None:
            await self._kept.close()
            self._kept = None

    @staged(ACTIONS)
    async def request(self, method: str = "post", **keywords: Any) -> Any:
        """Send one request and return its JSON.

        Raises:
            rasa.utils.endpoints.ClientResponseError: the action rejected its execution (status 400).
            ActionServerError: anything else went wrong.
        """
        limits = aiohttp.ClientTimeout(total=SECONDS_FOR_AN_ACTION)
        try:
            return await super().request(method, **{**keywords, "timeout": limits, "headers": _headers()})
        except ClientResponseError as error:
            if error.status == REJECTED:
                raise _without_conversation(error) from None
            raise _reported(f"status {error.status}") from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise _reported(type(error).__name__) from None


def _headers() -> dict[str, str]:
    """The id of the visitor's request, so that the action server's lines carry it as well."""
    request_id = current_request_id()
    return {HEADER: request_id} if request_id else {}


def _reported(kind: str) -> ActionServerError:
    # Rasa swallows what an action raises and goes on, so the operator's line is written here.
    logger.error("the action server did not answer as it should: %s", kind)
    return ActionServerError(kind)


def _without_conversation(error: ClientResponseError) -> Exception:
    try:
        name = json.loads(error.text)["action_name"]
    except (ValueError, KeyError, TypeError):
        return _reported(f"status {REJECTED}")
    return ClientResponseError(REJECTED, "rejected", json.dumps({"action_name": name, "error": None}))
