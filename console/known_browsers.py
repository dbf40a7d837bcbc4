"""Browsers in which somebody has logged in before. Their tries to log in are counted apart from everybody else's.

So whoever guesses at a name, from any number of addresses, slows down strangers alone, and locks nobody out who works
here. See https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies.
"""

import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from clinic.settings import Settings
from console.cookies import cookie_name
from console.keys import keyed_digest

KNOWN = "milia_known_"
PURPOSE = "known-browser"
SECONDS = 180 * 24 * 3600
ID_BYTES = 16


def mark_browser(response: Response, settings: Settings, name: str) -> None:
    """Let the browser keep that the account with this name has logged in here; each account has a cookie of its own."""
    identity = secrets.token_hex(ID_BYTES)
    response.set_cookie(
        _cookie(settings, name),
        f"{identity}.{_signature(settings, name, identity)}",
        max_age=SECONDS,
        path="/",
        secure=settings.console.is_https,
        httponly=True,
        samesite="lax",
    )


def known_browser(request: Request, settings: Settings, name: str) -> str:
    """What tells the browser from others in which the account has logged in; empty where it has not."""
    identity, _, signature = request.cookies.get(_cookie(settings, name), "").partition(".")
    is_ours = hmac.compare_digest(signature.encode(), _signature(settings, name, identity).encode())
    return identity if is_ours else ""


def _cookie(settings: Settings, name: str) -> str:
    return cookie_name(settings.console, KNOWN + keyed_digest(settings.secret_key, "known-browser-cookie", name)[:16])


def _signature(settings: Settings, name: str, identity: str) -> str:
    return keyed_digest(settings.secret_key, PURPOSE, f"{name} {identity}")
