"""A way to a server on which everything that comes back takes its time, as over a busy machine or network."""

import asyncio
from contextlib import suppress

from evaluation.instance import free_ports
from evaluation.instance_processes import HOST

CHUNK = 65_536


class SlowWay:
    """Use as an async context; `port` leads to the server at `target` once it is set."""

    def __init__(self) -> None:
        (self.port,) = free_ports(1)
        self.target = 0
        self.seconds = 0.0
        """How long an answer takes more than it would."""
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "SlowWay":
        self._server = await asyncio.start_server(self._take, HOST, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._pass_on(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers = [writer]
        try:
            with suppress(OSError):
                back_reader, back_writer = await asyncio.open_connection(HOST, self.target)
                writers.append(back_writer)
                there = self._copy(reader, back_writer, slowly=False)
                await asyncio.gather(there, self._copy(back_reader, writer, slowly=True))
        finally:
            for each in writers:
                each.close()
            for each in writers:
                with suppress(OSError):
                    await each.wait_closed()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slowly: bool) -> None:
        while chunk := await reader.read(CHUNK):
            if slowly:
                await asyncio.sleep(self.seconds)
            writer.write(chunk)
            await writer.drain()
        writer.close()
