"""The pages of one's own account."""

from starlette.responses import Response

from console.cookies import set_session
from console.own_account import (
    Asker,
    OwnAccountError,
    change_password,
    end_other_sessions,
    end_own_session,
    has_totp,
    opened_setup,
    own_sessions,
    sealed_setup,
    turn_totp_off,
    turn_totp_on,
)
from console.passwords import LONGEST, RULES, PasswordRefusedError
from console.roles import EVERYBODY
from console.routing import ConsoleRoute
from console.second_factor import setup_link
from console.visit import NotFoundError, Visit

PATH = "/account"


def show_account(visit: Visit) -> Response:
    """Everything about one's own account."""
    return _account(visit)


def take_password(visit: Visit) -> Response:
    """Change the password."""
    visit.about("account", visit.account.name)
    try:
        secret = change_password(
            visit.engine, visit.settings, _asker(visit), _typed(visit, "new"), _typed(visit, "again")
        )
    except (OwnAccountError, PasswordRefusedError) as error:
        return _account(visit, password_problem=str(error), status=400)
    return _go_on(visit, secret, "password_changed")


def show_totp(visit: Visit) -> Response:
    """A fresh secret for the phone, and the form that confirms it."""
    visit.about("account", visit.account.name)
    secret, sealed = sealed_setup(visit.settings, visit.account.id)
    return _totp(visit, secret, sealed)


def take_totp(visit: Visit) -> Response:
    """Turn codes on, once one was typed."""
    visit.about("account", visit.account.name)
    sealed = _typed(visit, "setup", longest=1000)
    try:
        secret = opened_setup(visit.settings, visit.account.id, sealed)
    except OwnAccountError as error:
        fresh, sealed = sealed_setup(visit.settings, visit.account.id)
        return _totp(visit, fresh, sealed, str(error))
    try:
        session_secret = turn_totp_on(visit.engine, visit.settings, _asker(visit), secret, _typed(visit, "code"))
    except OwnAccountError as error:
        return _totp(visit, secret, sealed, str(error))
    return _go_on(visit, session_secret, "totp_on")


def take_totp_off(visit: Visit) -> Response:
    """Turn codes off."""
    visit.about("account", visit.account.name)
    try:
        turn_totp_off(visit.engine, visit.settings, _asker(visit))
    except OwnAccountError as error:
        return _account(visit, totp_problem=str(error), status=400)
    return visit.redirect(PATH, notice="totp_off")


def take_session_end(visit: Visit) -> Response:
    """End one of one's own sessions."""
    visit.about("account", visit.account.name)
    if not end_own_session(visit.engine, visit.settings, visit.account.id, _typed(visit, "session")):
        raise NotFoundError
    return visit.redirect(PATH, notice="session_ended")


def take_other_sessions_end(visit: Visit) -> Response:
    """End all of one's own sessions but this one."""
    ended = end_other_sessions(visit.engine, visit.account.id, visit.session_digest)
    visit.about("account", visit.account.name, sessions=ended)
    return visit.redirect(PATH, notice="sessions_ended")


def _account(visit: Visit, password_problem: str = "", totp_problem: str = "", status: int = 200) -> Response:
    return visit.page(
        "own_account.html",
        status=status,
        has_totp=has_totp(visit.engine, visit.account.id),
        needs_totp=visit.settings.console.needs_totp,
        sessions=own_sessions(visit.engine, visit.settings, visit.account.id, visit.session_digest),
        idle_minutes=visit.settings.console.idle_minutes,
        session_hours=visit.settings.console.session_hours,
        rules=RULES,
        password_problem=password_problem,
        totp_problem=totp_problem,
    )


def _totp(visit: Visit, secret: str, sealed: str, problem: str = "") -> Response:
    link = setup_link(secret, visit.account.name, visit.settings.clinic_name)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"groups": groups, "link": link, "setup": sealed, "problem": problem}
    return visit.page("own_totp.html", status=400 if problem else 200, **context)


def _go_on(visit: Visit, secret: str, notice: str) -> Response:
    response = visit.redirect(PATH, notice=notice)
    set_session(response, visit.settings.console, secret)
    return response


def _asker(visit: Visit) -> Asker:
    return Asker(visit.account.id, visit.account.name, visit.address, visit.session_digest, _typed(visit, "password"))


def _typed(visit: Visit, field: str, longest: int = LONGEST + 1) -> str:
    return str(visit.form.get(field, ""))[:longest]


ROUTES = (
    ConsoleRoute(PATH, "GET", show_account, EVERYBODY, "account.own_viewed"),
    ConsoleRoute(f"{PATH}/password", "POST", take_password, EVERYBODY, "account.password_changed"),
    ConsoleRoute(f"{PATH}/codes", "GET", show_totp, EVERYBODY, "account.codes_offered"),
    ConsoleRoute(f"{PATH}/codes", "POST", take_totp, EVERYBODY, "account.codes_turned_on"),
    ConsoleRoute(f"{PATH}/codes/off", "POST", take_totp_off, EVERYBODY, "account.codes_turned_off"),
    ConsoleRoute(f"{PATH}/sessions/end", "POST", take_session_end, EVERYBODY, "account.session_ended"),
    ConsoleRoute(f"{PATH}/sessions/end-others", "POST", take_other_sessions_end, EVERYBODY, "account.sessions_ended"),
)
