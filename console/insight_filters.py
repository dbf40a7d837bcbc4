"""Which days and which channel a person wants figures of, as the page's address says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from console.insight_period import Period
from console.names import CHANNELS
from console.typed_days import EARLIEST, LATEST

PRESETS = (7, 30, 90)
USUAL_DAYS = 30
LONGEST_DAYS = 366


@dataclass(frozen=True)
class InsightFilters:
    """What was asked for. `channel` is empty for all; `days` is set where the period is a preset.

    `period` is None where what was given cannot be taken; `problem` then says why, and `first` and `last` keep what was
    typed.
    """

    period: Period | None
    channel: str
    days: int | None
    first: str
    last: str
    problem: str = ""

    @property
    def address(self) -> str:
        """The query of an address that gives the same figures on any other day too."""
        return urlencode({"from": self.first, "to": self.last, "channel": self.channel})


def read_filters(query: Mapping[str, str], zone: ZoneInfo, today: date) -> InsightFilters:
    """Understand the parameters `days`, `from`, `to` and `channel`; without any, the last 30 days in all channels."""
    channel = query.get("channel", "")
    first, last = query.get("from", "").strip(), query.get("to", "").strip()
    if channel not in ("", *CHANNELS):
        return InsightFilters(None, "", None, first, last, "There is no such channel.")
    if not first and not last:
        return _preset(query.get("days", str(USUAL_DAYS)), channel, zone, today)
    problem = _problem(first, last)
    if problem:
        return InsightFilters(None, channel, None, first, last, problem)
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (end - begin).days + 1
    is_preset = end == today and days in PRESETS
    return InsightFilters(Period(begin, end, zone), channel, days if is_preset else None, first, last)


def _preset(days: str, channel: str, zone: ZoneInfo, today: date) -> InsightFilters:
    if days not in map(str, PRESETS):
        return InsightFilters(None, channel, None, "", "", "Please choose 7, 30 or 90 days, or give two days.")
    begin = today - timedelta(days=int(days) - 1)
    return InsightFilters(Period(begin, today, zone), channel, int(days), begin.isoformat(), today.isoformat())


def _problem(first: str, last: str) -> str:
    """What is wrong with the two days; empty when nothing is."""
    begin, end = _day(first), _day(last)
    if begin is None or end is None:
        return "Please give both days, each as year-month-day, such as 2026-11-02."
    if end < begin:
        return "The first day is after the last day."
    if begin < EARLIEST or end > LATEST:
        return "Please choose days between the years 2000 and 2100."
    if (end - begin).days >= LONGEST_DAYS:
        return f"Please choose at most {LONGEST_DAYS} days."
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
