"""Logging in and out."""

import math

from starlette.responses import Response

from clinic.database import transaction
from console.cookies import clear_login_name, clear_session, login_name_of, set_session
from console.known_browsers import known_browser, mark_browser
from console.login import LoginBlockedError, LoginRefusedError, LoginTry, log_in
from console.roles import EVERYBODY
from console.routing import ConsoleRoute, PublicRoute
from console.sessions import csrf_token, end_session, find_session
from console.staff import StaffError, checked_name
from console.unsent import SEALED_FIELD, unseal
from console.visit import PublicVisit, Visit

LOGIN = "/login"
START = "/"
UNAUTHORIZED = 401
REFUSED = "This does not fit. Check the name, the password and, if you use one, the code from your phone."
LONGEST_FIELD = 200


def show_login(visit: PublicVisit) -> Response:
    """The login form; filled with the login name for who has just chosen a password by a link."""
    response = _form(visit, visit.query.get("next", ""), name=_name_to_fill_in(visit))
    if login_name_of(visit.request, visit.settings.console):
        clear_login_name(response, visit.settings.console)
    return response


def take_login(visit: PublicVisit) -> Response:
    """Check what was typed and begin a session."""
    typed = {name: str(visit.form.get(name, ""))[:LONGEST_FIELD] for name in ("name", "password", "code")}
    name = typed["name"].strip().lower()
    target = str(visit.form.get("next", ""))
    sealed = str(visit.form.get(SEALED_FIELD, ""))
    browser = known_browser(visit.request, visit.settings, name)
    attempt = LoginTry(name, typed["password"], typed["code"], visit.address, browser)
    try:
        secret = log_in(visit.engine, visit.settings, attempt)
    except LoginRefusedError:
        return _form(visit, target, status=403, name=name, problem=REFUSED, sealed=sealed)
    except LoginBlockedError as blocked:
        minutes = math.ceil(blocked.seconds / 60)
        words = f"There were too many tries. Please try again in {minutes} minute{'' if minutes == 1 else 's'}."
        response = _form(visit, target, status=429, name=name, problem=words, sealed=sealed)
        response.headers["Retry-After"] = str(blocked.seconds)
        return response
    response = _after_login(visit, secret, sealed) if sealed else visit.redirect(own_path(target))
    set_session(response, visit.settings.console, secret)
    mark_browser(response, visit.settings, name)
    return response


def log_out(visit: Visit) -> Response:
    """End the session on the server, whatever the browser does with its cookie."""
    with transaction(visit.engine) as session:
        end_session(session, visit.session_digest, visit.account.id)
    response = visit.redirect(LOGIN, notice="logged_out")
    clear_session(response, visit.settings.console)
    return response


def own_path(target: str) -> str:
    """Where to go after logging in: a path of the console and nothing else, so that no link leads to a foreign site."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\", "/login"))
    return target if is_path and target.isprintable() and "\\" not in target else START


def ask_to_log_in(visit: PublicVisit, target: str, sealed: str) -> Response:
    """The login form in answer to a form that came without a session, with what was typed, sealed."""
    return _form(visit, target, status=UNAUTHORIZED, sealed=sealed)


def _name_to_fill_in(visit: PublicVisit) -> str:
    try:
        return checked_name(login_name_of(visit.request, visit.settings.console))
    except StaffError:
        return ""


def _after_login(visit: PublicVisit, secret: str, sealed: str) -> Response:
    """The way back to a form that was not saved; only for the person who typed it."""
    key = visit.settings.secret_key
    found = find_session(visit.engine, visit.settings.console, secret, is_activity=True)
    unsent = unseal(key, found.account.id, sealed) if found else None
    if found is None or unsent is None:
        return visit.redirect(START, notice="unsent_of_other")
    return visit.page("unsent.html", unsent=unsent, csrf=csrf_token(key, found.digest))


def _form(visit: PublicVisit, target: str, *, status: int = 200, **filled: str) -> Response:
    """The form; `filled` are what stands in it: `name`, `problem`, and a `sealed` form that could not be saved."""
    context = {"name": "", "problem": "", "sealed": "", **filled}
    return visit.page("login.html", status=status, next=own_path(target), **context)


PUBLIC_ROUTES = (
    PublicRoute(LOGIN, "GET", show_login),
    PublicRoute(LOGIN, "POST", take_login),
)
ROUTES = (ConsoleRoute("/logout", "POST", log_out, EVERYBODY, "logout"),)
