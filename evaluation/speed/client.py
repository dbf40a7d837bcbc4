"""A visitor of the web channel, on the thinnest HTTP client that will do: what it costs is not the assistant's time."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from evaluation.instance_processes import HOST

SECONDS_TO_ANSWER = 30.0
CREATED, OK = 201, 200


class MeasurementError(RuntimeError):
    """What was to be measured did not happen; the message is meant for whoever runs the command."""


@dataclass(frozen=True)
class Answer:
    """An answered message; `seconds` runs from sending it until the whole answer is there."""

    seconds: float
    messages: list[dict[str, Any]]

    @property
    def from_facts(self) -> bool:
        """Whether the answer rests on the clinic's facts, as the answer to a question about milia does."""
        return any(message["source"] for message in self.messages)

    @property
    def choices(self) -> list[str]:
        """The ids of the choices that are offered."""
        return [choice["id"] for message in self.messages for choice in message["choices"]]


class Connection:
    """One kept-alive HTTP/1.1 connection to the bot (RFC 9112), for one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: dict[str, Any] | None, token: str | None = None) -> tuple[int, Any]:
        """Send JSON and return the status and the JSON of the answer.

        Raises:
            OSError: there is no connection to be had, or it was cut twice.
            MeasurementError: the answer is not what the web channel sends, or there is none within 30 s.
        """
        request = _request(path, body, token)
        try:
            return await asyncio.wait_for(self._exchange(request), SECONDS_TO_ANSWER)
        except asyncio.TimeoutError as error:
            self.close()
            raise MeasurementError(f"The bot did not answer within {SECONDS_TO_ANSWER:g} s.") from error

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _exchange(self, request: bytes) -> tuple[int, Any]:
        try:
            return await self._send_and_read(request)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The bot closes a connection that was idle for some seconds, maybe just as it was used again. Sending again
            # is safe: a message that did arrive has the same id and is answered once.
            self.close()
        try:
            return await self._send_and_read(request)
        except asyncio.IncompleteReadError as error:
            raise ConnectionResetError("the bot hung up in the middle of an answer") from error

    async def _send_and_read(self, request: bytes) -> tuple[int, Any]:
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection(HOST, self._port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        body = await self._reader.readexactly(_length(head))
        return int(head.split(b" ", 2)[1]), json.loads(body) if body else None


class Visitor:
    """One conversation."""

    def __init__(self, port: int) -> None:
        self._connection = Connection(port)
        self._token = ""
        self._sent = 0

    async def open_session(self) -> None:
        """Begin the conversation.

        Raises:
            MeasurementError: the bot refused.
            OSError: it does not answer.
        """
        status, body = await self._connection.post("/webhooks/web/sessions", None)
        if status != CREATED:
            raise MeasurementError(f"The bot answered {status} to a new session.")
        self._token = body["token"]

    async def say(self, text: str) -> Answer:
        """Send a typed message.

        Raises:
            MeasurementError: the bot refused or failed.
            OSError: it does not answer.
        """
        return await self._send({"text": text})

    async def choose(self, choice: str) -> Answer:
        """Send a choice that was offered; errors as for `say`."""
        return await self._send({"choice": choice})

    def leave(self) -> None:
        """Hang up; the conversation stays."""
        self._connection.close()

    async def _send(self, content: dict[str, str]) -> Answer:
        self._sent += 1
        began = time.perf_counter()
        message = {"id": f"m{self._sent}", **content}
        status, body = await self._connection.post("/webhooks/web/messages", message, self._token)
        seconds = time.perf_counter() - began
        if status != OK:
            raise MeasurementError(f"The bot answered {status} to a message.")
        return Answer(seconds, body["messages"])


@asynccontextmanager
async def new_visitors(port: int, count: int) -> AsyncIterator[list[Visitor]]:
    """Visitors with an open session each, who hang up in the end.

    Raises:
        MeasurementError: the bot refused a session.
        OSError: it does not answer.
    """
    visitors = [Visitor(port) for _ in range(count)]
    try:
        for visitor in visitors:
            await visitor.open_session()
        yield visitors
    finally:
        for visitor in visitors:
            visitor.leave()


@asynccontextmanager
async def new_visitor(port: int) -> AsyncIterator[Visitor]:
    """One such visitor."""
    async with new_visitors(port, 1) as (visitor,):
        yield visitor


def _request(path: str, body: dict[str, Any] | None, token: str | None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode("utf-8")
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(content)}"]
    lines += ["Content-Type: application/json"] if content else []
    lines += [f"Authorization: Bearer {token}"] if token else []
    return "\r\n".join([*lines, "", ""]).encode("ascii") + content


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise MeasurementError("The bot sent an answer without a length.")
