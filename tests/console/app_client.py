"""A client of the console's application that needs no server: requests run on one event loop in a thread."""

import asyncio
import re
import threading
from typing import Any

import httpx
from starlette.types import ASGIApp

ORIGIN = "http://127.0.0.1:8000"
SESSION_COOKIE = "milia_console"
CSRF_FIELD = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class EventLoopThread:
    """One event loop for all clients, apart from the thread of the tests, where Playwright may have its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


class AppTransport(httpx.BaseTransport):
    """Hands requests to the application, which runs on the event loop's thread."""

    def __init__(self, app: ASGIApp, thread: EventLoopThread) -> None:
        # An error is logged and answered by the application; what it raises afterwards is for the server's log.
        self._transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._loop = thread.loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._answer(request), self._loop).result(timeout=60)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        content = await answer.aread()
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() != b"content-encoding"]
        return httpx.Response(answer.status_code, headers=headers, content=content, request=request)


class ConsoleClient(httpx.Client):
    """A browser without scripts: keeps cookies, does not follow redirects, sends Origin with each POST."""

    name = ""
    """The name of the account that is logged in."""
    csrf = ""

    def __init__(self, app: ASGIApp, thread: EventLoopThread) -> None:
        super().__init__(transport=AppTransport(app, thread), base_url=ORIGIN)

    def post(self, url: Any, data: Any = None, **options: Any) -> httpx.Response:
        """Send a form with the session's token, unless `data` has one."""
        headers = {"Origin": ORIGIN, **(options.pop("headers", None) or {})}
        fields = {"csrf": self.csrf, **(data or {})}
        return super().post(url, data=fields, headers=headers, **options)

    def post_raw(self, url: str, data: Any = None, **headers: str) -> httpx.Response:
        """Send a form as it is given: no token and no Origin but these."""
        return super().post(url, data=data, headers=headers)


def csrf_in(page: httpx.Response) -> str:
    """The token in a page's first form."""
    found = CSRF_FIELD.search(page.text)
    assert found, "the page has no form"
    return found.group(1)
