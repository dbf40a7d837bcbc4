"""Counts of turns put on a time axis and on the clock of the clinic, in one go over the rows."""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from console.insight_counts import TurnCount
from console.insight_period import Period, Span, span_finder

HOURS_OF_DAY = 24


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


def tally_turns(turns: Iterable[TurnCount], period: Period, spans: list[Span]) -> TurnTally:
    """Add up the counts of a period and of the days before it."""
    tally = TurnTally(steps=[Counter() for _ in spans])
    places: dict[int, tuple[Counter[TurnKind], int]] = {}
    place_of = span_finder(spans)
    for hour, channel, outcome, count in turns:
        kind = TurnKind(channel, outcome)
        if hour < period.start_hour:
            tally.before[kind] += count
            continue
        if hour not in places:
            places[hour] = (tally.steps[place_of(hour)], period.local(hour).hour)
        step, hour_of_day = places[hour]
        step[kind] += count
        tally.hours[hour_of_day] += count
    return tally


def number_of(counts: Counter[TurnKind], what: Trait, among: Container[str]) -> int:
    """How many turns with one of these channels, or outcomes."""
    return sum(count for kind, count in counts.items() if what(kind) in among)


def counted_by(what: Trait, counts: Counter[TurnKind]) -> Counter[str]:
    """How many turns of each channel, or of each outcome."""
    found: Counter[str] = Counter()
    for kind, count in counts.items():
        found[what(kind)] += count
    return found
