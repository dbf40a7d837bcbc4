"""The history of a request or a message, step by step, with each value before and after."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class ChangedValue:
    """One field's value before and after a step; None where there was none."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Step:
    """What somebody did at once. `change` is one of the words of clinic/request_changes.py."""

    version: int
    change: str
    changed_by: str
    changed_at: datetime
    values: tuple[ChangedValue, ...]


def steps_of(session: Session, kind: Any, row: Any) -> tuple[Step, ...]:
    """All steps of a row, oldest first.

    Args:
        session: an open transaction.
        kind: a `clinic.staff_work.WorkKind`.
        row: the row itself, which holds the values after the last step.
    """
    subject = getattr(kind.changes, kind.subject)
    changes = session.execute(select(kind.changes).where(subject == row.id).order_by(kind.changes.version)).scalars()
    return with_values_after(row, list(changes))


def with_values_after(row: Any, changes: Sequence[Any]) -> tuple[Step, ...]:
    """Each change with what came after it: what the next change found there, or what stands there now.

    Args:
        row: anything that has the present values as attributes.
        changes: rows of `request_changes` or `message_changes`, oldest first; they keep the values before alone.
    """
    later: dict[str, str | None] = {}
    steps = []
    for change in reversed(changes):
        before: dict[str, str | None] = json.loads(change.details) if change.details else {}
        values = tuple(
            ChangedValue(name, value, later[name] if name in later else getattr(row, name, None))
            for name, value in before.items()
        )
        steps.append(Step(change.version, change.change, change.changed_by, change.changed_at, values))
        later |= before
    return tuple(reversed(steps))
