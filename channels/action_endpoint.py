"""The way to the action server: a short time limit, and faults that carry nothing of the conversation."""

import asyncio
import json
import logging
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

SECONDS_FOR_AN_ACTION = 8.0
REJECTED = 400

logger = logging.getLogger(__name__)


class ActionServerError(RuntimeError):
    """The action server did not do what it was asked; the message names the kind of fault only."""


class ActionEndpoint(EndpointConfig):
    """Rasa's endpoint would wait 300 s, and its errors hold the whole conversation as the server sent it back."""

    async def request(self, method: str = "post", **keywords: Any) -> Any:
        """Send one request and return its JSON.

        Raises:
            rasa.utils.endpoints.ClientResponseError: the action rejected its execution (status 400).
            ActionServerError: anything else went wrong.
        """
        limits = aiohttp.ClientTimeout(total=SECONDS_FOR_AN_ACTION)
        try:
            return await super().request(method, **{**keywords, "timeout": limits})
        except ClientResponseError as error:
            if error.status == REJECTED:
                raise _without_conversation(error) from None
            raise _reported(f"status {error.status}") from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise _reported(type(error).__name__) from None


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
