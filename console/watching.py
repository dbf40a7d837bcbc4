"""Watching the console's application: request ids, counts of its requests, and `/metrics`."""

import time
from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitoring.exposition import CONTENT_TYPE, PATH, render
from monitoring.http_metrics import NO_ROUTE, count_request
from monitoring.metric_access import may_read_metrics
from monitoring.request_ids import HEADER, begin_request


def templates_of(routes: Sequence[BaseRoute]) -> Mapping[object, str]:
    """The template of each route, by what answers it."""
    answering = [(route.endpoint, route.path) for route in routes if isinstance(route, Route)]
    return dict([*answering, *((route.app, route.path) for route in routes if isinstance(route, Mount))])


class Watched:
    """Wraps the application; scrapers need no host name that the console knows."""

    def __init__(
        self, app: ASGIApp, templates: Mapping[object, str], token: str, checks: Sequence[CollectorRegistry]
    ) -> None:
        self._app = app
        self._templates = templates
        self._token = token
        self._checks = tuple(checks)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = Headers(scope=scope)
        request_id = begin_request(headers.get(HEADER))
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            if scope["path"] == PATH:
                answer = await self._metrics(scope, headers)
                await answer(scope, receive, send_with_id)
            else:
                await self._app(scope, receive, send_with_id)
        finally:
            count_request(self._route_of(scope), scope["method"], status, time.perf_counter() - began)

    async def _metrics(self, scope: Scope, headers: Headers) -> Response:
        peer = scope["client"][0] if scope.get("client") else ""
        if scope["method"] != "GET" or not may_read_metrics(peer, headers, self._token):
            return PlainTextResponse("There is nothing here.", status_code=404)
        return Response(await run_in_threadpool(render, self._checks), media_type=CONTENT_TYPE)

    def _route_of(self, scope: Scope) -> str:
        if scope["path"] == PATH:
            return PATH
        return self._templates.get(scope.get("endpoint"), NO_ROUTE)
