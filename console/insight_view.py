"""The counts of a period, and the ways to look at them."""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from functools import cached_property

from console.insight_counts import Counts, TurnCount
from console.insight_period import Comparison, Span, span_finder


@dataclass(frozen=True)
class InsightView:
    """The counts beside those of the days before."""

    counts: Counts
    comparison: Comparison

    @property
    def than(self) -> str:
        """What the numbers are compared with, as in "more than the 30 days before"."""
        return self.comparison.words

    @property
    def before_column(self) -> str:
        """The title of a table's column with the numbers of the days before."""
        return self.than.capitalize()

    @cached_property
    def spans(self) -> list[Span]:
        """The steps of the time axis."""
        return self.comparison.period.spans()

    @property
    def steps(self) -> list[str]:
        """The names of the steps of the time axis."""
        return [span.name for span in self.spans]

    @cached_property
    def turns_now(self) -> list[TurnCount]:
        """The turns of the period."""
        return [turn for turn in self.counts.turns if turn.hour >= self.comparison.period.start_hour]

    @cached_property
    def turns_before(self) -> list[TurnCount]:
        """The turns of the days before."""
        return [turn for turn in self.counts.turns if turn.hour < self.comparison.period.start_hour]

    def over_time(self, hours: Iterable[tuple[int, int]]) -> list[int]:
        """Add up counts that come with their hour of the log, for each step of the time axis."""
        place_of, counts = span_finder(self.spans), [0] * len(self.spans)
        for hour, count in hours:
            counts[place_of(hour)] += count
        return counts

    def turns_over_time(self, what: Callable[[TurnCount], str], among: Container[str]) -> list[int]:
        """How many turns of these kinds fell into each step of the time axis."""
        return self.over_time((turn.hour, turn.count) for turn in self.turns_now if what(turn) in among)


def channel_of(turn: TurnCount) -> str:
    """The channel of turns, to count by."""
    return turn.channel


def outcome_of(turn: TurnCount) -> str:
    """The outcome of turns, to count by."""
    return turn.outcome


def total(turns: Iterable[TurnCount]) -> int:
    """How many turns."""
    return sum(turn.count for turn in turns)


def total_of(turns: Iterable[TurnCount], outcomes: frozenset[str]) -> int:
    """How many turns ended in one of the outcomes."""
    return sum(turn.count for turn in turns if turn.outcome in outcomes)


def counted_by(what: Callable[[TurnCount], str], turns: Iterable[TurnCount]) -> Counter[str]:
    """How many turns of each kind."""
    counts: Counter[str] = Counter()
    for turn in turns:
        counts[what(turn)] += turn.count
    return counts


def in_order(found: Iterable[str], known: Iterable[str]) -> list[str]:
    """The known ones in their own order, then what is new."""
    order = {name: place for place, name in enumerate(known)}
    return sorted(found, key=lambda name: (order.get(name, len(order)), name))
