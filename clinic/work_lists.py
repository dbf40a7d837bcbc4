"""Lists of requests and messages for the staff: filtered, in pages, counted, searched; each in one or two statements.

A page begins after a place and not after a number of rows: rows that come, or that somebody works off meanwhile, make
nothing be shown twice or skipped.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from itertools import islice
from typing import Any, Generic

from sqlalchemy import and_, func, null, or_, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.staff_work import Item, WorkKind

PAGE_SIZE = 50
FEWEST_DIGITS = 3
"""Fewer digits than this say nothing about a phone number."""


@dataclass(frozen=True)
class WorkFilters:
    """Which rows; what is None or empty lets all through.

    `unassigned` and `assignee` exclude each other. `urgency` is for messages alone. `came_from` (inclusive) and
    `came_until` (exclusive) bound the moment of coming in, in UTC.
    """

    statuses: tuple[str, ...] = ()
    assignee: str | None = None
    unassigned: bool = False
    channel: str | None = None
    urgency: str | None = None
    came_from: datetime | None = None
    came_until: datetime | None = None


@dataclass(frozen=True)
class Place:
    """A row's place in a list by the moment of coming in; `str()` of it can stand in an address."""

    created_at: datetime
    id: str

    def __str__(self) -> str:
        return f"{self.created_at.astimezone(timezone.utc).strftime('%Y%m%dT%H%M%S.%f')}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """The place that was written so.

        Raises:
            ValueError: it was not.
        """
        moment, _, row_id = text.partition("_")
        created_at = datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=timezone.utc)
        if not re.fullmatch(r"[0-9a-f-]{1,36}", row_id):
            raise ValueError("no place in a list")
        return cls(created_at, row_id)


@dataclass(frozen=True)
class WorkPage(Generic[Item]):
    """One page of a list; `following` is where the next one begins, or None at the end."""

    items: tuple[Item, ...]
    following: Place | None


def list_work(
    engine: Engine,
    kind: WorkKind[Item],
    filters: WorkFilters,
    *,
    newest_first: bool = False,
    after: Place | None = None,
) -> WorkPage[Item]:
    """One page of the rows that pass the filters; one statement."""
    with transaction(engine) as session:
        return _page(session, kind, _conditions(kind, filters), newest_first=newest_first, after=after)


def all_work(engine: Engine, kind: WorkKind[Item], filters: WorkFilters) -> list[Item]:
    """Every row that passes the filters, oldest first, as an export needs them; one statement."""
    query = select(kind.table).where(*_conditions(kind, filters)).order_by(kind.table.created_at, kind.table.id)
    with transaction(engine) as session:
        return [kind.item_of(row) for row in session.execute(query).scalars()]


def count_statuses(engine: Engine, kind: WorkKind[Item], filters: WorkFilters) -> dict[str, int]:
    """How many rows pass the other filters, by status, zero where there are none; one statement."""
    conditions = _conditions(kind, replace(filters, statuses=()))
    query = select(kind.table.status, func.count()).where(*conditions).group_by(kind.table.status)
    with transaction(engine) as session:
        return dict.fromkeys(kind.statuses, 0) | dict(session.execute(query).all())


def search_work(engine: Engine, kind: WorkKind[Item], words: str, *, after: Place | None = None) -> WorkPage[Item]:
    """One page of the rows whose name, phone number or e-mail address has every word, newest first; two statements.

    Case and accents make no difference, in any language, which neither database can do: names are compared here. Digits
    are also looked for in phone numbers, however they are written.
    """
    wanted = _Wanted(words)
    if not wanted:
        return WorkPage((), None)
    table = kind.table
    texts = [getattr(table, name) for name in kind.searched]
    # Each value is decrypted to be looked at: numbers only where there is a digit to look for.
    phone = table.phone if wanted.has_digits else null()
    looked_through = _in_order(select(table.id, phone.label("phone"), *texts), table, newest_first=True, after=after)
    with transaction(engine) as session:
        matching = (row.id for row in session.execute(looked_through) if wanted.is_in(row[2:], row.phone))
        found = list(islice(matching, PAGE_SIZE + 1))
        return _page(session, kind, [table.id.in_(found)], newest_first=True, after=None)


def _page(
    session: Session, kind: WorkKind[Item], conditions: Sequence[Any], *, newest_first: bool, after: Place | None
) -> WorkPage[Item]:
    query = _in_order(select(kind.table).where(*conditions), kind.table, newest_first=newest_first, after=after)
    rows = list(session.execute(query.limit(PAGE_SIZE + 1)).scalars())
    shown = rows[:PAGE_SIZE]
    following = Place(clock.in_utc(shown[-1].created_at), shown[-1].id) if len(rows) > PAGE_SIZE else None
    return WorkPage(tuple(kind.item_of(row) for row in shown), following)


def _in_order(query: Any, table: Any, *, newest_first: bool, after: Place | None) -> Any:
    keys = (table.created_at, table.id)
    ordered = query.order_by(*(key.desc() if newest_first else key for key in keys))
    return ordered if after is None else ordered.where(_beyond(table, after, newest_first))


def _beyond(table: Any, after: Place, newest_first: bool) -> Any:
    same_moment = table.created_at == after.created_at
    if newest_first:
        return or_(table.created_at < after.created_at, and_(same_moment, table.id < after.id))
    return or_(table.created_at > after.created_at, and_(same_moment, table.id > after.id))


def _conditions(kind: WorkKind[Item], filters: WorkFilters) -> list[Any]:
    table = kind.table
    conditions = [
        getattr(table, name) == value
        for name, value in (
            ("assignee", filters.assignee),
            ("channel", filters.channel),
            ("urgency", filters.urgency),
        )
        if value is not None
    ]
    if filters.statuses:
        conditions.append(table.status.in_(filters.statuses))
    if filters.unassigned:
        conditions.append(table.assignee.is_(None))
    if filters.came_from is not None:
        conditions.append(table.created_at >= filters.came_from)
    if filters.came_until is not None:
        conditions.append(table.created_at < filters.came_until)
    return conditions


class _Wanted:
    """The words of a search, ready to be looked for; false when there is nothing to look for."""

    def __init__(self, words: str) -> None:
        self._words = _folded(words).split()
        digits = _digits(words)
        is_number = len(digits) >= FEWEST_DIGITS and not any(letter.isalpha() for letter in words)
        self._number = digits if is_number else ""
        self.has_digits = bool(digits)

    def __bool__(self) -> bool:
        return bool(self._words)

    def is_in(self, texts: Sequence[str | None], phone: str | None) -> bool:
        numbers = _digits(phone or "")
        if self._number and self._number in numbers:
            return True
        hay = _folded(" ".join(text for text in texts if text))
        return all(word in hay or _is_number_in(word, numbers) for word in self._words)


def _is_number_in(word: str, numbers: str) -> bool:
    return word.isdecimal() and len(word) >= FEWEST_DIGITS and word in numbers


def _folded(text: str) -> str:
    """Without case and accents: "Álvarez" and "alvarez" are one."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())
