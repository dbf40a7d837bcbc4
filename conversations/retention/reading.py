"""What the purge reads: pages of what is past its time, and how much it is."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import func, inspect, select, tuple_
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.clock import in_utc
from clinic.database import transaction
from conversations.event_rows import EVENTS
from conversations.retention.classes import CLASSES, FILES, TRANSCRIPT, Cutoffs, Removal
from conversations.retention.files import STORES
from conversations.retention.rules import ROW_RULES, RowRule
from conversations.retention.units import UNITS, Part, Unit

KEYS_OF_A_PAGE = 500
ROWS_OF_A_PAGE = 200
Key = tuple[Any, ...]


class Tally:
    """Counts removals by class and store; every store of every class is in it, also with nothing."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Removal] = {}
        for unit in UNITS:
            for part in unit.parts:
                self.add(Removal(unit.retention_class, part.table.name, 0))
        for rule in ROW_RULES:
            self.add(Removal(rule.retention_class, rule.store, 0))
        for store in STORES:
            self.add(Removal(FILES, store, 0))

    def add(self, removal: Removal) -> None:
        """Count it."""
        key = (removal.retention_class, removal.store)
        before = self._found.get(key, Removal(*key, 0))
        moments = [each.oldest for each in (before, removal) if each.oldest is not None]
        self._found[key] = Removal(*key, before.removed + removal.removed, min(moments, default=None))

    def removals(self) -> tuple[Removal, ...]:
        """All of them, in the order of the classes."""
        order = {each.name: place for place, each in enumerate(CLASSES)}
        return tuple(sorted(self._found.values(), key=lambda each: order[each.retention_class]))


def units_of(engine: Engine) -> tuple[Unit, ...]:
    """All units; no transcripts where no bot has ever run, since its table of events is then not there."""
    has_events = inspect(engine).has_table(EVENTS.name)
    return UNITS if has_events else tuple(unit for unit in UNITS if unit.retention_class != TRANSCRIPT)


def pages_of_units(engine: Engine, unit: Unit, at: Cutoffs) -> Iterator[list[str]]:
    """The keys of the units that are past their time."""
    after: str | None = ""
    while after is not None:
        with transaction(engine) as session:
            keys, after = unit.page(session, at, after, KEYS_OF_A_PAGE)
        if keys:
            yield keys


def pages_of_rows(engine: Engine, rule: RowRule, at: Cutoffs) -> Iterator[list[Key]]:
    """The primary keys of the rows that are past their time."""
    key = list(rule.table.primary_key.columns)
    query = select(*key).where(rule.condition(at)).order_by(*key).limit(ROWS_OF_A_PAGE)
    page: Sequence[Key] = ()
    while True:
        with transaction(engine) as session:
            further = query.where(tuple_(*key) > tuple_(*page[-1])) if page else query
            page = [tuple(row) for row in session.execute(further)]
        if page:
            yield page
        if len(page) < ROWS_OF_A_PAGE:
            return


def counted_part(session: Session, retention_class: str, part: Part, condition: Any) -> Removal:
    """How many rows of a unit's table these are, and the oldest moment."""
    oldest = func.count() if part.moment is None else func.min(part.moment)
    number, first = session.execute(select(func.count(), oldest).select_from(part.table).where(condition)).one()
    return Removal(retention_class, part.table.name, number, None if part.moment is None else _moment(first))


def counted_rows(session: Session, rule: RowRule, at: Cutoffs, *more: Any) -> Removal:
    """How many rows a rule means, and the oldest moment."""
    query = select(func.count(), func.min(rule.moment)).select_from(rule.table).where(rule.condition(at), *more)
    number, first = session.execute(query).one()
    return Removal(rule.retention_class, rule.store, number, _moment(first))


def _moment(value: datetime | float | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return None if value is None else in_utc(value)
    return datetime.fromtimestamp(value, timezone.utc)
