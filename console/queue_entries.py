"""What waits in the queue: how much of each kind, and one page in the order of risk. Two queries, whatever waits."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, false, func, select, true, union_all
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from clinic.database import transaction
from console.queue_filters import AGES, MINE, UNASSIGNED, QueueFilters
from console.queue_kinds import Kind, kinds_of
from console.queue_sources import sources
from console.roles import Role
from console.templating import in_utc
from conversations.turn_log import LoggedTurn

PAGE_SIZE = 50


@dataclass(frozen=True)
class Entry:
    """One thing that waits. `key` tells it from the others of its kind; `since` is UTC.

    What `subject`, `detail`, `reference` and `amount` say depends on the source (console/queue_sources.py and those
    that it names). `ordinal` is
    the turn that it is about, where there is one in the log.
    """

    kind: Kind
    rank: int
    since: datetime
    key: str
    conversation_id: str | None
    channel: str
    subject: str | None
    detail: str | None
    reference: str | None
    assignee: str | None
    amount: int | None
    ordinal: int | None


@dataclass(frozen=True)
class Count:
    """How much of one kind waits: in all, and under the filters; `newer` came after a given moment.

    `newest` is the youngest entry's moment, None where nothing waits.
    """

    total: int = 0
    matching: int = 0
    newer: int = 0
    newest: datetime | None = None


@dataclass(frozen=True)
class Look:
    """One look at the queue: whose (`mine` is what `account_name` is assigned to), when (UTC), with which filters."""

    role: Role
    account_name: str
    filters: QueueFilters
    now: datetime

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What the person may see."""
        return kinds_of(self.role)


@dataclass(frozen=True)
class QueuePage:
    """One page of what matches the filters. `number` may be smaller than what was asked for: the queue has shrunk."""

    entries: tuple[Entry, ...]
    counts: dict[Kind, Count]
    number: int
    last: int


def read_page(engine: Engine, look: Look, newer_than: datetime | None = None) -> QueuePage:
    """What waits, as the filters want it.

    Args:
        engine: the database.
        look: who looks, when, and through which filters; a kind that they may not see matches nothing.
        newer_than: the moment after which an entry counts as newer; None: none does.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    shown = [kind for kind in look.kinds if look.filters.kind in ("", kind.value)]
    with transaction(engine) as session:
        counts = {kind: Count() for kind in Kind} | _counts(session, look, newer_than)
        matching = sum(counts[kind].matching for kind in shown)
        last = max(1, -(-matching // PAGE_SIZE))
        number = min(look.filters.page, last)
        entries = _entries(session, shown, look, number) if matching else ()
    return QueuePage(entries, counts, number, last)


def _counts(session: Session, look: Look, newer_than: datetime | None) -> dict[Kind, Count]:
    waiting = _union(look.kinds, look.now)
    is_newer = waiting.c.since > newer_than if newer_than is not None else false()
    query = select(
        waiting.c.kind,
        func.count().label("total"),
        _how_many(_condition(waiting, look)).label("matching"),
        _how_many(is_newer).label("newer"),
        func.max(waiting.c.since).label("newest"),
    ).group_by(waiting.c.kind)
    return {
        Kind(row.kind): Count(row.total, row.matching, row.newer, in_utc(row.newest)) for row in session.execute(query)
    }


def _entries(session: Session, kinds: Sequence[Kind], look: Look, number: int) -> tuple[Entry, ...]:
    waiting = _union(kinds, look.now)
    order = ("rank", "since", "kind", "key")
    page = (
        select(waiting)
        .where(_condition(waiting, look))
        .order_by(*(waiting.c[name] for name in order))
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
        .subquery("page")
    )
    # The turn of a flag is looked up for the rows of the page alone.
    flagged = select(func.min(LoggedTurn.ordinal)).where(
        LoggedTurn.conversation_id == page.c.conversation_id, LoggedTurn.message_id == page.c.reference
    )
    columns = [page.c[field.name] for field in fields(Entry) if field.name != "ordinal"]
    ordinal = func.coalesce(page.c.ordinal, flagged.scalar_subquery()).label("ordinal")
    query = select(*columns, ordinal).order_by(*(page.c[name] for name in order))
    return tuple(_entry(row) for row in session.execute(query))


def _union(kinds: Sequence[Kind], now: datetime) -> Any:
    queries: list[Select] = [query for kind in kinds for query in sources(kind, now)]
    return union_all(*queries).subquery("waiting")


def _condition(waiting: Any, look: Look) -> Any:
    """The filters but for the kind."""
    filters = look.filters
    conditions = [true()]
    if filters.owner == MINE:
        conditions.append(waiting.c.assignee == look.account_name)
    elif filters.owner == UNASSIGNED:
        conditions.append(waiting.c.assignee.is_(None))
    if filters.channel:
        conditions.append(waiting.c.channel == filters.channel)
    if filters.older:
        conditions.append(waiting.c.since <= look.now - AGES[filters.older])
    return and_(*conditions)


def _how_many(condition: Any) -> Any:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)


def _entry(row: Any) -> Entry:
    values = dict(row._mapping)
    return Entry(**{**values, "kind": Kind(row.kind), "since": in_utc(row.since)})
