"""The purge: looking what is past its time, and removing it, a little at a time, so that no visitor waits for it."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import leave_nothing_in_the_log, transaction
from clinic.retention_settings import RetentionSettings
from clinic.settings import Settings
from conversations.projection_writes import be_the_only_writer
from conversations.retention import classes
from conversations.retention.classes import Cutoffs, Removal
from conversations.retention.files import old_files, remove_file
from conversations.retention.lease import AnotherRunError, keep_lease, take_lease
from conversations.retention.reading import Tally, counted_part, counted_rows, pages_of_rows, pages_of_units, units_of
from conversations.retention.rules import ROW_RULES, RowRule
from conversations.retention.runs import add_to_receipt, begin_run, end_run
from conversations.retention.units import Unit
from conversations.retention.writing import remove_part, remove_rows

UNITS_AT_ONCE = 10
SECONDS_BETWEEN_BATCHES = 0.02
"""For those who wait for SQLite's one lock."""


@dataclass(frozen=True)
class Keeper:
    """What a look and a run need: the database, the instance's folder, and how long each class is kept."""

    engine: Engine
    var_dir: Path
    settings: RetentionSettings

    @classmethod
    def of(cls, engine: Engine, settings: Settings) -> "Keeper":
        """The keeper of an instance."""
        return cls(engine, settings.var_dir, settings.retention)


def look(keeper: Keeper) -> tuple[Removal, ...]:
    """What a run would remove now, store by store; nothing is changed.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        OSError: a folder cannot be read.
    """
    at = Cutoffs(clock.now(), keeper.settings)
    found = Tally()
    for unit in units_of(keeper.engine):
        for keys in pages_of_units(keeper.engine, unit, at):
            with transaction(keeper.engine) as session:
                for part in unit.parts:
                    found.add(counted_part(session, unit.retention_class, part, part.rows(keys, at)))
    for rule in ROW_RULES:
        with transaction(keeper.engine) as session:
            found.add(counted_rows(session, rule, at))
    for old in old_files(keeper.var_dir, at):
        found.add(Removal(classes.FILES, old.store, 1, old.changed_at))
    return found.removals()


def purge(keeper: Keeper, started_by: str, due_on: str | None = None) -> tuple[Removal, ...]:
    """Remove what is past its time, and keep a receipt of it.

    Each batch is a transaction of its own, in which it is asked once more whether its rows are past their time. A run
    that is killed leaves nothing half done; the next one does the rest.

    Args:
        keeper: what is kept where, and how long.
        started_by: who began it, of conversations/retention/runs.py.
        due_on: the day of the clinic on which it was due, for scheduled runs.

    Raises:
        AnotherRunError: another process is at it.
        sqlalchemy.exc.SQLAlchemyError: the database does not answer; what went before stays gone.
        OSError: a file cannot be deleted.
    """
    run_id = str(uuid.uuid4())
    take_lease(keeper.engine, run_id)
    begin_run(keeper.engine, run_id, started_by, due_on)
    try:
        removals = _Run(keeper, run_id).all()
        leave_nothing_in_the_log(keeper.engine)
    except (SQLAlchemyError, OSError, AnotherRunError) as error:
        # Where not even this can be written, the run says by its missing end that it was cut short.
        with suppress(SQLAlchemyError):
            end_run(keeper.engine, run_id, fault=type(error).__name__)
        raise
    end_run(keeper.engine, run_id)
    return removals


class _Run:
    """One run. What is due is what was due when it began."""

    def __init__(self, keeper: Keeper, run_id: str) -> None:
        self._keeper = keeper
        self._engine = keeper.engine
        self._run_id = run_id
        self._at = Cutoffs(clock.now(), keeper.settings)
        self._removed = Tally()

    def all(self) -> tuple[Removal, ...]:
        """Everything, class by class."""
        for unit in units_of(self._engine):
            self._remove_units(unit)
        for rule in ROW_RULES:
            self._remove_rows(rule)
        self._remove_files()
        return self._removed.removals()

    def _remove_units(self, unit: Unit) -> None:
        for page in pages_of_units(self._engine, unit, self._at):
            for start in range(0, len(page), UNITS_AT_ONCE):
                with self._batch() as session:
                    keys = unit.still_past(session, self._at, page[start : start + UNITS_AT_ONCE])
                    for part in unit.parts:
                        self._note(session, remove_part(session, unit.retention_class, part, keys, self._at))
                    unit.after_removal(session)

    def _remove_rows(self, rule: RowRule) -> None:
        for keys in pages_of_rows(self._engine, rule, self._at):
            with self._batch(beside_projection=rule.beside_projection) as session:
                self._note(session, remove_rows(session, rule, keys, self._at))

    def _remove_files(self) -> None:
        for old in old_files(self._keeper.var_dir, self._at):
            remove_file(old)
            with self._batch() as session:
                self._note(session, Removal(classes.FILES, old.store, 1, old.changed_at))

    @contextmanager
    def _batch(self, beside_projection: bool = False) -> Iterator[Session]:
        """A transaction of this run alone, and a moment for others after it."""
        with transaction(self._engine) as session:
            if beside_projection or self._engine.dialect.name == "sqlite":
                be_the_only_writer(session)
            keep_lease(session, self._run_id)
            yield session
        time.sleep(SECONDS_BETWEEN_BATCHES)

    def _note(self, session: Session, removal: Removal) -> None:
        add_to_receipt(session, self._run_id, removal)
        self._removed.add(removal)
