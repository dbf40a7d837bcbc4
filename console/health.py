"""Health of the console's process: /health/live when it runs, /health/ready when it can be worked with."""

from collections.abc import Callable

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clinic.database import answers

Failing = Callable[[], list[str]]
"""The names of the parts of the background work that do not run."""


def health_routes(engine: Engine, failing: Failing) -> list[Route]:
    """The two routes that the launcher and orchestrators ask; they tell nothing but names of parts."""

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_request: Request) -> Response:
        parts = failing()
        if not await run_in_threadpool(_database_answers, engine):
            parts = ["database", *parts]
        body = {"status": "not ready" if parts else "ready", "failing": parts}
        return JSONResponse(body, status_code=503 if parts else 200)

    return [Route("/health/live", live), Route("/health/ready", ready)]


def _database_answers(engine: Engine) -> bool:
    try:
        return answers(engine)
    except SQLAlchemyError:
        return False
