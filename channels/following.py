"""Background work of the bot that goes on for as long as it serves: looking for what is newly in force."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TypeVar

from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

SECONDS_BETWEEN_LOOKS = 2.0
New = TypeVar("New")

logger = logging.getLogger(__name__)


async def keep_looking(find: Callable[[], New | None], take: Callable[[New], None], sought: str) -> None:
    """Look for what is new until cancelled. While the database does not answer, what was taken before stays.

    Args:
        find: looks for it, in a thread; None when nothing is new.
        take: takes what was found, in the thread of the event loop.
        sought: what is looked for, in the plural, for the log; it says once that the looks fail.
    """
    looks_fail = False
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        try:
            found = await asyncio.get_running_loop().run_in_executor(None, find)
        except SQLAlchemyError as error:
            if not looks_fail:
                logger.error("%s cannot be looked for: %s", sought, type(error).__name__)
            looks_fail = True
            continue
        looks_fail = False
        if found is not None:
            take(found)


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
