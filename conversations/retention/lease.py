"""Whose turn it is: of several processes that would purge at once, one does. A dead one's turn ends after a minute."""

from datetime import timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.storing_once import store_once
from conversations.retention.tables import RetentionLease

NAME = "purge"
LENGTH = timedelta(seconds=60)


class AnotherRunError(RuntimeError):
    """Another process purges, or has taken this one's turn."""


def take_lease(engine: Engine, holder: str) -> None:
    """Take the turn.

    Raises:
        AnotherRunError: another process has it.
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    _make_row(engine)
    now = clock.now()
    free = or_(RetentionLease.held_until.is_(None), RetentionLease.held_until < now)
    taken = (
        update(RetentionLease).where(RetentionLease.name == NAME, free).values(holder=holder, held_until=now + LENGTH)
    )
    with transaction(engine) as session:
        if not session.execute(taken.execution_options(synchronize_session=False)).rowcount:
            raise AnotherRunError("another process is at it")


def keep_lease(session: Session, holder: str) -> None:
    """Keep the turn for another minute, within the caller's transaction, which nobody else's can overlap.

    Raises:
        AnotherRunError: the turn was lost; nothing may be done any more.
    """
    mine = (RetentionLease.name == NAME, RetentionLease.holder == holder)
    kept = update(RetentionLease).where(*mine).values(held_until=clock.now() + LENGTH)
    if not session.execute(kept.execution_options(synchronize_session=False)).rowcount:
        raise AnotherRunError("the turn was lost")


def give_lease_back(session: Session, holder: str) -> None:
    """Let others have their turn, within the caller's transaction."""
    mine = (RetentionLease.name == NAME, RetentionLease.holder == holder)
    back = update(RetentionLease).where(*mine).values(holder=None, held_until=None)
    session.execute(back.execution_options(synchronize_session=False))


def _make_row(engine: Engine) -> None:
    """The migration makes it; a table that was emptied since has it again."""
    known = select(RetentionLease.name).where(RetentionLease.name == NAME)

    def make(session: Session) -> str:
        session.execute(insert(RetentionLease).values(name=NAME))
        return NAME

    store_once(engine, lambda session: session.execute(known).scalar(), make)
