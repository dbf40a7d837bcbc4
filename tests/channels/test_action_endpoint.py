"""The connections to the action server: kept while they are of use, and never one that may be gone."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from channels import action_endpoint
from channels.action_endpoint import ActionEndpoint, ActionServerError

REPLY = json.dumps({"events": [], "responses": []}).encode()


class KeepingServer:
    """Answers any number of requests on a connection, as Sanic does, and counts both."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests = 0
        self.port = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                self.requests += 1
                size = str(len(REPLY)).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + size)
                writer.write(b"\r\n\r\n" + REPLY)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()


@pytest.fixture
async def server() -> AsyncIterator[KeepingServer]:
    server = KeepingServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def endpoint(server: KeepingServer) -> AsyncIterator[ActionEndpoint]:
    endpoint = ActionEndpoint(f"http://127.0.0.1:{server.port}/webhook")
    yield endpoint
    await endpoint.close()


async def call(endpoint: ActionEndpoint) -> Any:
    return await endpoint.request(json={"next_action": "action_answer"})


async def test_one_connection_serves_one_request_after_another(endpoint: ActionEndpoint, server: KeepingServer) -> None:
    for _ in range(5):
        assert await call(endpoint) == {"events": [], "responses": []}
    assert (server.requests, server.connections) == (5, 1)


async def test_requests_at_once_do_not_wait_for_one_another(endpoint: ActionEndpoint, server: KeepingServer) -> None:
    await asyncio.gather(*(call(endpoint) for _ in range(4)))
    assert server.requests == 4
    assert server.connections > 1


async def test_a_connection_that_was_idle_is_not_used_again(
    endpoint: ActionEndpoint, server: KeepingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_endpoint, "SECONDS_OF_AN_IDLE_CONNECTION", 0.05)
    await call(endpoint)
    await asyncio.sleep(0.2)
    await call(endpoint)
    assert (server.requests, server.connections) == (2, 2)


async def test_a_restarted_action_server_answers_the_next_request(
    endpoint: ActionEndpoint, server: KeepingServer
) -> None:
    await call(endpoint)
    await server.stop()
    with pytest.raises(ActionServerError):
        await call(endpoint)
    await server.start()
    assert await call(endpoint) == {"events": [], "responses": []}


async def test_after_its_end_it_can_begin_again(endpoint: ActionEndpoint, server: KeepingServer) -> None:
    await call(endpoint)
    await endpoint.close()
    await call(endpoint)
    assert server.connections == 2
