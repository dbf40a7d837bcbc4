"""A conversation on the website, by the web channel's own contract (docs/web-channel.md)."""

import asyncio
import base64
import json
import time
from typing import Any

import aiohttp

from evaluation.soak.talk import (
    FAILED_WORDING,
    HELP_WORDING,
    LONGEST_BETWEEN_TRIES,
    SECONDS_BETWEEN_TRIES,
    Asked,
    Talk,
)

CREATED, OK, UNAVAILABLE = 201, 200, 503
NOT_THERE = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


class WebTalk(Talk):
    """Opens a session of its own."""

    channel = "web"

    def __init__(self, http: aiohttp.ClientSession, url: str, marker: str, phone: str, patience: float) -> None:
        """Say nothing yet; `url` is the bot's, without a closing slash."""
        super().__init__(marker, phone, patience)
        self._http = http
        self._web = f"{url}/webhooks/web"
        self.token = ""

    async def open(self) -> None:
        """Ask for a session until there is one.

        Raises:
            evaluation.soak.talk.AbandonedError: there is none to be had.
        """
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            self.tries_to_begin += 1
            try:
                async with self._http.post(f"{self._web}/sessions", json={}) as response:
                    if response.status == CREATED:
                        self.token = str((await response.json())["token"])
                        self.conversation_id = session_of(self.token)
                        return
                    if response.status != UNAVAILABLE:
                        raise self.give_up(f"web: a session was refused with status {response.status}")
            except NOT_THERE:
                pass
            await asyncio.sleep(min(SECONDS_BETWEEN_TRIES * self.tries_to_begin, LONGEST_BETWEEN_TRIES))
        raise self.give_up(f"web: no session for {self.patience:g} s")

    async def deliver(self, asked: Asked) -> str | None:
        """As in `Talk`."""
        body = {"id": asked.message_id, "text": asked.text}
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            async with self._http.post(f"{self._web}/messages", json=body, headers=headers) as response:
                content = await response.json()
        except NOT_THERE:
            return None
        if response.status == OK:
            return as_text(content["messages"])
        wording = str(content["error"]["message"])
        if response.status != UNAVAILABLE:
            raise self.give_up(f"web: a message was refused with status {response.status}: {wording}")
        asked.refusals.append(wording)
        if FAILED_WORDING not in wording and HELP_WORDING not in wording:
            self.problems.append(f"web: a refusal does not say what it means: {wording}")
        return None


def as_text(messages: list[dict[str, Any]]) -> str:
    """All messages of an answer in one string."""
    return " ".join(str(message["text"]) for message in messages)


def session_of(token: str) -> str:
    """The session's id, which stands in clear in its token (itsdangerous: payload, time and signature)."""
    payload = token.split(".", 1)[0]
    return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
