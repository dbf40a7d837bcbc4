"""The smallest channel there is (docs/adding-a-channel.md): a program of the same building posts JSON and gets JSON.

POST /webhooks/echo/messages  {"id": "m1", "from": "anna", "text": "what are milia"}  ->  {"texts": ["Milia are ..."]}
"""

import hmac
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from channels.output import TURN_FAILED_RESPONSE
from channels.services import services_of
from channels.turn import TurnNotKeptError
from conversations.turns import ClaimLostError, MessageIdReusedError

CHANNEL = "echo"
LONGEST_TEXT = 2000


class EchoChannel(InputChannel):
    """Takes messages from whoever has the secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "EchoChannel":
        return cls(str((credentials or {})["secret"]))

    def blueprint(self, _on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("echo_channel")
        routes.add_route(partial(self._answer), "/messages", methods=["POST"], name="answer_echo")
        return routes

    async def _answer(self, request: Request) -> HTTPResponse:
        # 1. Who sends it is checked before anything is read.
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self._secret}"):
            return json({"error": "unauthorized"}, status=401)
        # 2. What is sent is checked before anything is done.
        body = request.json
        fields = [body.get(name) for name in ("id", "from", "text")] if isinstance(body, dict) else []
        if len(fields) != 3 or not all(isinstance(each, str) and 0 < len(each) <= LONGEST_TEXT for each in fields):
            return json({"error": "id, from and text are needed"}, status=400)
        message_id, sender, text = (str(each) for each in fields)
        # 3. The turn is the same for every channel.
        return await _answered(request, f"{CHANNEL}-{sender}", message_id, text)


async def _answered(request: Request, conversation_id: str, message_id: str, text: str) -> HTTPResponse:
    services = services_of(request)
    try:
        answer = await services.turns.run(conversation_id, CHANNEL, message_id, text=text)
    except TurnNotKeptError as not_kept:
        return json({"texts": [not_kept.wording]}, status=503)
    except MessageIdReusedError:
        return json({"error": "the id was used for another message"}, status=409)
    except ClaimLostError:
        return json({"texts": [services.responses.text(TURN_FAILED_RESPONSE, CHANNEL)]}, status=410)
    return json({"texts": [message["text"] for message in answer.messages]})
