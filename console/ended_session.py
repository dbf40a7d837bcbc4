"""What somebody gets who is not logged in, or not any more: the login page, and the way back to where they were."""

from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.cookies import clear_session, set_notice
from console.login_page import LOGIN, ask_to_log_in
from console.sessions import account_of_token
from console.unsent import Unsent, seal
from console.visit import PublicVisit

UNAUTHORIZED = 401
SEE_OTHER = 303


def to_login(visit: PublicVisit, *, had_session: bool) -> Response:
    """The way to the login page; what was typed goes with it.

    Args:
        visit: the request.
        had_session: whether the browser sent the secret of a session.
    """
    unsent: Unsent | None = getattr(visit.request.state, "unsent", None)
    owner = account_of_token(visit.engine, visit.settings.secret_key, unsent.token) if unsent else None
    target = _wanted(visit.request, visit.settings.console.origins)
    if unsent and owner and not visit.is_fragment:
        response = ask_to_log_in(visit, target, seal(visit.settings.secret_key, owner, unsent))
        if had_session:
            clear_session(response, visit.settings.console)
        return response
    address = f"{LOGIN}?next={quote(target, safe='')}" if target else LOGIN
    if visit.is_fragment:
        response = Response(status_code=UNAUTHORIZED, headers={"HX-Redirect": address})
    else:
        response = RedirectResponse(address, status_code=SEE_OTHER)
    if had_session:
        clear_session(response, visit.settings.console)
        set_notice(response, visit.settings.console, "session_over")
    return response


def _wanted(request: Request, origins: tuple[str, ...]) -> str:
    """The path of the page where the person is or wants to be; empty for the first one, and where it is not known."""
    is_fragment = request.headers.get("HX-Request") == "true"
    if request.method == "GET" and not is_fragment:
        path, query = request.url.path, request.url.query
    else:
        shown = urlsplit(request.headers.get("HX-Current-URL" if is_fragment else "Referer", ""))
        if f"{shown.scheme}://{shown.netloc}" not in origins:
            return ""
        path, query = shown.path, shown.query
    wanted = path + (f"?{query}" if query else "")
    return "" if wanted == "/" else wanted
