"""What the purge writes: one batch of rows that go, or lose what they hold."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, tuple_, update
from sqlalchemy.orm import Session

from conversations.retention.classes import Cutoffs, Removal
from conversations.retention.reading import Key, counted_part, counted_rows
from conversations.retention.rules import RowRule
from conversations.retention.units import Part


def remove_part(session: Session, retention_class: str, part: Part, keys: Sequence[str], at: Cutoffs) -> Removal:
    """Delete the rows of units from one table, within the caller's transaction; what came since the look stays."""
    condition = part.old_rows(keys, at, retention_class)
    counted = counted_part(session, retention_class, part, condition)
    return replace(counted, removed=_changed(session, delete(part.table).where(condition)) if counted.removed else 0)


def remove_rows(session: Session, rule: RowRule, keys: Sequence[Key], at: Cutoffs) -> Removal:
    """Delete or empty the rows with these keys that are still past their time, within the caller's transaction."""
    columns = list(rule.table.primary_key.columns)
    one = len(columns) == 1
    these = columns[0].in_([key[0] for key in keys]) if one else tuple_(*columns).in_(keys)
    counted = counted_rows(session, rule, at, these)
    statement = delete(rule.table) if rule.values is None else update(rule.table).values(**rule.values)
    return replace(counted, removed=_changed(session, statement.where(rule.condition(at), these)))


def _changed(session: Session, statement: Any) -> int:
    return int(session.execute(statement.execution_options(synchronize_session=False)).rowcount)
