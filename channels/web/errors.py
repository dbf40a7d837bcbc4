"""Refusals of the web channel: JSON `{"error": {"code", "message"}}`, with nothing but what is meant for a visitor."""

from typing import Any

from sanic.response import HTTPResponse, json


class RefusalError(Exception):
    """A request that is refused. `message` is shown to the visitor."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


def bad_request(code: str, message: str) -> RefusalError:
    """Status 400."""
    return RefusalError(400, code, message)


def unauthorized() -> RefusalError:
    """Status 401: no token, a bad or old one, or one of a session that has ended."""
    headers = {"WWW-Authenticate": "Bearer"}
    return RefusalError(401, "session_ended", "This chat has ended. Please start a new one.", headers)


def too_large(message: str) -> RefusalError:
    """Status 413."""
    return RefusalError(413, "too_large", message)


def too_many(seconds: int) -> RefusalError:
    """Status 429; `seconds` is how long to wait."""
    message = f"That was a lot at once. Please try again in {seconds} seconds. In an emergency, call 911."
    return RefusalError(429, "too_many_requests", message, {"Retry-After": str(seconds)})


def not_kept(wording: str) -> RefusalError:
    """Status 503; `wording` is the clinic's."""
    return RefusalError(503, "not_kept", wording, {"Retry-After": "5"})


def error_body(code: str, message: str) -> dict[str, Any]:
    """The JSON of an error."""
    return {"error": {"code": code, "message": message}}


def as_response(refusal: RefusalError) -> HTTPResponse:
    """The answer to a refused request."""
    body = error_body(refusal.code, refusal.message)
    return json(body, status=refusal.status, headers=refusal.headers, ensure_ascii=False)
