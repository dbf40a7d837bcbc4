"""Preferred times that cannot be meant as they stand: past, or not on any calendar or clock."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

from clinic.readings.finders.plain_text import PlainText
from clinic.readings.finders.time_words import DAY, PAST, time_items

IN_THE_PAST = "past"
IMPOSSIBLE = "impossible"

_MONTHS = {name.lower()[:3]: number for number, name in enumerate(calendar.month_name) if number}
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ORDINAL = re.compile(r"(?<![\d:])(\d{1,3})(?:st|nd|rd|th)\b")
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?! ?[ap]\.?m)(?:,? (?P<year>(?:19|20)\d\d))?"
)
_DAY_FIRST = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>(?:19|20)\d\d))?")
_ISO = re.compile(r"(?<![\d/-])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?![\d/-])")
_SLASHED = re.compile(
    r"(?<![\d/.-])(?P<month>\d{1,2})[/-](?P<day>\d{1,2})[/-](?P<year>\d{4}|\d{2})(?![\d/-])"
    r"|(?<![\d/.-])(?P<month2>\d{1,2})/(?P<day2>\d{1,2})(?![\d/%])"
)
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])|(?<![\d:/])(\d{1,2}) ?[ap]\.?m\b")
_LAST_HOUR, _LAST_MINUTE, _LAST_DAY = 24, 59, 31


def time_problem(text: str, now: datetime) -> str | None:
    """`IN_THE_PAST` or `IMPOSSIBLE` where that is plain, else None. `now` is the clinic's local time.

    A date without a year is the next such date, so it is never past; nor is an hour of today. One past date among
    others does not count, but an impossible one is always worth a question.
    """
    message = PlainText.of(text)
    if _has_impossible_clock(message.lower) or _has_impossible_ordinal(message.lower):
        return IMPOSSIBLE
    dates = _dates(message.lower)
    if any(_is_impossible(*found, now.date()) for found in dates):
        return IMPOSSIBLE
    past_words = [item for item in time_items(message) if item.kind == PAST]
    past = bool(past_words) or any(_is_past(*found, now.date()) for found in dates)
    return IN_THE_PAST if past and not _names_another_day(message, now.date()) else None


def _names_another_day(message: PlainText, today: date) -> bool:
    """A day beside the past one that may still come: "not last tuesday, next tuesday"."""
    days = [item.text for item in time_items(message) if item.kind == DAY]
    return any(not any(_is_past(*found, today) for found in _dates(day)) for day in days)


def _dates(lower: str) -> list[tuple[int | None, int, int]]:
    """Every (year, month, day) in the text, as written."""
    found: list[tuple[int | None, int, int]] = []
    for pattern in (_MONTH_FIRST, _DAY_FIRST):
        for match in pattern.finditer(lower):
            found.append((_year(match["year"]), _MONTHS[match["month"]], int(match["day"])))
    found += [(int(match["year"]), int(match["month"]), int(match["day"])) for match in _ISO.finditer(lower)]
    for match in _SLASHED.finditer(lower):
        month, day = int(match["month"] or match["month2"]), int(match["day"] or match["day2"])
        found.append((_year(match["year"]), *_in_order(month, day)))
    return found


def _in_order(first: int, second: int) -> tuple[int, int]:
    """Month and day; "15/3" is the 15th of March, written the other way round."""
    return (second, first) if first > 12 >= second else (first, second)


def _year(written: str | None) -> int | None:
    if not written:
        return None
    return int(written) if len(written) == 4 else 2000 + int(written)


def _is_impossible(year: int | None, month: int, day: int, today: date) -> bool:
    if not 1 <= month <= 12 or day < 1:
        return True
    years = [year] if year else [today.year, today.year + 1]
    return all(day > calendar.monthrange(candidate, month)[1] for candidate in years)


def _is_past(year: int | None, month: int, day: int, today: date) -> bool:
    return year is not None and not _is_impossible(year, month, day, today) and date(year, month, day) < today


def _has_impossible_clock(lower: str) -> bool:
    for match in _CLOCK.finditer(lower):
        hour, minute = int(match[1] or match[3]), int(match[2] or 0)
        if hour > _LAST_HOUR or minute > _LAST_MINUTE or (hour == _LAST_HOUR and minute):
            return True
    return False


def _has_impossible_ordinal(lower: str) -> bool:
    return any(not 1 <= int(match[1]) <= _LAST_DAY for match in _ORDINAL.finditer(lower))
