"""The console's cookies: the session's secret, a notice that the next page shows once, a name that it fills in once.

By `https` their names begin with `__Host-`, so that no other host or path can plant them (RFC 6265bis, 4.1.3.2).
SameSite is Lax and not Strict: with Strict a link in a mail to the staff would always lead to the login page. Changes
are guarded by the token and the Origin besides.
"""

from starlette.requests import Request
from starlette.responses import Response

from clinic.console_settings import ConsoleSettings
from console.page_notices import NOTICES

SESSION = "milia_console"
NOTICE = "milia_notice"
LOGIN_NAME = "milia_login_name"
NOTICE_SECONDS = 60


def session_secret_of(request: Request, settings: ConsoleSettings) -> str:
    """The secret that the browser sent; empty when it sent none."""
    return request.cookies.get(cookie_name(settings, SESSION), "")


def set_session(response: Response, settings: ConsoleSettings, secret: str) -> None:
    """Let the browser keep the secret until it is closed; the server ends the session by its own clock."""
    response.set_cookie(
        cookie_name(settings, SESSION), secret, path="/", secure=settings.is_https, httponly=True, samesite="lax"
    )


def clear_session(response: Response, settings: ConsoleSettings) -> None:
    """Let the browser forget the secret."""
    response.delete_cookie(
        cookie_name(settings, SESSION), path="/", secure=settings.is_https, httponly=True, samesite="lax"
    )


def notice_of(request: Request) -> str:
    """The text of the notice that is due, if any; what is not in the list of texts is never shown."""
    return NOTICES.get(request.cookies.get(NOTICE, ""), "")


def set_notice(response: Response, settings: ConsoleSettings, key: str) -> None:
    """Let the next page show a notice.

    Raises:
        KeyError: the key is not in the list of texts.
    """
    NOTICES[key]
    response.set_cookie(
        NOTICE, key, max_age=NOTICE_SECONDS, path="/", secure=settings.is_https, httponly=True, samesite="lax"
    )


def clear_notice(response: Response, settings: ConsoleSettings) -> None:
    """The notice was shown."""
    response.delete_cookie(NOTICE, path="/", secure=settings.is_https, httponly=True, samesite="lax")


def login_name_of(request: Request, settings: ConsoleSettings) -> str:
    """The name that the login form is to be filled with, unchecked; empty where there is none."""
    return request.cookies.get(cookie_name(settings, LOGIN_NAME), "")


def set_login_name(response: Response, settings: ConsoleSettings, name: str) -> None:
    """Let the login form be filled with a name, which would else stand in an address, and so in logs."""
    response.set_cookie(
        cookie_name(settings, LOGIN_NAME),
        name,
        max_age=NOTICE_SECONDS,
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )


def clear_login_name(response: Response, settings: ConsoleSettings) -> None:
    """The form was filled."""
    response.delete_cookie(
        cookie_name(settings, LOGIN_NAME), path="/", secure=settings.is_https, httponly=True, samesite="lax"
    )


def cookie_name(settings: ConsoleSettings, name: str) -> str:
    """The name as the browser has it."""
    return f"__Host-{name}" if settings.is_https else name
