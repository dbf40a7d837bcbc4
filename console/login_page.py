"""Logging in and out."""

import math

from starlette.responses import Response

from clinic.database import transaction
from console.cookies import clear_session, set_session
from console.login import LoginBlockedError, LoginRefusedError, LoginTry, log_in
from console.roles import EVERYBODY
from console.routing import ConsoleRoute, PublicRoute
from console.sessions import end_session
from console.visit import PublicVisit, Visit

START = "/"
REFUSED = "This does not fit. Check the name, the password and, if you use one, the code from your phone."
LONGEST_FIELD = 200


def show_login(visit: PublicVisit) -> Response:
    """The login form."""
    return _form(visit, visit.query.get("next", ""))


def take_login(visit: PublicVisit) -> Response:
    """Check what was typed and begin a session."""
    typed = {name: str(visit.form.get(name, ""))[:LONGEST_FIELD] for name in ("name", "password", "code")}
    name = typed["name"].strip().lower()
    target = str(visit.form.get("next", ""))
    try:
        secret = log_in(visit.engine, visit.settings, LoginTry(name, typed["password"], typed["code"], visit.address))
    except LoginRefusedError:
        return _form(visit, target, name, REFUSED, status=403)
    except LoginBlockedError as blocked:
        minutes = math.ceil(blocked.seconds / 60)
        words = f"There were too many tries. Please try again in {minutes} minute{'' if minutes == 1 else 's'}."
        response = _form(visit, target, name, words, status=429)
        response.headers["Retry-After"] = str(blocked.seconds)
        return response
    response = visit.redirect(own_path(target))
    set_session(response, visit.settings.console, secret)
    return response


def log_out(visit: Visit) -> Response:
    """End the session on the server, whatever the browser does with its cookie."""
    with transaction(visit.engine) as session:
        end_session(session, visit.session_digest, visit.account.id)
    response = visit.redirect("/login", notice="logged_out")
    clear_session(response, visit.settings.console)
    return response


def own_path(target: str) -> str:
    """Where to go after logging in: a path of the console and nothing else, so that no link leads to a foreign site."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\", "/login"))
    return target if is_path and target.isprintable() and "\\" not in target else START


def _form(visit: PublicVisit, target: str, name: str = "", problem: str = "", status: int = 200) -> Response:
    return visit.page("login.html", status=status, next=own_path(target), name=name, problem=problem)


PUBLIC_ROUTES = (
    PublicRoute("/login", "GET", show_login),
    PublicRoute("/login", "POST", take_login),
)
ROUTES = (ConsoleRoute("/logout", "POST", log_out, EVERYBODY, "logout"),)
