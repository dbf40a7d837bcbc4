"""Taking up a one-time link: the person chooses a password, and the first admin a name as well."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from console import audit_log
from console.invitations import FIRST_ADMIN, Link, LinkError, find_link, make_link, use_up
from console.passwords import check_password, hash_password
from console.roles import Role
from console.sessions import end_sessions
from console.staff import StaffError, changing_staff, checked_name, has_admin, new_account
from console.tables import Account


@dataclass(frozen=True)
class TakenUp:
    """Whose link it was: the name to log in with, and whether there was no password before."""

    name: str
    is_new: bool


@dataclass(frozen=True)
class Choice:
    """What the person typed. The names count for the first admin alone."""

    name: str
    display_name: str
    password: str


def first_admin_token(engine: Engine, secret_key: str) -> str | None:
    """A token for the first admin's link; None when there is an admin who can log in."""
    with changing_staff(engine) as session:
        if has_admin(session):
            return None
        audit_log.append(session, secret_key, actor=audit_log.COMMAND, action="account.first_link_made")
        return make_link(session, FIRST_ADMIN, None)


def whose_link(engine: Engine, token: str) -> str | None:
    """The name of the account that the link is for; None for the first admin's.

    Raises:
        LinkError: the link cannot be taken up.
    """
    with transaction(engine) as session:
        link = find_link(session, token)
        if link.purpose == FIRST_ADMIN and has_admin(session):
            raise LinkError
        return str(link.account.name) if link.account else None


def take_up(engine: Engine, secret_key: str, token: str, choice: Choice) -> TakenUp:
    """Give the account its password and use the link up; all or nothing.

    Raises:
        LinkError: the link cannot be taken up.
        StaffError: the name cannot be taken.
        console.passwords.PasswordRefusedError: the password is too easy.
    """
    name = whose_link(engine, token) or checked_name(choice.name)
    check_password(choice.password, name)
    # Hashing takes its time, so it is done before anybody has to wait for this transaction.
    password_hash = hash_password(choice.password)
    with changing_staff(engine) as session:
        link = find_link(session, token)
        account = link.account or _first_admin(session, link, choice)
        use_up(session, link)
        is_new = account.password_changed_at is None
        account.password_hash = password_hash
        account.password_changed_at = clock.now()
        end_sessions(session, account.id)
        audit_log.append(
            session,
            secret_key,
            actor=account.name,
            action="account.password_chosen",
            subject_kind="account",
            subject_id=account.name,
            details={"link": link.purpose},
        )
        return TakenUp(str(account.name), is_new)


def _first_admin(session: Session, link: Link, choice: Choice) -> Account:
    if link.purpose != FIRST_ADMIN or has_admin(session):
        raise LinkError
    account = new_account(choice.name, choice.display_name, Role.ADMIN)
    if session.execute(select(Account.id).where(Account.name == account.name)).scalar():
        raise StaffError(f"There is an account named {account.name} already. Please choose another name.")
    session.add(account)
    return account
