"""How often somebody may try to log in: counted in the database by account and by address, with a growing wait."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from console.keys import keyed_digest
from console.single_writer import LOGIN, one_writer_at_a_time
from console.tables import LoginAttempt

WINDOW = timedelta(hours=1)
FREE_TRIES = {"account": 5, "address": 20, "browser": 5}
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


class LoginLimits:
    """Counts tries. What is kept of names and addresses are keyed hashes."""

    def __init__(self, engine: Engine, secret_key: str) -> None:
        """Count in this database."""
        self._engine = engine
        self._secret_key = secret_key

    def count(self, name: str, address: str, browser: str = "") -> int:
        """Count a try before it is known whether it succeeds, so that tries at the same time count one another.

        Args:
            name: of the account.
            address: of the client.
            browser: what tells a browser in which the account has logged in before (console/known_browsers.py), or its
                session. Such tries count by this alone, so that strangers cannot lock the account's owner out.

        Returns:
            0 if it may go on; else after how many seconds the next may. A try that may not go on is not counted.
        """
        now = clock.now()
        subjects = self._subjects(name, address, browser)
        with transaction(self._engine) as session:
            one_writer_at_a_time(session.connection(), LOGIN)
            session.execute(delete(LoginAttempt).where(LoginAttempt.tried_at < now - WINDOW))
            # Tries from the future were made before the clock was put back; nobody waits until that time comes again.
            ahead = update(LoginAttempt).where(LoginAttempt.tried_at > now).values(tried_at=now)
            session.execute(ahead.execution_options(synchronize_session=False))
            wait = max(_wait(session, kind, subject, now) for kind, subject in subjects.items())
            if wait > timedelta(0):
                return math.ceil(wait.total_seconds())
            session.add_all(LoginAttempt(subject=subject, tried_at=now) for subject in subjects.values())
        return 0

    def forget(self, name: str, address: str, browser: str = "") -> None:
        """It was the right person: their tries are forgotten, but of those from the address only this one."""
        subjects = self._subjects(name, address, browser)
        with transaction(self._engine) as session:
            for kind, subject in subjects.items():
                own = LoginAttempt.subject == subject
                if kind == "address":
                    newest = select(func.max(LoginAttempt.id)).where(own)
                    own = LoginAttempt.id == newest.scalar_subquery()
                session.execute(delete(LoginAttempt).where(own).execution_options(synchronize_session=False))

    def _subjects(self, name: str, address: str, browser: str) -> dict[str, str]:
        if browser:
            return {"browser": keyed_digest(self._secret_key, "login-browser", f"{name} {browser}")}
        return {
            "account": keyed_digest(self._secret_key, "login-account", name),
            "address": keyed_digest(self._secret_key, "login-address", address),
        }


def wait_after(failures: int, free: int) -> timedelta:
    """How long after the last failure the next try is taken: 30 seconds, and twice as long with each further one."""
    if failures < free:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failures - free, 10), LONGEST_WAIT)


def _wait(session: Session, kind: str, subject: str, now: datetime) -> timedelta:
    query = select(func.count(), func.max(LoginAttempt.tried_at)).where(LoginAttempt.subject == subject)
    failures, last = session.execute(query).one()
    if not failures:
        return timedelta(0)
    since = now - clock.in_utc(last)
    return wait_after(failures, FREE_TRIES[kind]) - since
