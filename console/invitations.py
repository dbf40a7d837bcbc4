"""One-time links: to the first admin's account, to an account somebody was invited to, to a new password."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic import clock
from console.keys import digest_of
from console.tables import Account, Invitation

FIRST_ADMIN = "first_admin"
INVITATION = "invitation"
RESET = "reset"
VALID = timedelta(hours=24)
TOKEN_BYTES = 32
PATH = "/welcome"


class LinkError(LookupError):
    """The link is unknown, used, too old, or replaced by a newer one."""


@dataclass(frozen=True)
class Link:
    """A link that can be taken up; the account is None for the first admin."""

    digest: str
    purpose: str
    account: Account | None


def make_link(session: Session, purpose: str, account_id: str | None) -> str:
    """A new token, valid for 24 hours; older ones for the same are void. Only its digest is kept."""
    now = clock.now()
    whose = Invitation.account_id.is_(None) if account_id is None else Invitation.account_id == account_id
    void = update(Invitation).where(whose, Invitation.used_at.is_(None)).values(used_at=now)
    session.execute(void.execution_options(synchronize_session=False))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        Invitation(
            digest=digest_of(token), purpose=purpose, account_id=account_id, created_at=now, expires_at=now + VALID
        )
    )
    return token


def address_of(console_url: str, token: str) -> str:
    """The link itself."""
    return f"{console_url}{PATH}?token={token}"


def find_link(session: Session, token: str) -> Link:
    """The link of a token.

    Raises:
        LinkError: it cannot be taken up (any more).
    """
    query = select(Invitation, Account).outerjoin(Account, Account.id == Invitation.account_id)
    found = session.execute(query.where(Invitation.digest == digest_of(token))).first()
    if found is None:
        raise LinkError
    invitation, account = found
    is_over = invitation.used_at is not None or clock.now() >= clock.in_utc(invitation.expires_at)
    is_for_nobody = invitation.account_id is not None and (account is None or not account.active)
    if is_over or is_for_nobody:
        raise LinkError
    return Link(invitation.digest, invitation.purpose, account)


def use_up(session: Session, link: Link) -> None:
    """Take the link; only one can.

    Raises:
        LinkError: somebody else was faster.
    """
    mine = (Invitation.digest == link.digest, Invitation.used_at.is_(None))
    used = session.execute(
        update(Invitation).where(*mine).values(used_at=clock.now()).execution_options(synchronize_session=False)
    )
    if not used.rowcount:
        raise LinkError
