"""What waits in the queue: how much of each kind, and one page in the order of risk. Two queries, whatever waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Integer, String, and_, bindparam, case, cast, func, select, true, union_all
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Select

from clinic.clock import in_utc
from clinic.database import transaction
from clinic.same_conversation import lost_its_request
from console.queue_filters import AGES, MINE, UNASSIGNED, QueueFilters
from console.queue_kinds import Kind, kinds_of
from console.queue_review_sources import first_unhelpful_turn
from console.queue_sources import FOLLOW_UP_AFTER, FOLLOW_UP_BEFORE, sources
from console.roles import Role
from conversations.turn_log import LoggedTurn

PAGE_SIZE = 50
MOMENT = DateTime(timezone=True)

Shape = tuple[str, bool, bool]
"""Whose entries (of `OWNERS`), whether of one channel only, whether of some age only."""


@dataclass(frozen=True)
class Entry:
    """One thing that waits. `key` tells it from the others of its kind; `since` is UTC.

    What `subject`, `detail`, `reference` and `amount` say depends on the source (console/queue_sources.py and those
    that it names). `ordinal` is
    the turn that it is about, where there is one in the log. `lost_request` is whether the visitor of a message took
    back, since then, the appointment request that they had.
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
    lost_request: bool


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
    shown = tuple(kind for kind in look.kinds if look.filters.kind in ("", kind.value))
    shape = (look.filters.owner, bool(look.filters.channel), bool(look.filters.older))
    values = _values(look) | {"newer_than": newer_than}
    with transaction(engine) as session:
        rows = session.execute(_count_query(look.kinds, shape), values)
        counts = {kind: Count() for kind in Kind} | {Kind(row.kind): _count(row) for row in rows}
        matching = sum(counts[kind].matching for kind in shown)
        last = max(1, -(-matching // PAGE_SIZE))
        number = min(look.filters.page, last)
        values |= {"size": PAGE_SIZE, "skipped": (number - 1) * PAGE_SIZE}
        entries = session.execute(_page_query(shown, shape), values) if matching else ()
        return QueuePage(tuple(_entry(row) for row in entries), counts, number, last)


def _values(look: Look) -> dict[str, object]:
    """What the queries' parameters stand for; a query leaves alone what it does not know."""
    return {
        FOLLOW_UP_BEFORE: look.now - FOLLOW_UP_AFTER,
        "me": look.account_name,
        "channel": look.filters.channel,
        "waits_since": look.now - AGES.get(look.filters.older, timedelta(0)),
    }


# The queries are large, and putting one together takes longer than running it; each page asks every few seconds.
@lru_cache
def _count_query(kinds: tuple[Kind, ...], shape: Shape) -> Select:
    waiting = _union(kinds)
    return select(
        waiting.c.kind,
        func.count().label("total"),
        _how_many(_condition(waiting, shape)).label("matching"),
        _how_many(waiting.c.since > bindparam("newer_than", type_=MOMENT)).label("newer"),
        func.max(waiting.c.since).label("newest"),
    ).group_by(waiting.c.kind)


@lru_cache
def _page_query(kinds: tuple[Kind, ...], shape: Shape) -> Select:
    waiting = _union(kinds)
    order = ("rank", "since", "kind", "key")
    page = (
        select(waiting)
        .where(_condition(waiting, shape))
        .order_by(*(waiting.c[name] for name in order))
        .limit(bindparam("size", type_=Integer))
        .offset(bindparam("skipped", type_=Integer))
        .subquery("page")
    )
    # The turn that an entry is about is looked up for the rows of the page alone.
    flagged = select(func.min(LoggedTurn.ordinal)).where(
        LoggedTurn.conversation_id == page.c.conversation_id, LoggedTurn.message_id == page.c.reference
    )
    not_helpful = first_unhelpful_turn(page.c.conversation_id)
    ordinal = case((page.c.amount > 0, not_helpful.scalar_subquery()), else_=flagged.scalar_subquery())
    lost_request = and_(page.c.kind == Kind.MESSAGE.value, lost_its_request(page.c.key))
    return select(page, ordinal.label("ordinal"), lost_request.label("lost_request")).order_by(
        *(page.c[name] for name in order)
    )


def _union(kinds: tuple[Kind, ...]) -> Any:
    return union_all(*(query for kind in kinds for query in sources(kind))).subquery("waiting")


def _condition(waiting: Any, shape: Shape) -> Any:
    """The filters but for the kind."""
    owner, by_channel, by_age = shape
    conditions = [true()]
    if owner == MINE:
        conditions.append(waiting.c.assignee == bindparam("me", type_=String))
    elif owner == UNASSIGNED:
        conditions.append(waiting.c.assignee.is_(None))
    if by_channel:
        conditions.append(waiting.c.channel == bindparam("channel", type_=String))
    if by_age:
        conditions.append(waiting.c.since <= bindparam("waits_since", type_=MOMENT))
    return and_(*conditions)


def _how_many(condition: Any) -> Any:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)


def _count(row: Any) -> Count:
    return Count(row.total, row.matching, row.newer, in_utc(row.newest))


def _entry(row: Any) -> Entry:
    values = dict(row._mapping)
    read = {"kind": Kind(row.kind), "since": in_utc(row.since), "lost_request": bool(row.lost_request)}
    return Entry(**{**values, **read})
