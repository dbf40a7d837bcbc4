"""The accounts of the staff: inviting, changing and switching off people. An admin who can log in always remains."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.request_changes import VISITOR
from console.audit_log import COMMAND
from console.invitations import INVITATION, RESET, make_link
from console.roles import Role
from console.sessions import end_sessions
from console.single_writer import ACCOUNTS, one_writer_at_a_time
from console.tables import Account, ConsoleSession

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
TAKEN_WORDS = frozenset({VISITOR, COMMAND})
"""Words that stand for nobody of the staff where the name of an account could stand."""
LONGEST_DISPLAY_NAME = 100


class StaffError(ValueError):
    """It cannot be done; the message is for the person who asked."""


@dataclass(frozen=True)
class StaffMember:
    """One account, as lists show it."""

    name: str
    display_name: str
    role: Role
    active: bool
    is_ready: bool
    """Whether the person has chosen a password."""
    has_totp: bool
    created_at: datetime
    last_login_at: datetime | None
    open_sessions: int


def staff(engine: Engine) -> list[StaffMember]:
    """All accounts by name."""
    is_open = ConsoleSession.ended_at.is_(None)
    counted = select(ConsoleSession.account_id, func.count().label("sessions")).where(is_open)
    sessions = counted.group_by(ConsoleSession.account_id).subquery()
    query = select(Account, sessions.c.sessions).outerjoin(sessions, sessions.c.account_id == Account.id)
    with transaction(engine) as session:
        return [_member(account, count or 0) for account, count in session.execute(query.order_by(Account.name))]


def checked_name(text: str) -> str:
    """The name of an account as it is kept.

    Raises:
        StaffError: it cannot be a name.
    """
    name = text.strip().lower()
    if not NAME.fullmatch(name) or name in TAKEN_WORDS:
        raise StaffError("A name has 2 to 40 letters, digits, dots and dashes, and begins with a letter or digit.")
    return name


def checked_display_name(text: str, name: str) -> str:
    """How the person is shown to colleagues; the account's name when left out.

    Raises:
        StaffError: it is too long or holds what cannot be shown.
    """
    shown = " ".join(text.split()) or name
    if len(shown) > LONGEST_DISPLAY_NAME or not shown.isprintable():
        raise StaffError(f"The shown name must have at most {LONGEST_DISPLAY_NAME} characters, all of them visible.")
    return shown


def new_account(name: str, display_name: str, role: Role) -> Account:
    """An account nobody can log in with yet.

    Raises:
        StaffError: the names cannot be taken.
    """
    kept = checked_name(name)
    return Account(
        id=str(uuid.uuid4()),
        name=kept,
        display_name=checked_display_name(display_name, kept),
        role=role.value,
        active=True,
        created_at=clock.now(),
    )


def invite(session: Session, name: str, display_name: str, role: Role) -> str:
    """Make an account and the one-time token with which the person chooses a password.

    Raises:
        StaffError: there is such an account, or the name cannot be one.
    """
    account = new_account(name, display_name, role)
    if session.execute(select(Account.id).where(Account.name == account.name)).scalar():
        raise StaffError(f"There is an account named {account.name} already.")
    session.add(account)
    session.flush()
    return make_link(session, INVITATION, account.id)


def set_role(session: Session, name: str, role: Role) -> None:
    """Change what a person may do. Their sessions are ended.

    Raises:
        StaffError: there is no such account, or no admin would be left.
    """
    account = account_named(session, name)
    if account.role == role.value:
        return
    _keep_an_admin(session, account)
    account.role = role.value
    end_sessions(session, account.id)


def switch_off(session: Session, name: str) -> None:
    """Switch an account off: its sessions end, it cannot log in, and its name stays taken.

    Raises:
        StaffError: there is no such account, or no admin would be left.
    """
    account = account_named(session, name)
    _keep_an_admin(session, account)
    account.active = False
    end_sessions(session, account.id)


def switch_on(session: Session, name: str) -> None:
    """Switch an account on again, with the password it had.

    Raises:
        StaffError: there is no such account.
    """
    account_named(session, name).active = True


def end_all_sessions(session: Session, name: str) -> None:
    """Log a person out everywhere.

    Raises:
        StaffError: there is no such account.
    """
    end_sessions(session, account_named(session, name).id)


def reset(session: Session, name: str) -> str:
    """Let a person choose a new password by a one-time token. The old one, the second factor and all sessions end now.

    Raises:
        StaffError: there is no such account, or it is switched off.
    """
    account = account_named(session, name)
    if not account.active:
        raise StaffError(f"{account.name} is switched off. Switch the account on first.")
    account.password_hash = account.totp_secret = account.totp_step = None
    end_sessions(session, account.id)
    return make_link(session, RESET if account.password_changed_at else INVITATION, account.id)


def account_named(session: Session, name: str) -> Account:
    """The account of this name.

    Raises:
        StaffError: there is none.
    """
    account = session.execute(select(Account).where(Account.name == name.strip().lower())).scalar()
    if account is None:
        raise StaffError("There is no such account.")
    return account


def has_admin(session: Session, besides: str = "") -> bool:
    """Whether an admin can log in, leaving out the account with the id `besides`."""
    can = (Account.role == Role.ADMIN.value, Account.active.is_(True), Account.password_hash.is_not(None))
    return session.execute(select(Account.id).where(*can, Account.id != besides).limit(1)).scalar() is not None


@contextmanager
def changing_staff(engine: Engine) -> Iterator[Session]:
    """A transaction that changes accounts; one at a time, so that two admins cannot remove each other."""
    with transaction(engine) as session:
        one_writer_at_a_time(session.connection(), ACCOUNTS)
        yield session


def _keep_an_admin(session: Session, account: Account) -> None:
    if account.role == Role.ADMIN.value and account.active and not has_admin(session, besides=account.id):
        raise StaffError("This is the only admin who can log in. Make somebody else an admin first.")


def _member(account: Account, sessions: int) -> StaffMember:
    return StaffMember(
        name=account.name,
        display_name=account.display_name,
        role=Role(account.role),
        active=account.active,
        is_ready=account.password_hash is not None,
        has_totp=account.totp_secret is not None,
        created_at=account.created_at,
        last_login_at=account.last_login_at,
        open_sessions=sessions,
    )
