"""Logging in: the name, the password and the code must fit, and nobody may try too often."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from clinic.settings import Settings
from console import audit
from console.login_limits import LoginLimits
from console.passwords import hash_password, needs_new_hash, password_matches
from console.second_factor import step_of_code
from console.sessions import start_session
from console.tables import Account


@dataclass(frozen=True)
class LoginTry:
    """What somebody typed, and from which address it came."""

    name: str
    password: str
    code: str
    address: str


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
    wait = limits.count(attempt.name, attempt.address)
    if wait:
        _record(engine, settings, "", "login.blocked", account)
        raise LoginBlockedError(wait)
    # The same work for every name: one hash is verified whether there is such an account or not.
    fits = password_matches(attempt.password, account.password_hash if account and account.active else None)
    if account is None or not fits or not _code_fits(engine, settings, account, attempt.code):
        _record(engine, settings, "", "login.failed", account)
        raise LoginRefusedError
    _record(engine, settings, account.name, "login.succeeded", account)
    limits.forget(attempt.name, attempt.address)
    return _begin(engine, account, attempt.password)


def _code_fits(engine: Engine, settings: Settings, account: Account, code: str) -> bool:
    """Whether the account has no second factor, or the code is a fresh one; it is then used up."""
    if account.totp_secret is None:
        return True
    step = step_of_code(settings.secret_key, account.totp_secret, code)
    if step is None:
        return False
    unused = (Account.totp_step.is_(None)) | (Account.totp_step < step)
    with transaction(engine) as session:
        use = update(Account).where(Account.id == account.id, unused).values(totp_step=step)
        return bool(session.execute(use.execution_options(synchronize_session=False)).rowcount)


def _begin(engine: Engine, account: Account, password: str) -> str:
    values: dict[str, object] = {"last_login_at": clock.now()}
    if needs_new_hash(account.password_hash):
        values["password_hash"] = hash_password(password)
    with transaction(engine) as session:
        # Only if the password is still the one that was verified.
        same = (Account.id == account.id, Account.password_hash == account.password_hash, Account.active.is_(True))
        begun = session.execute(
            update(Account).where(*same).values(**values).execution_options(synchronize_session=False)
        )
        if not begun.rowcount:
            raise LoginRefusedError
        return start_session(session, account.id)


def _record(engine: Engine, settings: Settings, actor: str, action: str, account: Account | None) -> None:
    """A failure names the account only if it exists: what was typed into the field may be a password."""
    audit.record(
        engine,
        settings.secret_key,
        actor=actor,
        action=action,
        subject_kind="account" if account else None,
        subject_id=account.name if account else None,
    )
