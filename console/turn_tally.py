"""Counts of turns put on a time axis and on the clock of the clinic: one query, one go over an index."""

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from console.insight_period import DAY_HOURS, Comparison, Period
from conversations.turn_log import LoggedTurn

HOURS_OF_DAY = 24
BEFORE = -1
"""Stands in place of the number of a step for the days before."""
FIRST_DAY = date(1970, 1, 1)


class TurnKind(NamedTuple):
    """What turns are told apart by."""

    channel: str
    outcome: str


Trait = Callable[[TurnKind], str]


def channel_of(kind: TurnKind) -> str:
    """The channel, to count by."""
    return kind.channel


def outcome_of(kind: TurnKind) -> str:
    """The outcome, to count by."""
    return kind.outcome


@dataclass(frozen=True)
class TurnTally:
    """How many turns of each kind: in the days before, in each step of the period, and by hour of the day."""

    before: Counter[TurnKind] = field(default_factory=Counter)
    steps: list[Counter[TurnKind]] = field(default_factory=list)
    hours: list[int] = field(default_factory=lambda: [0] * HOURS_OF_DAY)

    @cached_property
    def now(self) -> Counter[TurnKind]:
        """The turns of the period."""
        return sum(self.steps, Counter())

    def over_time(self, what: Trait, among: Container[str]) -> list[int]:
        """How many turns with one of these channels, or outcomes, fell into each step of the period."""
        return [number_of(step, what, among) for step in self.steps]


def read_tally(session: Session, comparison: Comparison, conditions: Sequence[Any]) -> TurnTally:
    """Count a period and the days before it.

    The database puts the counts of each hour on the clinic's clock: an answer with every hour of half a year has many
    thousands of rows, and taking them over would take longer than counting.

    Args:
        session: the database.
        comparison: the period and what it is compared with.
        conditions: which turns count, besides their time.
    """
    period = comparison.period
    kind = (LoggedTurn.hour, LoggedTurn.channel, LoggedTurn.outcome)
    hourly = (
        select(*kind, func.count().label("turns"))
        .where(LoggedTurn.hour >= comparison.before_start, LoggedTurn.hour < period.end_hour, *conditions)
        .group_by(*kind)
        .cte("hourly")
    )
    tally = TurnTally(steps=[Counter() for _ in period.spans()])
    for place, channel, outcome, turns in session.connection().execute(union_all(*_parts(hourly, comparison))):
        if channel is None:
            tally.hours[place] += int(turns)
        else:
            counter = tally.before if place == BEFORE else tally.steps[place]
            counter[TurnKind(channel, outcome)] += int(turns)
    return tally


def _parts(hourly: Any, comparison: Comparison) -> tuple[Any, Any]:
    """How many turns by step and kind, and how many by hour of the day; the second have no channel and no outcome."""
    period, is_now = comparison.period, hourly.c.hour >= comparison.period.start_hour
    clocked = select(hourly, is_now.label("is_now"), _since_first_midnight(hourly.c.hour, period).label("since"))
    counted = clocked.where(or_(is_now, hourly.c.hour < comparison.before_end)).subquery()
    step = case((counted.c.is_now, _step(counted, period)), else_=BEFORE)
    placed = select(step.label("place"), counted.c.channel, counted.c.outcome, counted.c.turns).subquery()
    by_kind = (placed.c.place, placed.c.channel, placed.c.outcome)
    nothing = cast(null(), String)
    hour_of_day = (counted.c.since % HOURS_OF_DAY).label("place")
    of_day = select(hour_of_day, counted.c.turns).where(counted.c.is_now).subquery()
    return (
        select(*by_kind, func.sum(placed.c.turns)).group_by(*by_kind),
        select(of_day.c.place, nothing, nothing, func.sum(of_day.c.turns)).group_by(of_day.c.place),
    )


def _since_first_midnight(hour: Any, period: Period) -> Any:
    """The hours that the clinic's clock shows since the first day's midnight."""
    (_, first), *changes = period.clock_settings()
    midnight = (period.first - FIRST_DAY).days * DAY_HOURS
    ahead = case(*((hour >= since, hours - midnight) for since, hours in reversed(changes)), else_=first - midnight)
    return hour + (ahead if changes else literal(first - midnight))


def _step(counted: Any, period: Period) -> Any:
    """The number of a step of the time axis, from 0."""
    if period.days_of_step is None:
        return counted.c.hour - period.start_hour
    # Both are whole and not negative, which makes it a division without a rest in either database.
    return counted.c.since.op("/", return_type=Integer())(period.days_of_step * DAY_HOURS)


def number_of(counts: Counter[TurnKind], what: Trait, among: Container[str]) -> int:
    """How many turns with one of these channels, or outcomes."""
    return sum(count for kind, count in counts.items() if what(kind) in among)


def counted_by(what: Trait, counts: Counter[TurnKind]) -> Counter[str]:
    """How many turns of each channel, or of each outcome."""
    found: Counter[str] = Counter()
    for kind, count in counts.items():
        found[what(kind)] += count
    return found
