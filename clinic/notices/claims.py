"""Which notice is whose to send, and what became of it. Safe with several processes on PostgreSQL and SQLite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from clinic.notices.retries import LONGEST_PAUSE
from clinic.outbox import Notice
from clinic.staff_messages import URGENT
from clinic.urgency import ORDER_OF_URGENCY, SAFETY_PREFIX

LEASE = timedelta(minutes=5)
"""Longer than sending can take; a notice whose sender died is free again afterwards."""


@dataclass(frozen=True)
class ClaimedNotice:
    """A notice that is this process's to send until `claimed_until`. `attempts` counts this one; times are UTC."""

    id: str
    kind: str
    subject_id: str
    subject_version: int
    urgency: str
    channel: str
    attempts: int
    created_at: datetime
    claimed_until: datetime

    @property
    def is_urgent(self) -> bool:
        """Whether the staff should look at once."""
        return bool(self.urgency == URGENT)

    @property
    def danger(self) -> str | None:
        """The label of the safety flag that the notice tells of; None where it tells of something else."""
        return self.kind if self.kind.startswith(SAFETY_PREFIX) else None


def claim_next(engine: Engine, target: str) -> ClaimedNotice | None:
    """Take the next notice that is due; None when none is due or all are taken.

    Danger comes first, by its urgency; then what else is urgent; then the rest, the oldest first each time.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was claimed, or it cannot be known; the lease ends by itself.
    """
    while True:
        moment = clock.now()
        free = _is_free(moment)
        # Nothing is put off for so long: the clock was put back since.
        at = or_(Notice.next_attempt_at <= moment, Notice.next_attempt_at > moment + 2 * LONGEST_PAUSE)
        due = select(Notice).where(Notice.target == target, at, free)
        due = due.order_by(_place(), Notice.created_at, Notice.id).limit(1)
        with transaction(engine) as session:
            row = session.execute(due).scalar_one_or_none()
            if row is None:
                return None
            claimed_until = moment + LEASE
            # The condition is looked at again in the writing, so of two that saw the notice one alone gets it.
            taken = update(Notice).where(Notice.id == row.id, at, free)
            taken = taken.values(claimed_until=claimed_until, attempts=Notice.attempts + 1)
            if session.execute(taken.execution_options(synchronize_session=False)).rowcount:
                return _claimed(row, claimed_until)


def mark_delivered(engine: Engine, notice: ClaimedNotice, remark: str | None = None) -> None:
    """Note that the target has taken the notice, with a remark such as `1 of 3 recipients refused`."""
    _set(
        engine,
        Notice.id == notice.id,
        delivered_at=clock.now(),
        failed_at=None,
        next_attempt_at=None,
        claimed_until=None,
        last_error=remark,
    )


def put_off(engine: Engine, notice: ClaimedNotice, error: str, moment: datetime) -> None:
    """Note a fault that may pass, and when to try again. `error` is a kind or status and holds no text or address."""
    _set(engine, _still_ours(notice), next_attempt_at=moment, claimed_until=None, last_error=error)


def give_up(engine: Engine, notice: ClaimedNotice, error: str) -> None:
    """Note that the notice will not be delivered; the staff can find it by `failed_at`."""
    moment = clock.now()
    _set(engine, _still_ours(notice), failed_at=moment, next_attempt_at=None, claimed_until=None, last_error=error)


def renew_failed(engine: Engine, targets: Sequence[str]) -> int:
    """Make the notices that were given up due again; how many there were. Each is tried at least once more.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: none was made due.
    """
    return _set(
        engine,
        and_(Notice.failed_at.isnot(None), Notice.target.in_(targets)),
        failed_at=None,
        next_attempt_at=clock.now(),
    )


def _place() -> Any:
    """The place of a notice among those that are due, the most urgent 0."""
    danger = {label: place for place, label in enumerate(ORDER_OF_URGENCY)}
    other = case((Notice.urgency == URGENT, len(danger)), else_=len(danger) + 1)
    return case(danger, value=Notice.kind, else_=other)


def _is_free(moment: datetime) -> Any:
    return and_(
        Notice.delivered_at.is_(None),
        Notice.failed_at.is_(None),
        or_(
            Notice.claimed_until.is_(None),
            Notice.claimed_until <= moment,
            Notice.claimed_until > moment + 2 * LEASE,
        ),
    )


def _still_ours(notice: ClaimedNotice) -> Any:
    """A lease that ran out may have been taken over; what the other sender notes must stand."""
    return and_(Notice.id == notice.id, Notice.claimed_until == notice.claimed_until)


def _set(engine: Engine, which: Any, **values: Any) -> int:
    changed = update(Notice).where(which).values(**values)
    with transaction(engine) as session:
        return int(session.execute(changed.execution_options(synchronize_session=False)).rowcount)


def _claimed(row: Any, claimed_until: datetime) -> ClaimedNotice:
    created_at = row.created_at
    return ClaimedNotice(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        subject_version=row.subject_version,
        urgency=row.urgency,
        channel=row.channel,
        attempts=row.attempts + 1,
        created_at=clock.in_utc(created_at),
        claimed_until=claimed_until,
    )
