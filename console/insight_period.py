"""The days that a figure is about, in the clinic's time zone, and the days before that it is compared with."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property
from zoneinfo import ZoneInfo

from console.templating import hour_in_words

DAYS_SHOWN_BY_HOUR = 1
DAYS_SHOWN_BY_DAY = 92
HOUR_SECONDS = 3_600
DAY_HOURS = 24
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Span:
    """One step of a time axis: an hour, a day or some days; `start` and `end` are hours as in `LoggedTurn.hour`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, as the clinic's clock counts them.

    The turn log counts by whole hours, UTC. Where the clinic's zone is not whole hours away from UTC, an hour belongs
    to the day in which it begins.
    """

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @cached_property
    def start_hour(self) -> int:
        """The first hour, counted from 1970, UTC."""
        return self._first_hour_of(self.first)

    @cached_property
    def end_hour(self) -> int:
        """The hour after the last one."""
        return self._first_hour_of(self.last + DAY)

    @property
    def start(self) -> datetime:
        """The moment at which the first hour begins, UTC."""
        return moment_of(self.start_hour)

    @property
    def end(self) -> datetime:
        """The moment at which the last hour ends, UTC."""
        return moment_of(self.end_hour)

    @property
    def before(self) -> "Period":
        """As many days, just before these."""
        return Period(self.first - timedelta(days=self.days), self.first - DAY, self.zone)

    def local(self, hour: int) -> datetime:
        """When an hour of the log begins, on the clinic's clock."""
        return moment_of(hour).astimezone(self.zone)

    @property
    def days_of_step(self) -> int | None:
        """How many days one step of the time axis has, counted from the first day; None where it is an hour."""
        if self.days <= DAYS_SHOWN_BY_HOUR:
            return None
        return 1 if self.days <= DAYS_SHOWN_BY_DAY else 7

    def spans(self) -> list[Span]:
        """The steps in which the period is drawn: hours for one day, weeks where days would be too many to see."""
        if self.days_of_step is None:
            return [Span(self._hour_name(hour), hour, hour + 1) for hour in range(self.start_hour, self.end_hour)]
        return self.spans_of(self.days_of_step)

    def clock_settings(self) -> list[tuple[int, int]]:
        """How many whole hours the clinic's clock is ahead of UTC, and from which hour on; in the order of time.

        The first is that of the first hour. Less than a whole hour ahead is left out: an hour of the log belongs to the
        hour of the clock in which it begins.
        """
        settings = [(self.start_hour, self._hours_ahead(self.start_hour))]
        for hour in range(self.start_hour, self.end_hour, DAY_HOURS):
            after = min(hour + DAY_HOURS, self.end_hour - 1)
            if self._hours_ahead(after) != settings[-1][1]:
                changed = next(each for each in range(hour, after + 1) if self._hours_ahead(each) != settings[-1][1])
                settings.append((changed, self._hours_ahead(changed)))
        return settings

    def spans_of(self, days: int) -> list[Span]:
        """Steps of so many days each; the last one may be shorter."""
        spans = []
        day = self.first
        while day <= self.last:
            after = min(day + timedelta(days=days), self.last + DAY)
            spans.append(Span(_days_name(day, after - DAY), self._first_hour_of(day), self._first_hour_of(after)))
            day = after
        return spans

    def _first_hour_of(self, day: date) -> int:
        midnight = datetime.combine(day, time(), self.zone).astimezone(timezone.utc)
        return -(-int(midnight.timestamp()) // HOUR_SECONDS)

    def _hours_ahead(self, hour: int) -> int:
        offset = self.local(hour).utcoffset()
        return 0 if offset is None else offset // HOUR

    def _hour_name(self, hour: int) -> str:
        """An hour of a day on which the clock is changed may come twice; its zone's name then tells which."""
        local = self.local(hour)
        shown = hour_in_words(local)
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        return f"{shown} {local.tzname()}" if twice else shown


@dataclass(frozen=True)
class Comparison:
    """A period beside the days before it; of a period that is not over, beside as many hours as have passed.

    `before_start` and `before_end` are hours as in `LoggedTurn.hour`; the end is the hour after the last one.
    """

    period: Period
    before_start: int
    before_end: int
    is_over: bool

    @property
    def words(self) -> str:
        """What the figures are compared with, as in "12 more than the 30 days before"."""
        days = self.period.days
        return "the day before" if days == 1 else f"the {days} days before"


def compared(period: Period, now: datetime) -> Comparison:
    """Set a period beside the days before."""
    before = period.before
    next_hour = int(now.timestamp()) // HOUR_SECONDS + 1
    if next_hour >= period.end_hour:
        return Comparison(period, before.start_hour, before.end_hour, is_over=True)
    passed = max(next_hour - period.start_hour, 0)
    end = min(before.start_hour + passed, before.end_hour)
    return Comparison(period, before.start_hour, end, is_over=False)


def span_finder(spans: list[Span]) -> Callable[[int], int]:
    """A function that gives the place of the span in which an hour of the period lies."""
    starts = [span.start for span in spans]
    return lambda hour: bisect_right(starts, hour) - 1


def moment_of(hour: int) -> datetime:
    """When an hour of the log begins, UTC."""
    return datetime.fromtimestamp(hour * HOUR_SECONDS, timezone.utc)


def day_name(day: date) -> str:
    """A day such as `23 Nov`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def _days_name(first: date, last: date) -> str:
    return day_name(first) if first == last else f"{day_name(first)} – {day_name(last)}"
