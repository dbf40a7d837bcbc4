"""A day alone in place of the only day of a wish, which keeps its hour: "tuesday 4pm", "make that wednesday"."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import PlainText
from clinic.readings.finders.time_limits import is_limit
from clinic.readings.finders.time_words import CLOCK, DAY, OCCASION, PART, SOFT, TIMELY, TimeItem, time_items

_HOURS = frozenset({CLOCK, PART, SOFT})
_ON = re.compile(r"(?:on|for) ")
_WHICH = re.compile(r"(?:the|next|nxt|this|coming|following) ")
_WHICH_AT_END = re.compile(rf"\b{_WHICH.pattern}$")
_SPAN = re.compile(r"\b(?:week|wk|month|year|end|weekend|break|days)|\b(?:in|within) ")
_NARROWS = re.compile(r"\b(?:not|no|but|except|or|if|unless|can'?t|cannot|don'?t|won'?t|avoid)\b")


def timely(words: str) -> list[TimeItem]:
    """The days, hours, parts of the day and occasions in some words, in order."""
    kept = TIMELY | {SOFT, OCCASION}
    return [item for item in time_items(PlainText.of(words)) if item.kind in kept]


def on_another_day(earlier: str, words: str) -> str | None:
    """The earlier wish on the day that the words name; None where it has not just one day and one hour.

    Weeks, months and limits ("not Mondays") are no day that takes the place of another, and words that say more than
    a day are a wish of their own.
    """
    hour_and_day, named = timely(earlier), timely(words)
    days = [item for item in hour_and_day if item.kind == DAY]
    hours = [item for item in hour_and_day if item.kind in _HOURS]
    if len(days) != 1 or len(hours) != 1 or len(hour_and_day) != 2 or [item.kind for item in named] != [DAY]:
        return None
    if _SPAN.search(f"{days[0].text} {named[0].text}") or _is_narrowed(earlier) or _is_narrowed(words):
        return None
    day = _ON.sub("", words, count=1) if _ON.match(words.lower()) else words
    if _WHICH.sub("", day.lower()).strip(" ,.;!") != _WHICH.sub("", named[0].text):
        return None
    before = earlier[: days[0].start]
    which = _WHICH_AT_END.search(before.lower()) if _WHICH.match(day.lower()) else None
    return f"{before[: which.start()] if which else before}{day}{earlier[days[0].end :]}"


def _is_narrowed(words: str) -> bool:
    return is_limit(words) or _NARROWS.search(words.lower()) is not None
