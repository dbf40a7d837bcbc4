"""Reading the audit: by person, action, subject and date, the newest first."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.engine import Engine, Row
from sqlalchemy.sql.selectable import Select

from clinic import clock
from clinic.database import transaction
from clinic.exports.spreadsheet import safe_cell
from console.audit_log import COMMAND
from console.tables import Account, AuditEntry

PAGE_ROWS = 50
MOST_EXPORTED = 100_000
"""A file is made in memory as a whole."""
NOBODY = "(nobody)"
"""Stands for who had not logged in, where a person is chosen."""
COLUMNS = ("Row", "Moment (UTC)", "Person", "Action", "About", "Which", "Details")


@dataclass(frozen=True)
class AuditFilters:
    """What to show; what is empty or None does not matter."""

    actor: str = ""
    action: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    first_day: date | None = None
    last_day: date | None = None


class TooManyRowsError(ValueError):
    """There are more rows than one file can hold."""


@dataclass(frozen=True)
class AuditPage:
    """Some rows, and whether there are newer and older ones that fit."""

    entries: list[AuditEntry]
    has_newer: bool
    has_older: bool


def read_page(
    engine: Engine, filters: AuditFilters, zone: ZoneInfo, *, before: int | None = None, after: int | None = None
) -> AuditPage:
    """One page, the newest first: the rows older than row `before`, or those just newer than row `after`."""
    query = _filtered(filters, zone)
    if after is not None:
        query = query.where(AuditEntry.id > after).order_by(AuditEntry.id)
    else:
        query = query.order_by(AuditEntry.id.desc())
        if before is not None:
            query = query.where(AuditEntry.id < before)
    with transaction(engine) as session:
        rows = list(session.execute(query.limit(PAGE_ROWS + 1)).scalars())
    there_is_more, shown = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS]
    if after is not None:
        return AuditPage(shown[::-1], there_is_more, has_older=True)
    return AuditPage(shown, before is not None, there_is_more)


def actors(engine: Engine) -> list[str]:
    """Whose rows there may be: everybody who ever had an account, and the command line."""
    with transaction(engine) as session:
        names = session.execute(select(Account.name).order_by(Account.name)).scalars().all()
    return [*names, COMMAND]


def as_csv(engine: Engine, filters: AuditFilters, zone: ZoneInfo) -> tuple[bytes, int]:
    """All rows that fit, the oldest first, as a spreadsheet takes them; and how many they are.

    Raises:
        TooManyRowsError: they are more than `MOST_EXPORTED`.
    """
    # Plain rows: objects of the mapped class would take several times the memory.
    query = _filtered(filters, zone).with_only_columns(*AuditEntry.__table__.columns).order_by(AuditEntry.id)
    with transaction(engine) as session:
        entries = session.execute(query.limit(MOST_EXPORTED + 1)).all()
    if len(entries) > MOST_EXPORTED:
        raise TooManyRowsError
    return _table(entries), len(entries)


def _table(entries: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for entry in entries:
        moment = clock.in_utc(entry.recorded_at).strftime("%Y-%m-%d %H:%M:%S")
        cells = (entry.actor, entry.action, entry.subject_kind, entry.subject_id, entry.details)
        writer.writerow([entry.id, moment, *map(safe_cell, cells)])
    return text.getvalue().encode("utf-8-sig")


def _filtered(filters: AuditFilters, zone: ZoneInfo) -> Select:
    query = select(AuditEntry)
    if filters.actor:
        query = query.where(AuditEntry.actor == ("" if filters.actor == NOBODY else filters.actor))
    if filters.action:
        query = query.where(AuditEntry.action == filters.action)
    if filters.subject_kind:
        query = query.where(AuditEntry.subject_kind == filters.subject_kind)
    if filters.subject_id:
        query = query.where(AuditEntry.subject_id == filters.subject_id)
    if filters.first_day:
        query = query.where(AuditEntry.recorded_at >= _start_of(filters.first_day, zone))
    if filters.last_day:
        query = query.where(AuditEntry.recorded_at < _start_of(filters.last_day + timedelta(days=1), zone))
    return query


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(timezone.utc)
