"""Who is logged in. The browser holds a secret of 256 bits, the database its digest; the server ends a session."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from clinic import clock
from clinic.console_settings import LONGEST_SESSION_HOURS, ConsoleSettings
from clinic.database import transaction
from console.keys import digest_of, keyed_digest
from console.roles import Role
from console.tables import Account, ConsoleSession
from console.visit import SignedIn

SECRET_BYTES = 32
LONGEST_SESSION = timedelta(hours=LONGEST_SESSION_HOURS)
SECONDS_BETWEEN_NOTES = 60
"""Activity is noted at most so often, so that a page does not cost a write."""


@dataclass(frozen=True)
class FoundSession:
    """A session that is not over, and whose it is."""

    digest: str
    account: SignedIn
    has_totp: bool


def start_session(session: Session, account_id: str) -> str:
    """Begin a session within the caller's transaction; the secret for the browser, which is kept nowhere else."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    now = clock.now()
    long_over = delete(ConsoleSession).where(ConsoleSession.created_at < now - LONGEST_SESSION)
    session.execute(long_over.execution_options(synchronize_session=False))
    session.add(ConsoleSession(digest=digest_of(secret), account_id=account_id, created_at=now, last_seen_at=now))
    return secret


def find_session(engine: Engine, settings: ConsoleSettings, secret: str, *, is_activity: bool) -> FoundSession | None:
    """The session of a secret, unless it is unknown, ended, too old, idle for too long or its account switched off.

    Args:
        engine: the database.
        settings: says how long a session lasts.
        secret: what the browser sent.
        is_activity: whether the person did something, and not a page by itself.
    """
    digest = digest_of(secret)
    now = clock.now()
    with transaction(engine) as session:
        query = select(ConsoleSession, Account).join(Account, Account.id == ConsoleSession.account_id)
        row = session.execute(query.where(ConsoleSession.digest == digest)).first()
        if row is None:
            return None
        known, account = row
        if known.ended_at is not None or not account.active or _is_over(known, settings, now):
            return None
        if is_activity and now - clock.in_utc(known.last_seen_at) > timedelta(seconds=SECONDS_BETWEEN_NOTES):
            known.last_seen_at = now
        person = SignedIn(account.id, account.name, account.display_name, Role(account.role))
        return FoundSession(digest, person, account.totp_secret is not None)


def end_session(session: Session, digest: str, account_id: str) -> bool:
    """End one session of an account, within the caller's transaction; whether there was one to end."""
    mine = (ConsoleSession.digest == digest, ConsoleSession.account_id == account_id, ConsoleSession.ended_at.is_(None))
    return bool(_end(session, *mine))


def end_sessions(session: Session, account_id: str, besides: str = "") -> int:
    """End all sessions of an account but the one with the digest `besides`, within the caller's transaction.

    Returns:
        How many there were.
    """
    mine = (
        ConsoleSession.account_id == account_id,
        ConsoleSession.ended_at.is_(None),
        ConsoleSession.digest != besides,
    )
    return _end(session, *mine)


def csrf_token(secret_key: str, digest: str) -> str:
    """The token that every form of a session holds."""
    return keyed_digest(secret_key, "csrf", digest)


def account_of_token(engine: Engine, secret_key: str, token: str) -> str | None:
    """The id of the account in whose session a form was made, also if that session has ended; None if it is unknown."""
    with transaction(engine) as session:
        known = session.execute(select(ConsoleSession.digest, ConsoleSession.account_id)).all()
    for digest, account_id in known:
        if hmac.compare_digest(csrf_token(secret_key, digest).encode(), token.encode()):
            return str(account_id)
    return None


def _is_over(known: ConsoleSession, settings: ConsoleSettings, now: datetime) -> bool:
    idle = now - clock.in_utc(known.last_seen_at)
    age = now - clock.in_utc(known.created_at)
    return idle > timedelta(minutes=settings.idle_minutes) or age > timedelta(hours=settings.session_hours)


def _end(session: Session, *which: ColumnElement) -> int:
    end = update(ConsoleSession).where(*which).values(ended_at=clock.now())
    return int(session.execute(end.execution_options(synchronize_session=False)).rowcount)
