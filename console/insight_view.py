"""The counts of a period, and the ways to look at them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from console.insight_counts import Counts, Work
from console.insight_period import Comparison, Span, span_finder
from console.turn_tally import TurnTally


@dataclass(frozen=True)
class NowAndBefore:
    """Requests or messages of the period, and of the days before."""

    now: list[Work]
    before: list[Work]


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

    @property
    def turns(self) -> TurnTally:
        """The messages of visitors."""
        return self.counts.turns

    @cached_property
    def requests(self) -> NowAndBefore:
        """The appointment requests."""
        return self._split(self.counts.requests)

    @cached_property
    def messages(self) -> NowAndBefore:
        """The messages for the staff."""
        return self._split(self.counts.messages)

    def _split(self, work: list[Work]) -> NowAndBefore:
        start = self.comparison.period.start_hour
        now, before = [each for each in work if each.hour >= start], [each for each in work if each.hour < start]
        return NowAndBefore(now, before)

    def over_time(self, work: Iterable[Work]) -> list[int]:
        """How many requests or messages fell into each step of the time axis."""
        place_of, counts = span_finder(self.spans), [0] * len(self.spans)
        for each in work:
            counts[place_of(each.hour)] += 1
        return counts


def in_order(found: Iterable[str], known: Iterable[str]) -> list[str]:
    """The known ones in their own order, then what is new."""
    order = {name: place for place, name in enumerate(known)}
    return sorted(found, key=lambda name: (order.get(name, len(order)), name))
