"""Which websites may use the chat from a browser, answered without cookies and for the listed origins alone."""

from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse, empty

from channels.web.errors import RefusalError
from clinic.settings import Settings

PREFLIGHT_SECONDS = "600"
ANYBODY = "*"


class AllowedOrigins:
    """The origins of `ALLOWED_ORIGINS`, and the bot's own, which serves the demo page."""

    def __init__(self, settings: Settings) -> None:
        own = urlsplit(settings.public_url)
        self._origins = {*settings.allowed_origins, f"{own.scheme}://{own.netloc}"}

    def require(self, request: Request) -> None:
        """Refuse a request that a page of another site makes; a client that names no origin is no browser page.

        Raises:
            RefusalError: status 403.
        """
        origin = request.headers.get("origin")
        if origin is not None and origin not in self._origins:
            raise RefusalError(403, "foreign_origin", "This chat cannot be used from this website.")

    def preflight(self, request: Request) -> HTTPResponse:
        """The answer to a browser that asks what it may send (https://fetch.spec.whatwg.org/#http-cors-protocol)."""
        self.require(request)
        return empty(
            headers={
                "Access-Control-Allow-Methods": "GET, POST, DELETE",
                "Access-Control-Allow-Headers": "Authorization, Content-Type",
                "Access-Control-Max-Age": PREFLIGHT_SECONDS,
            }
        )

    async def mark(self, request: Request, response: HTTPResponse) -> None:
        """Let the browser show the response to the page when its origin is allowed.

        What anybody may load says so itself and is left as it is.
        """
        if response.headers.get("Access-Control-Allow-Origin") == ANYBODY:
            return
        origin = request.headers.get("origin")
        response.headers["Vary"] = "Origin"
        if origin in self._origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
