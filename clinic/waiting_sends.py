"""How many notices and texts wait to be sent, or were given up, in numbers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.flags import Flag
from clinic.outbox import Notice
from clinic.outgoing_texts import OutgoingText


@dataclass(frozen=True)
class WaitingSends:
    """How many of a kind wait, since when the oldest does in seconds (0 when none does), and how many were given up.

    Those that were given up count until somebody has called them handled.
    """

    waiting: int
    oldest_seconds: float
    failed: int


@dataclass(frozen=True)
class OpenFlags:
    """How many flags of a label nobody has acknowledged, and since when the oldest waits, in seconds."""

    label: str
    count: int
    oldest_seconds: float


def count_notices(engine: Engine) -> WaitingSends:
    """Notices to the staff.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    waiting = (Notice.delivered_at.is_(None), Notice.failed_at.is_(None))
    with transaction(engine) as session:
        return _counted(session, Notice, waiting)


def count_texts(engine: Engine) -> WaitingSends:
    """Texts to visitors.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    waiting = (OutgoingText.sent_at.is_(None), OutgoingText.failed_at.is_(None))
    with transaction(engine) as session:
        return _counted(session, OutgoingText, waiting)


def count_open_flags(engine: Engine) -> list[OpenFlags]:
    """Flags that wait for somebody, by label.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    query = select(Flag.label, func.count(), func.min(Flag.created_at)).where(Flag.acknowledged_at.is_(None))
    with transaction(engine) as session:
        rows = session.execute(query.group_by(Flag.label)).all()
    return [OpenFlags(label, count, _age(oldest)) for label, count, oldest in rows]


def _counted(session: Session, table: Any, waiting: tuple[Any, ...]) -> WaitingSends:
    count, oldest = session.execute(select(func.count(), func.min(table.created_at)).where(*waiting)).one()
    given_up = select(func.count()).select_from(table).where(table.failed_at.isnot(None), table.handled_at.is_(None))
    return WaitingSends(count, _age(oldest), session.execute(given_up).scalar_one())


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else max(0.0, (clock.now() - clock.in_utc(moment)).total_seconds())
