"""Runs of the purge and their receipts: written as it goes, read by the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.clock import in_utc
from clinic.database import transaction
from conversations.retention.classes import Removal
from conversations.retention.lease import give_lease_back
from conversations.retention.tables import RetentionReceipt, RetentionRun

SCHEDULE = "schedule"
COMMAND = "command"
CONSOLE = "console"
RESTORE = "restore"


@dataclass(frozen=True)
class Run:
    """One run as it is kept; moments are UTC. `removals` are what it removed, class by class."""

    id: str
    started_by: str
    due_on: str | None
    started_at: datetime
    finished_at: datetime | None
    fault: str | None
    removals: tuple[Removal, ...] = ()

    @property
    def removed(self) -> int:
        """How many rows and files went, or were emptied."""
        return sum(each.removed for each in self.removals)


def begin_run(engine: Engine, run_id: str, started_by: str, due_on: str | None) -> None:
    """Keep that a run begins."""
    with transaction(engine) as session:
        row = {"id": run_id, "started_by": started_by, "due_on": due_on, "started_at": clock.now()}
        session.execute(insert(RetentionRun).values(**row))


def add_to_receipt(session: Session, run_id: str, removal: Removal) -> None:
    """Count what goes in the caller's transaction."""
    if not removal.removed:
        return
    own = (
        RetentionReceipt.run_id == run_id,
        RetentionReceipt.retention_class == removal.retention_class,
        RetentionReceipt.store == removal.store,
    )
    values = {"removed": RetentionReceipt.removed + removal.removed, "recorded_at": clock.now()}
    counted = update(RetentionReceipt).where(*own).values(**values)
    if not session.execute(counted.execution_options(synchronize_session=False)).rowcount:
        first = {"run_id": run_id, "retention_class": removal.retention_class, "store": removal.store}
        row = {**first, "removed": removal.removed, "recorded_at": clock.now()}
        session.execute(insert(RetentionReceipt).values(**row))


def end_run(engine: Engine, run_id: str, fault: str | None = None) -> None:
    """Keep that a run has come to its end, or the kind of fault that ended it; others may have their turn."""
    values = {"fault": fault[:100]} if fault else {"finished_at": clock.now()}
    with transaction(engine) as session:
        session.execute(update(RetentionRun).where(RetentionRun.id == run_id).values(**values))
        give_lease_back(session, run_id)


def last_runs(engine: Engine, most: int) -> list[Run]:
    """The newest runs with their receipts, the newest first."""
    query = select(RetentionRun).order_by(RetentionRun.started_at.desc(), RetentionRun.id).limit(most)
    with transaction(engine) as session:
        runs = list(session.execute(query).scalars())
        receipts = _receipts(session, [run.id for run in runs])
    return [
        Run(
            run.id,
            run.started_by,
            run.due_on,
            in_utc(run.started_at),
            in_utc(run.finished_at) if run.finished_at else None,
            run.fault,
            tuple(receipts.get(run.id, ())),
        )
        for run in runs
    ]


def finished_for(engine: Engine, due_on: str) -> bool:
    """Whether the scheduled run of a day has come to its end."""
    query = select(RetentionRun.id).where(RetentionRun.due_on == due_on, RetentionRun.finished_at.is_not(None))
    with transaction(engine) as session:
        return session.execute(query.limit(1)).first() is not None


def _receipts(session: Session, run_ids: Sequence[str]) -> dict[str, list[Removal]]:
    query = (
        select(RetentionReceipt)
        .where(RetentionReceipt.run_id.in_(run_ids))
        .order_by(RetentionReceipt.retention_class, RetentionReceipt.store)
    )
    found: dict[str, list[Removal]] = {}
    for row in session.execute(query).scalars():
        found.setdefault(row.run_id, []).append(Removal(row.retention_class, row.store, row.removed))
    return found
