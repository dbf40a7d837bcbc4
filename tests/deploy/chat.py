"""A visitor who does what the widget does: a message that was not answered is sent again under the same id."""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx

SECONDS_TO_BE_ANSWERED = 60.0
SECONDS_BETWEEN_TRIES = 0.2
NOT_ANSWERED_YET = frozenset({502, 503, 504})

Messages = list[dict[str, Any]]


@dataclass
class Chat:
    """One conversation through a client, which may be the proxy's or a worker's own."""

    client: httpx.Client
    token: str
    answered: dict[str, Messages] = field(default_factory=dict)
    """What was said to each message id."""
    repeats: int = 0
    """How often a message had to be sent again."""

    @classmethod
    def begun(cls, client: httpx.Client) -> "Chat":
        opened = client.post("/webhooks/web/sessions")
        assert opened.status_code == 201, opened.text
        return cls(client, opened.json()["token"])

    def through(self, client: httpx.Client) -> "Chat":
        """The same conversation by another way."""
        return Chat(client, self.token, self.answered)

    def post(self, message_id: str, **content: str) -> httpx.Response:
        """Send a message once."""
        return self.client.post(
            "/webhooks/web/messages",
            json={"id": message_id, **content},
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def say(self, message_id: str, **content: str) -> Messages:
        """Send a message until it is answered, and say what the answer was."""
        deadline = time.monotonic() + SECONDS_TO_BE_ANSWERED
        while time.monotonic() < deadline:
            response = self._tried(message_id, content)
            if response is not None and response.status_code == 200:
                self.answered[message_id] = response.json()["messages"]
                return self.answered[message_id]
            assert response is None or response.status_code in NOT_ANSWERED_YET, response.text
            self.repeats += 1
            time.sleep(SECONDS_BETWEEN_TRIES)
        raise AssertionError(f"message {message_id} was not answered")

    def entries(self) -> Messages:
        """The conversation as the visitor sees it."""
        shown = self.client.get("/webhooks/web/messages", headers={"Authorization": f"Bearer {self.token}"})
        assert shown.status_code == 200, shown.text
        entries: Messages = shown.json()["messages"]
        return entries

    def _tried(self, message_id: str, content: dict[str, str]) -> httpx.Response | None:
        try:
            return self.post(message_id, **content)
        except httpx.TransportError:
            return None
