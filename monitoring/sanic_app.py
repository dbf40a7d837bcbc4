"""Watching a Sanic application: request ids, counts of its requests, and `/metrics`."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

from prometheus_client import CollectorRegistry
from sanic import Sanic
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from monitoring.exposition import CONTENT_TYPE, PATH, render
from monitoring.http_metrics import NO_ROUTE, count_request
from monitoring.metric_access import may_read_metrics
from monitoring.request_ids import HEADER, begin_request


def watch(app: Sanic, token: str, others: Sequence[CollectorRegistry] = ()) -> None:
    """Watch an application; call it before other middleware is registered.

    Args:
        app: to be watched.
        token: the secret that opens `/metrics` to other machines; empty when there is none.
        others: what is shown at `/metrics` besides what the process counts.
    """
    app.register_middleware(_begin, "request")
    app.register_middleware(_end, "response")
    # Sanic sets attributes on handlers, which a partial takes.
    show = partial(_show, token=token, others=tuple(others))
    app.add_route(show, PATH, methods=["GET"], name="metrics")


def require_metrics_reader(request: Request, token: str) -> None:
    """Make sure that the metrics may be read.

    Raises:
        sanic.exceptions.NotFound: they may not; nobody else learns that they are there.
    """
    if not may_read_metrics(request.ip, dict(request.headers), token):
        raise NotFound("there is nothing here")


async def _begin(request: Request) -> None:
    # It is called a second time where the handler raises.
    if not hasattr(request.ctx, "began"):
        request.ctx.began = time.perf_counter()
        request.ctx.request_id = begin_request(request.headers.get(HEADER))


async def _end(request: Request, response: HTTPResponse) -> None:
    # A request that could not even be read has not begun.
    began = getattr(request.ctx, "began", None)
    if began is None:
        return
    response.headers[HEADER] = request.ctx.request_id
    route = f"/{request.route.path}" if request.route else NO_ROUTE
    count_request(route, request.method, response.status, time.perf_counter() - began)


async def _show(request: Request, token: str, others: Sequence[CollectorRegistry]) -> HTTPResponse:
    require_metrics_reader(request, token)
    # In a thread: what others hold may have to be waited for.
    return raw(await asyncio.to_thread(render, others), content_type=CONTENT_TYPE)
