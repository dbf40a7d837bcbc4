"""How far the log has been brought, so that each look asks only for what may be new.

Ids of events become visible out of order: of two transactions on PostgreSQL the one with the lower ids may commit
last. So an id counts as passed only when it was seen at least `SETTLED` ago and all up to it is in the log: a
transaction that held a lower id then has long ended, since a turn's takes milliseconds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.storing_once import store_once
from conversations.conversation_states import ConversationState
from conversations.event_rows import EVENTS
from conversations.turn_log import ProjectionProgress

SETTLED = timedelta(minutes=5)
NAME = "turn_log"


@dataclass(frozen=True)
class Progress:
    """`watermark`, `candidate` and `candidate_at` (UTC) of the table; see there."""

    watermark: int
    candidate: int
    candidate_at: datetime


def read_progress(engine: Engine) -> Progress:
    """How far the log has been brought; the beginning where nothing was noted yet."""
    return store_once(engine, _noted, _note_beginning)


def _noted(session: Session) -> Progress | None:
    row = session.get(ProjectionProgress, NAME)
    return None if row is None else Progress(row.watermark, row.candidate, clock.in_utc(row.candidate_at))


def _note_beginning(session: Session) -> Progress:
    start = Progress(0, 0, clock.now())
    session.execute(insert(ProjectionProgress).values(name=NAME, **vars(start)))
    return start


def note_progress(engine: Engine, progress: Progress, looked_at: datetime) -> None:
    """Note that all that could be seen at `looked_at` is in the log.

    Args:
        engine: the clinic's database.
        progress: what was read before the look; where it has changed meanwhile, nothing is noted.
        looked_at: when the look began.
    """
    waiting = progress.candidate > progress.watermark
    if waiting and looked_at - progress.candidate_at < SETTLED:
        return
    newest = select(func.coalesce(func.max(ConversationState.last_event_id), 0)).scalar_subquery()
    unchanged = (
        ProjectionProgress.name == NAME,
        ProjectionProgress.watermark == progress.watermark,
        ProjectionProgress.candidate == progress.candidate,
    )
    noted = update(ProjectionProgress).where(*unchanged)
    if not waiting:
        # An idle night writes nothing.
        noted = noted.where(newest > progress.candidate)
    values = {"watermark": progress.candidate, "candidate": newest, "candidate_at": clock.now()}
    with transaction(engine) as session:
        session.execute(noted.values(**values).execution_options(synchronize_session=False))


def forget_progress(session: Session) -> None:
    """Have everything looked at again, within the caller's transaction."""
    session.execute(update(ProjectionProgress).values(watermark=0, candidate=0, candidate_at=clock.now()))


def lower_progress(session: Session) -> None:
    """After events were deleted, within the caller's transaction: ids above those that are left were never passed.

    SQLite gives the ids of deleted newest rows to the next ones where the table was made without AUTOINCREMENT.
    """
    newest = session.execute(select(func.coalesce(func.max(EVENTS.c.id), 0))).scalar_one()
    for column in (ProjectionProgress.watermark, ProjectionProgress.candidate):
        lowered = update(ProjectionProgress).where(column > newest).values({column: newest})
        session.execute(lowered.execution_options(synchronize_session=False))
