"""A stand-in for the bot's web channel that notes what it is sent, and misbehaves where a test wants it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


def from_facts(_message: Message) -> list[Message]:
    return [{"text": "They are small cysts.", "choices": [], "source": {"title": "x", "facts": ["M1"]}}]


@dataclass
class StandInBot:
    """`answer` makes the messages of an answer. `hang_ups` requests are taken and never answered."""

    answer: Callable[[Message], list[Message]] = from_facts
    status: int = 200
    hang_ups: int = 0
    closes_after_each: bool = False
    with_length: bool = True
    port: int = 0
    sessions: int = 0
    received: list[tuple[str, Message]] = field(default_factory=list)

    def texts_of(self, session: int) -> list[str]:
        return [message["text"] for token, message in self.received if token == f"token{session}"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one_request(reader, writer) and not self.closes_after_each:
                pass
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def _one_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(headers["content-length"]))
        if head[0].startswith("POST /webhooks/web/sessions "):
            self.sessions += 1
            return self._reply(writer, 201, {"token": f"token{self.sessions}", "messages": []})
        self.received.append((headers["authorization"].removeprefix("Bearer "), json.loads(body)))
        if self.hang_ups:
            self.hang_ups -= 1
            return False
        return self._reply(writer, self.status, {"messages": self.answer(json.loads(body))})

    def _reply(self, writer: asyncio.StreamWriter, status: int, content: Any) -> bool:
        body = json.dumps(content).encode("utf-8")
        length = f"content-length: {len(body)}\r\n" if self.with_length else ""
        writer.write(f"HTTP/1.1 {status} x\r\n{length}\r\n".encode("ascii") + body)
        return True


@asynccontextmanager
async def running(bot: StandInBot) -> AsyncIterator[StandInBot]:
    """The stand-in on a port of its own."""
    server = await asyncio.start_server(bot.serve, "127.0.0.1", 0)
    bot.port = server.sockets[0].getsockname()[1]
    async with server:
        yield bot
