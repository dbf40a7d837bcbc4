"""Background work of the bot that goes on for as long as it serves, such as looking for what is newly in force."""

import asyncio
from collections.abc import Callable, Coroutine

from sanic import Sanic


def follow_while_serving(app: Sanic, follow: Callable[[], Coroutine[object, object, None]]) -> None:
    """Begin with the server, and cancel before it stops; `follow` goes on until it is cancelled."""
    tasks: list[asyncio.Future[None]] = []

    async def start(_app: Sanic, _loop: object) -> None:
        tasks.append(asyncio.ensure_future(follow()))

    async def stop(_app: Sanic, _loop: object) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "before_server_stop")
