"""Health of the console's process: /health/live when it runs, /health/ready when it can be worked with."""

from collections.abc import Callable

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clinic.database import answers
from clinic.encryption.known_keys import lacking_keys

Failing = Callable[[], list[str]]
"""The names of the parts of the background work that do not run."""


def health_routes(engine: Engine, failing: Failing, degraded: Failing = list) -> list[Route]:
    """The two routes that the launcher and orchestrators ask; they tell nothing but names of parts.

    What is only degraded, such as the purge of old data, is named and keeps nobody from working.
    """

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_request: Request) -> Response:
        parts = failing()
        if not await run_in_threadpool(_database_answers, engine):
            parts = ["database", *parts]
        elif not await run_in_threadpool(_values_can_be_read, engine):
            parts = ["encryption", *parts]
        body: dict[str, object] = {"status": "not ready" if parts else "ready", "failing": parts}
        if troubled := degraded():
            body["degraded"] = troubled
        return JSONResponse(body, status_code=503 if parts else 200)

    return [Route("/health/live", live), Route("/health/ready", ready)]


def _database_answers(engine: Engine) -> bool:
    try:
        return answers(engine)
    except SQLAlchemyError:
        return False


def _values_can_be_read(engine: Engine) -> bool:
    """Whether this process has the keys that stored values need."""
    try:
        return not lacking_keys(engine)
    except SQLAlchemyError:
        return False
