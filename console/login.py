"""Logging in: the name, the password and the code must fit, and nobody may try too often."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.settings import Settings
from console import audit_log
from console.login_limits import LoginLimits
from console.metrics import count_login_failure
from console.passwords import hash_password, needs_new_hash, password_matches
from console.second_factor import step_of_code
from console.sessions import start_session
from console.tables import Account


@dataclass(frozen=True)
class LoginTry:
    """What somebody typed, and where it came from: the address, and the browser if the account is known there."""

    name: str
    password: str
    code: str
    address: str
    browser: str = ""


class LoginRefusedError(Exception):
    """Name, password or code do not fit; it is not said which."""


class LoginBlockedError(Exception):
    """There were too many tries; the next is taken in so many seconds, whatever it holds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def log_in(engine: Engine, settings: Settings, attempt: LoginTry) -> str:
    """Begin a session.

    Returns:
        The secret for the browser.

    Raises:
        LoginBlockedError: too many tries.
        LoginRefusedError: it does not fit, or the account is switched off.
    """
    limits = LoginLimits(engine, settings.secret_key)
    with transaction(engine) as session:
        account = session.execute(select(Account).where(Account.name == attempt.name)).scalar()
    wait = limits.count(attempt.name, attempt.address, attempt.browser)
    if wait:
        _record_failure(engine, settings, "login.blocked", account)
        raise LoginBlockedError(wait)
    # The same work for every name: one hash is verified whether there is such an account or not.
    password_hash = account.password_hash if account and account.active else None
    if not password_matches(attempt.password, password_hash) or account is None:
        _record_failure(engine, settings, "login.failed", account)
        raise LoginRefusedError
    new_hash = hash_password(attempt.password) if needs_new_hash(account.password_hash) else account.password_hash
    with transaction(engine) as session:
        secret = _begin(session, settings, account, attempt.code, new_hash)
    if secret is None:
        _record_failure(engine, settings, "login.failed", account)
        raise LoginRefusedError
    limits.forget(attempt.name, attempt.address, attempt.browser)
    return secret


def _begin(session: Session, settings: Settings, account: Account, code: str, new_hash: str) -> str | None:
    """Begin the session and record it, together; None when the code does not fit or the account was just changed."""
    values: dict[str, object] = {"last_login_at": clock.now(), "password_hash": new_hash}
    as_verified = [
        Account.id == account.id,
        Account.active.is_(True),
        Account.password_hash == account.password_hash,
        Account.totp_secret == account.totp_secret,
    ]
    if account.totp_secret is not None:
        step = step_of_code(settings.secret_key, account.totp_secret, code)
        if step is None:
            return None
        # A code is taken once, also when it is sent twice at the same time.
        as_verified.append(Account.totp_step.is_(None) | (Account.totp_step < step))
        values["totp_step"] = step
    begin = update(Account).where(*as_verified).values(**values).execution_options(synchronize_session=False)
    if not session.execute(begin).rowcount:
        return None
    audit_log.append(
        session,
        settings.secret_key,
        actor=account.name,
        action="login.succeeded",
        subject_kind="account",
        subject_id=account.name,
        details={"second_factor": account.totp_secret is not None},
    )
    return start_session(session, account.id)


def _record_failure(engine: Engine, settings: Settings, action: str, account: Account | None) -> None:
    """A failure names the account only if it exists: what was typed into the field may be a password."""
    count_login_failure(action)
    audit_log.record(
        engine,
        settings.secret_key,
        actor="",
        action=action,
        subject_kind="account" if account else None,
        subject_id=account.name if account else None,
    )
