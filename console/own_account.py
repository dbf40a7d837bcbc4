"""What people change about their own account: the password, the second factor, their sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.console_settings import ConsoleSettings
from clinic.database import transaction
from clinic.settings import Settings
from console.keys import cipher_for, keyed_digest
from console.login_limits import LoginLimits
from console.passwords import check_password, hash_password, password_matches
from console.second_factor import encrypted, matching_step, new_secret
from console.sessions import end_session, end_sessions, start_session
from console.tables import Account, ConsoleSession

SETUP_SECONDS = 15 * 60
SETUP = "totp-setup"


class OwnAccountError(ValueError):
    """It cannot be done; the message is for the person."""


@dataclass(frozen=True)
class Asker:
    """Who asks: account, address and session, and the password that proves that it is still the same person."""

    account_id: str
    name: str
    address: str
    session: str
    password: str


@dataclass(frozen=True)
class OpenSession:
    """One of the person's sessions; `handle` names it on a page without being of use elsewhere."""

    handle: str
    created_at: datetime
    last_seen_at: datetime
    is_this_one: bool


def change_password(engine: Engine, settings: Settings, asker: Asker, new: str, again: str) -> str:
    """Change the password. All sessions end; the secret of a new one is returned.

    Raises:
        OwnAccountError: the old password is wrong, or the new ones differ.
        console.passwords.PasswordRefusedError: the new one is too easy.
    """
    if new != again:
        raise OwnAccountError("The new passwords differ. Please type the same one twice.")
    check_password(new, asker.name)
    _prove(engine, settings, asker)
    new_hash = hash_password(new)
    with transaction(engine) as session:
        end_sessions(session, asker.account_id)
        account = session.get(Account, asker.account_id)
        account.password_hash = new_hash
        account.password_changed_at = clock.now()
        return start_session(session, asker.account_id)


def sealed_setup(settings: Settings, account_id: str) -> tuple[str, str]:
    """A fresh TOTP secret, and the same sealed for the form that confirms it; nothing is stored yet."""
    secret = new_secret()
    sealed = cipher_for(settings.secret_key, SETUP).encrypt(f"{account_id} {secret}".encode("ascii"))
    return secret, sealed.decode("ascii")


def opened_setup(settings: Settings, account_id: str, sealed: str) -> str:
    """The TOTP secret that was sealed for this account.

    Raises:
        OwnAccountError: it is too old, somebody else's or not ours.
    """
    try:
        text = cipher_for(settings.secret_key, SETUP).decrypt(sealed.encode(), ttl=SETUP_SECONDS).decode("ascii")
    except InvalidToken:
        raise OwnAccountError("The page was open for too long. Please begin again.") from None
    whose, _, secret = text.partition(" ")
    if whose != account_id:
        raise OwnAccountError("The page was made for another account. Please begin again.")
    return secret


def turn_totp_on(engine: Engine, settings: Settings, asker: Asker, secret: str, code: str) -> str:
    """Ask for codes from now on, once one was given. All sessions end; the secret of a new one is returned.

    Raises:
        OwnAccountError: the password or the code is wrong.
    """
    _prove(engine, settings, asker)
    step = matching_step(secret, code)
    if step is None:
        raise OwnAccountError("The code does not fit. Wait for the next one and check the phone's clock.")
    with transaction(engine) as session:
        end_sessions(session, asker.account_id)
        account = session.get(Account, asker.account_id)
        account.totp_secret = encrypted(settings.secret_key, secret)
        account.totp_step = step
        return start_session(session, asker.account_id)


def turn_totp_off(engine: Engine, settings: Settings, asker: Asker) -> None:
    """Ask for no codes any more.

    Raises:
        OwnAccountError: the password is wrong, or the clinic asks everybody for codes.
    """
    if settings.console.needs_totp:
        raise OwnAccountError("Your clinic asks for a code at each login.")
    _prove(engine, settings, asker)
    with transaction(engine) as session:
        account = session.get(Account, asker.account_id)
        account.totp_secret = account.totp_step = None


def has_totp(engine: Engine, account_id: str) -> bool:
    """Whether a code is needed to log in."""
    with transaction(engine) as session:
        return session.execute(select(Account.totp_secret).where(Account.id == account_id)).scalar() is not None


def own_sessions(engine: Engine, settings: Settings, account_id: str, this_one: str) -> list[OpenSession]:
    """The person's sessions that are not over, the newest first. `this_one` is the digest of the one that asks."""
    with transaction(engine) as session:
        return [
            OpenSession(_handle(settings, known.digest), known.created_at, known.last_seen_at, known.digest == this_one)
            for known in _sessions(session, settings.console, account_id)
        ]


def end_own_session(engine: Engine, settings: Settings, account_id: str, handle: str) -> bool:
    """End one of the person's sessions; whether there was one."""
    with transaction(engine) as session:
        for known in _sessions(session, settings.console, account_id):
            if _handle(settings, known.digest) == handle:
                return end_session(session, known.digest, account_id)
    return False


def end_other_sessions(engine: Engine, account_id: str, this_one: str) -> int:
    """End all of the person's sessions but the one that asks; how many there were."""
    with transaction(engine) as session:
        return end_sessions(session, account_id, besides=this_one)


def _prove(engine: Engine, settings: Settings, asker: Asker) -> None:
    """Whoever sits down at an unlocked screen cannot take the account over, nor guess its password from there."""
    limits = LoginLimits(engine, settings.secret_key)
    wait = limits.count(asker.name, asker.address, asker.session)
    if wait:
        raise OwnAccountError(f"There were too many tries. Please try again in {-(-wait // 60)} min.")
    with transaction(engine) as session:
        password_hash = session.execute(select(Account.password_hash).where(Account.id == asker.account_id)).scalar()
    if not password_matches(asker.password, password_hash):
        raise OwnAccountError("Your password does not fit.")
    limits.forget(asker.name, asker.address, asker.session)


def _sessions(session: Session, settings: ConsoleSettings, account_id: str) -> list[ConsoleSession]:
    now = clock.now()
    query = select(ConsoleSession).where(
        ConsoleSession.account_id == account_id,
        ConsoleSession.ended_at.is_(None),
        ConsoleSession.created_at > now - timedelta(hours=settings.session_hours),
        ConsoleSession.last_seen_at > now - timedelta(minutes=settings.idle_minutes),
    )
    return list(session.execute(query.order_by(ConsoleSession.created_at.desc())).scalars())


def _handle(settings: Settings, digest: str) -> str:
    return keyed_digest(settings.secret_key, "session-handle", digest)[:16]
