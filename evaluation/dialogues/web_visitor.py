"""A visitor of the website. The contract is in docs/architecture.md and channels/web."""

import json
import uuid
from typing import Any

from evaluation.dialogues.dialogue_file import Turn
from evaluation.dialogues.exchange import Delivered, Response, UnplayableError, post

CREATED, OK, NO_CONTENT, UNAUTHORIZED = 201, 200, 204, 401


class WebVisitor:
    """One visitor, with one session after the other when a token has expired."""

    def __init__(self, port: int) -> None:
        """Open the chat.

        Raises:
            UnplayableError: the bot gives no session.
        """
        self._port = port
        self._token = ""
        self._message: dict[str, str] = {}
        self._on_offer: dict[str, str] = {}
        self.greeting = self._open_session()

    def send(self, turn: Turn, time_has_passed: bool) -> Delivered:
        """Send what the turn says.

        Args:
            turn: a message, a choice, or the message before once more.
            time_has_passed: whether the session may have expired, so that the visitor begins another one.

        Raises:
            UnplayableError: the choice is not on offer, or the bot does not answer.
        """
        self._message = self._next_message(turn)
        response = self._post_message()
        extra: dict[str, Any] = {}
        if response.status == UNAUTHORIZED and time_has_passed:
            extra = {"new_session": True, "greeting": self._open_session()}
            response = self._post_message()
        if response.status != OK:
            return Delivered(response.status, response.seconds, [], fault=_error_of(response), extra=extra)
        messages = json.loads(response.body)["messages"]
        self._on_offer = {choice["title"]: choice["id"] for message in messages for choice in message["choices"]}
        return Delivered(response.status, response.seconds, [_reply(message) for message in messages], extra=extra)

    def rate(self, helpful: bool) -> bool:
        """Say whether the last answer was helpful; False where there is nothing to rate.

        Raises:
            UnplayableError: the bot does not answer.
        """
        verdict = {"id": self._message["id"], "helpful": helpful}
        return self._post("/webhooks/web/feedback", verdict).status == NO_CONTENT

    def _next_message(self, turn: Turn) -> dict[str, str]:
        if turn.redelivery:
            return self._message if turn.text is None else {"id": self._message["id"], "text": turn.text}
        identifier = uuid.uuid4().hex
        if turn.choice is None:
            return {"id": identifier, "text": str(turn.text)}
        if turn.choice not in self._on_offer:
            offered = ", ".join(f"'{title}'" for title in self._on_offer) or "nothing"
            raise UnplayableError(f"The choice '{turn.choice}' is not on offer; on offer: {offered}.")
        return {"id": identifier, "choice": self._on_offer[turn.choice]}

    def _open_session(self) -> list[dict[str, Any]]:
        response = post(self._port, "/webhooks/web/sessions", b"", {})
        if response.status != CREATED:
            raise UnplayableError(f"The bot gave no session: {_error_of(response)}")
        session = json.loads(response.body)
        self._token = session["token"]
        return [_reply(message) for message in session["messages"]]

    def _post_message(self) -> Response:
        return self._post("/webhooks/web/messages", self._message)

    def _post(self, path: str, content: dict[str, Any]) -> Response:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        return post(self._port, path, json.dumps(content, ensure_ascii=False).encode("utf-8"), headers)


def _reply(message: dict[str, Any]) -> dict[str, Any]:
    titles = [choice["title"] for choice in message["choices"]]
    return {"text": message["text"], "choices": titles, "source": message["source"]}


def _error_of(response: Response) -> str:
    """What the visitor is told; the contract's errors are `{"error": {"code", "message"}}`."""
    try:
        error = json.loads(response.body)["error"]
        return f"status {response.status}, {error['code']}: {error['message']}"
    except (ValueError, KeyError, TypeError):
        return f"status {response.status}"
