"""How the figures say numbers: comparisons, shares and durations in words."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3_600, 86_400
UP, DOWN, SAME = "up", "down", "same"


@dataclass(frozen=True)
class Change:
    """How a number moved: `direction` is `up`, `down` or `same`; `words` say it without an arrow."""

    direction: str
    words: str


def count_change(now: int, before: int, than: str) -> Change:
    """A count beside the one before: "12 more than the 30 days before"."""
    if now == before:
        return Change(SAME, f"as many as {than}")
    return Change(_direction(now - before), f"{abs(now - before):,} {'more' if now > before else 'fewer'} than {than}")


def share_change(now: float | None, before: float | None, than: str) -> Change | None:
    """A share beside the one before, in percentage points: "1.2 points higher than the 30 days before"."""
    if now is None:
        return None
    if before is None:
        return Change(SAME, f"nothing to compare with in {than}")
    points = round((now - before) * 100, 1)
    if points == 0:
        return Change(SAME, f"the same as {than}")
    return Change(_direction(points), f"{_points(abs(points))} {'higher' if points > 0 else 'lower'} than {than}")


def duration_change(now: float | None, before: float | None, than: str) -> Change | None:
    """A duration in seconds beside the one before: "2 h longer than the 30 days before"."""
    if now is None:
        return None
    if before is None:
        return Change(SAME, f"nothing to compare with in {than}")
    shown = duration_in_words(abs(now - before))
    if now == before or shown == duration_in_words(0):
        return Change(SAME, f"the same as {than}")
    return Change(_direction(now - before), f"{shown} {'longer' if now > before else 'shorter'} than {than}")


def number_of(count: int, one: str, many: str) -> str:
    """A count with its noun: "1 request", "1,200 requests"."""
    return f"{count:,} {one if count == 1 else many}"


def share(part: float, whole: float) -> float | None:
    """The part of a whole, between 0 and 1; None of nothing."""
    return part / whole if whole else None


def percent_in_words(value: float | None) -> str:
    """A share between 0 and 1, such as `3.4 %`; small ones are not rounded away."""
    return "–" if value is None else f"{round(value * 100, 1):g} %"


def duration_in_words(seconds: float | None) -> str:
    """A duration in at most two units, such as `80 ms`, `1.5 s`, `12 min` or `1 day 3 h`."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{round(seconds * 1_000)} ms"
    if seconds < MINUTE:
        return f"{round(seconds, 1):g} s"
    for unit, name, smaller, smaller_name in ((DAY, "day", HOUR, "h"), (HOUR, "h", MINUTE, "min")):
        if seconds >= unit:
            whole, rest = divmod(int(seconds), unit)
            shown = f"{whole} {name}{'s' if name == 'day' and whole > 1 else ''}"
            return f"{shown} {rest // smaller} {smaller_name}" if rest >= smaller else shown
    return f"{int(seconds // MINUTE)} min"


def percentile(values: Sequence[float], wanted: float) -> float | None:
    """The smallest value that at least the wanted share (0 to 1) of the values do not exceed; None of nothing."""
    return counted_percentile(((value, 1) for value in values), wanted)


def counted_percentile(counts: Iterable[tuple[float, int]], wanted: float) -> float | None:
    """The same of values that come with how often they were met."""
    ordered = sorted((value, count) for value, count in counts if count)
    rank = math.ceil(round(wanted * sum(count for _, count in ordered), 6))
    met = 0
    for value, count in ordered:
        met += count
        if met >= rank:
            return value
    return None


def _direction(difference: float) -> str:
    return UP if difference > 0 else DOWN


def _points(points: float) -> str:
    return f"{points:g} point{'' if points == 1 else 's'}"
