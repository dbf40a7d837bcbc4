"""The admin's pages of the staff's accounts."""

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session
from starlette.responses import Response

from console.invitations import address_of
from console.roles import ADMINS, Role
from console.routing import ConsoleRoute
from console.staff import (
    StaffError,
    StaffMember,
    changing_staff,
    checked_name,
    end_all_sessions,
    invite,
    reset,
    set_role,
    staff,
    switch_off,
    switch_on,
)
from console.visit import BadInputError, NotFoundError, Visit

PATH = "/accounts"
ROLE_TITLES = {
    Role.READER: "Reader: reads",
    Role.REVIEWER: "Reviewer: reads and teaches",
    Role.SCHEDULER: "Scheduler: reads, works on requests",
    Role.ADMIN: "Admin: everything",
}
ROLE_OPTIONS = tuple((role.value, title) for role, title in ROLE_TITLES.items())


def show_accounts(visit: Visit) -> Response:
    """All accounts, and the form to invite somebody."""
    return _accounts(visit)


def take_invitation(visit: Visit) -> Response:
    """Make an account and show its one-time link."""
    typed = {field: str(visit.form.get(field, "")) for field in ("name", "display_name", "role")}
    try:
        role = _role(typed["role"])
        visit.about("account", checked_name(typed["name"]), role=role.value)
        with changing_staff(visit.engine) as session:
            token = invite(session, typed["name"], typed["display_name"], role)
    except StaffError as error:
        return _accounts(visit, typed, str(error))
    return _link(visit, checked_name(typed["name"]), token)


def show_member(visit: Visit) -> Response:
    """One account and what can be done with it."""
    return _member(visit, _found(visit))


def take_role(visit: Visit) -> Response:
    """Change what a person may do."""
    member = _found(visit)
    try:
        role = _role(str(visit.form.get("role", "")))
    except StaffError as error:
        raise BadInputError(str(error)) from error
    visit.about("account", member.name, role_before=member.role.value, role=role.value)
    return _changed(visit, member, partial(set_role, role=role), "role_changed")


def take_disabling(visit: Visit) -> Response:
    """Switch an account off."""
    return _changed(visit, _found(visit), switch_off, "account_disabled")


def take_enabling(visit: Visit) -> Response:
    """Switch an account on."""
    return _changed(visit, _found(visit), switch_on, "account_enabled")


def take_reset(visit: Visit) -> Response:
    """End a person's password, codes and sessions, and show the one-time link to a new password."""
    member = _found(visit)
    if member.name == visit.account.name:
        raise BadInputError("For your own password use the page of your own account.")
    try:
        with changing_staff(visit.engine) as session:
            token = reset(session, member.name)
    except StaffError as error:
        return _member(visit, member, str(error))
    return _link(visit, member.name, token)


def take_sessions_end(visit: Visit) -> Response:
    """End all sessions of a person."""
    return _changed(visit, _found(visit), end_all_sessions, "sessions_ended")


def _found(visit: Visit) -> StaffMember:
    visit.about("account", visit.path["name"][:100])
    for member in staff(visit.engine):
        if member.name == visit.path["name"]:
            return member
    raise NotFoundError


def _changed(visit: Visit, member: StaffMember, change: Callable[[Session, str], None], notice: str) -> Response:
    try:
        with changing_staff(visit.engine) as session:
            change(session, member.name)
    except StaffError as error:
        return _member(visit, member, str(error))
    return visit.redirect(f"{PATH}/{member.name}", notice=notice)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise StaffError("Please choose one of the roles.") from None


def _accounts(visit: Visit, typed: dict[str, str] | None = None, problem: str = "") -> Response:
    return visit.page(
        "accounts.html",
        status=400 if problem else 200,
        members=staff(visit.engine),
        roles=ROLE_OPTIONS,
        typed=typed or {"name": "", "display_name": "", "role": Role.READER.value},
        problem=problem,
    )


def _member(visit: Visit, member: StaffMember, problem: str = "") -> Response:
    return visit.page(
        "account.html", status=400 if problem else 200, member=member, roles=ROLE_OPTIONS, problem=problem
    )


def _link(visit: Visit, name: str, token: str) -> Response:
    return visit.page("account_link.html", name=name, link=address_of(visit.settings.console.url, token))


ROUTES = (
    ConsoleRoute(PATH, "GET", show_accounts, ADMINS, "accounts.viewed"),
    ConsoleRoute(PATH, "POST", take_invitation, ADMINS, "account.invited"),
    ConsoleRoute(f"{PATH}/{{name}}", "GET", show_member, ADMINS, "account.viewed"),
    ConsoleRoute(f"{PATH}/{{name}}/role", "POST", take_role, ADMINS, "account.role_changed"),
    ConsoleRoute(f"{PATH}/{{name}}/off", "POST", take_disabling, ADMINS, "account.switched_off"),
    ConsoleRoute(f"{PATH}/{{name}}/on", "POST", take_enabling, ADMINS, "account.switched_on"),
    ConsoleRoute(f"{PATH}/{{name}}/reset", "POST", take_reset, ADMINS, "account.reset"),
    ConsoleRoute(f"{PATH}/{{name}}/sessions/end", "POST", take_sessions_end, ADMINS, "account.sessions_ended"),
)
