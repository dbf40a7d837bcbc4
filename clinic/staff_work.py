"""Working through what visitors left for the staff: what is the same for appointment requests and for messages.

Each row has a version. Whoever saves says which version they saw; when somebody else was faster, nothing is written and
the error shows what they did, so that no one's work is overwritten unseen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.request_changes import WORKED
from clinic.work_history import Step, steps_of

OPEN = "open"
CONTACTED = "contacted"
BOOKED = "booked"
CLOSED = "closed"
CONTACT_WAS_MADE = frozenset({CONTACTED, BOOKED})
LONGEST_NOTE = 4_000
# A note keeps its lines; no database takes a NUL, and no page needs the other control characters.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class WorkItem:
    """What a request and a message have in common; `note` is private to the staff.

    `assignee` is an account's name. `first_contact_at` is when the row first became contacted or booked.
    """

    id: str
    conversation_id: str
    channel: str
    phone: str | None
    email: str | None
    status: str
    version: int
    assignee: str | None
    note: str | None
    first_contact_at: datetime | None
    created_at: datetime
    updated_at: datetime


Item = TypeVar("Item", bound=WorkItem)


@dataclass(frozen=True)
class WorkKind(Generic[Item]):
    """One kind of thing that the staff work through, and where it is stored.

    `subject` is the column of `changes` that names the row. `item` is the plain value that is made of a row. `searched`
    are the columns that a search by words looks into, `phone` apart. `may_become` gives the statuses that a row may
    take, the one it has among them.
    """

    table: Any
    changes: Any
    subject: str
    statuses: tuple[str, ...]
    searched: tuple[str, ...]
    item: type[Item]
    add_change: Callable[..., None]
    may_become: Callable[[Session, Any], tuple[str, ...]]

    def item_of(self, row: Any) -> Item:
        """The plain value of a row."""
        return self.item(**{field.name: getattr(row, field.name) for field in fields(self.item)})


@dataclass(frozen=True)
class WorkValues:
    """What the staff set: all three at once, as they stand in the form.

    `assignee` is an account's name. `note` is the staff's own and is never shown to a visitor.
    """

    status: str
    assignee: str | None
    note: str | None

    def tidied(self) -> "WorkValues":
        """The same without control characters and empty values, the note's lines ended by a line feed."""
        note = _CONTROLS.sub("", (self.note or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
        return WorkValues(self.status, (self.assignee or "").strip() or None, note or None)


VALUE_NAMES = tuple(field.name for field in fields(WorkValues))


class GoneError(LookupError):
    """There is no such row: it never was, or its visitor had it erased."""


class RefusedChangeError(ValueError):
    """The values cannot be taken; the message says why and holds nothing personal. Nothing was changed."""


class ChangedMeanwhileError(RuntimeError):
    """Somebody else saved since the version that was seen; nothing was changed.

    `present` is a `WorkFile` of the row as it stands now, `since` what others did to it, oldest first.
    """

    def __init__(self, present: Any, since: tuple[Step, ...]) -> None:
        super().__init__("somebody else saved meanwhile")
        self.present = present
        self.since = since


@dataclass(frozen=True)
class WorkFile(Generic[Item]):
    """One row with its history (oldest first) and the statuses it may take next."""

    item: Item
    history: tuple[Step, ...]
    may_become: tuple[str, ...]


def find_work(engine: Engine, kind: WorkKind[Item], subject_id: str) -> WorkFile[Item]:
    """The row with its history.

    Raises:
        GoneError: there is no such row.
    """
    with transaction(engine) as session:
        row = _row(session, kind, subject_id)
        return WorkFile(kind.item_of(row), steps_of(session, kind, row), kind.may_become(session, row))


def change_work(
    engine: Engine, kind: WorkKind[Item], subject_id: str, *, expected_version: int, values: WorkValues, changed_by: str
) -> Item:
    """Set status, assignee and note, and add a step to the history; the same values again change nothing.

    The moment of the first contact is kept for good: a status that is corrected later does not move it.

    Args:
        engine: the clinic's database.
        kind: requests or messages.
        subject_id: which row.
        expected_version: the version that the person saw.
        values: what they want.
        changed_by: the name of their account.

    Raises:
        GoneError: there is no such row.
        ChangedMeanwhileError: the row has another version and other values.
        RefusedChangeError: the status cannot follow the present one, or the note is too long.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    wanted = values.tidied()
    with transaction(engine) as session:
        row = _row(session, kind, subject_id)
        before = {name: getattr(row, name) for name in VALUE_NAMES if getattr(row, name) != getattr(wanted, name)}
        if not before:
            return kind.item_of(row)
        if row.version == expected_version:
            _check(wanted, kind.may_become(session, row))
            if _update(session, kind, row, {name: getattr(wanted, name) for name in before}):
                step = {"version": expected_version + 1, "change": WORKED, "changed_by": changed_by}
                kind.add_change(session, subject_id, **step, values_before=before)
                session.refresh(row)
                return kind.item_of(row)
    raise _changed_meanwhile(engine, kind, subject_id, expected_version)


def _row(session: Session, kind: WorkKind[Item], subject_id: str) -> Any:
    row = session.execute(select(kind.table).where(kind.table.id == subject_id)).scalar_one_or_none()
    if row is None:
        raise GoneError("there is no such row")
    return row


def _check(wanted: WorkValues, may_become: tuple[str, ...]) -> None:
    if wanted.status not in may_become:
        raise RefusedChangeError(f"It can only be {' or '.join(may_become)}.")
    if len(wanted.note or "") > LONGEST_NOTE:
        raise RefusedChangeError(f"The note is longer than {LONGEST_NOTE:,} characters. Please shorten it.")


def _update(session: Session, kind: WorkKind[Item], row: Any, values: dict[str, str | None]) -> bool:
    """Write if the row is still the one that was read; another saver may come between reading and writing."""
    moment = clock.now()
    first_contact = row.first_contact_at is None and values.get("status") in CONTACT_WAS_MADE
    same = update(kind.table).where(kind.table.id == row.id, kind.table.version == row.version)
    written = same.values(
        **values,
        **({"first_contact_at": moment} if first_contact else {}),
        version=row.version + 1,
        updated_at=moment,
    )
    return bool(session.execute(written.execution_options(synchronize_session=False)).rowcount)


def _changed_meanwhile(
    engine: Engine, kind: WorkKind[Item], subject_id: str, expected_version: int
) -> ChangedMeanwhileError:
    found = find_work(engine, kind, subject_id)
    since = tuple(step for step in found.history if step.version > expected_version)
    return ChangedMeanwhileError(found, since)
