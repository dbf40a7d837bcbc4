"""`python -m console.accounts`: the accounts of the staff from the command line.

Ends with 0 when it was done, 1 on a fault or when it cannot be done, 2 on wrong arguments, and 3 when a first link is
asked for although there is an admin.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from clinic.database import Waits, make_engine
from clinic.settings import Settings, SettingsError, load_settings
from console import audit_log
from console.invitations import address_of
from console.roles import Role
from console.staff import (
    StaffError,
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
from console.welcome import first_admin_token

FAULT = 1
THERE_IS_AN_ADMIN = 3
ROLES = [role.value for role in Role]

Change = Callable[[Session, argparse.Namespace], str | None]
"""Changes an account; gives the token of a link where one was made."""


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say to the configured database."""
    choices = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        return int(choices.run(make_engine(settings.database_url, waits=Waits.LONG), settings, choices))
    except (SettingsError, StaffError) as error:
        sys.stderr.write(f"{error}\n")
    except SQLAlchemyError as error:
        sys.stderr.write(f"The database does not answer ({type(error).__name__}); see `python -m clinic.migrate`.\n")
    return FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m console.accounts", description="The accounts of the staff.")
    commands = parser.add_subparsers(dest="command", required=True)
    first = commands.add_parser("first-link", help="print the link by which the first admin is made")
    first.set_defaults(run=_first_link)
    commands.add_parser("list", help="print all accounts").set_defaults(run=_list)

    def add(name: str, purpose: str, action: str, change: Change) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=purpose)
        command.add_argument("name", metavar="NAME", type=str.lower, help="the name to log in with")
        command.set_defaults(run=partial(_change, action, change))
        return command

    inviting = add("invite", "make an account and print its link", "account.invited", _invite)
    inviting.add_argument("--role", choices=ROLES, required=True, help="what the person may do")
    inviting.add_argument("--display-name", default="", help="the name that colleagues see")
    add("role", "change what a person may do", "account.role_changed", _set_role).add_argument("role", choices=ROLES)
    add("disable", "switch an account off", "account.switched_off", lambda session, it: switch_off(session, it.name))
    add("enable", "switch an account on", "account.switched_on", lambda session, it: switch_on(session, it.name))
    purpose = "end a person's password, codes and sessions, and print the link to a new password"
    add("reset", purpose, "account.reset", lambda session, it: reset(session, it.name))
    ending = add("sessions", "log a person out", "account.sessions_ended", _end_sessions)
    ending.add_argument("--end", action="store_true", required=True, help="end all sessions")
    return parser


def _first_link(engine: Engine, settings: Settings, _choices: argparse.Namespace) -> int:
    token = first_admin_token(engine, settings.secret_key)
    if token is None:
        sys.stderr.write("There is an admin already; `invite` makes further accounts.\n")
        return THERE_IS_AN_ADMIN
    sys.stdout.write(f"{address_of(settings.console.url, token)}\n")
    return 0


def _list(engine: Engine, _settings: Settings, _choices: argparse.Namespace) -> int:
    for member in staff(engine):
        state = "off" if not member.active else "active" if member.is_ready else "invited"
        codes = "codes" if member.has_totp else "no codes"
        sys.stdout.write(f"{member.name}\t{member.role.value}\t{state}\t{codes}\t{member.open_sessions} sessions\n")
    return 0


def _change(action: str, change: Change, engine: Engine, settings: Settings, choices: argparse.Namespace) -> int:
    """Change an account and record it, in one transaction."""
    role = getattr(choices, "role", None)
    with changing_staff(engine) as session:
        token = change(session, choices)
        audit_log.append(
            session,
            settings.secret_key,
            actor=audit_log.COMMAND,
            action=action,
            subject_kind="account",
            subject_id=checked_name(choices.name),
            details={"role": role} if role else {},
        )
    sys.stdout.write(f"{address_of(settings.console.url, token)}\n" if token else "done\n")
    return 0


def _invite(session: Session, choices: argparse.Namespace) -> str:
    return invite(session, choices.name, choices.display_name, Role(choices.role))


def _set_role(session: Session, choices: argparse.Namespace) -> None:
    set_role(session, choices.name, Role(choices.role))


def _end_sessions(session: Session, choices: argparse.Namespace) -> None:
    end_all_sessions(session, choices.name)


if __name__ == "__main__":
    sys.exit(main())
