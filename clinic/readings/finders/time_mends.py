"""Words that take a time back while another is named: "Friday, no wait, Saturday"."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import PlainText
from clinic.readings.finders.time_words import DAY, time_items

_MENDED = re.compile(
    r"\b(?:no,? wait|wait,? no|scratch that|i meant?|oops|sorry|make that|no,? actually|actually"
    r"|correction)\b"
)
# "Friday no Saturday" changes the day; "Friday, no Saturdays" and "Friday, no mornings" narrow it.
_NO = re.compile(r"[ ,.;!-]{1,3}no+(?:pe)?[ ,.;!-]{1,3}(?=(?:on |the |next |this )?(?P<day>[a-z]+))")
_LONGEST = 400


def mended_start(words: str) -> int:
    """Where in some words about time the last one that is meant begins; 0 where nothing is taken back."""
    lower = words.lower()[:_LONGEST]
    for match in sorted([*_MENDED.finditer(lower), *_NO.finditer(lower)], key=_end, reverse=True):
        bare_no = match.re is _NO
        before, rest = lower[: match.start()], lower[match.end() :]
        if _days(before) == 0 or _days(rest) == 0 or (bare_no and not _changes_the_day(before, rest)):
            continue
        return match.end() + len(rest) - len(rest.lstrip(" ,.;:!-"))
    return 0


def _end(match: re.Match[str]) -> int:
    return match.end()


def _changes_the_day(before: str, rest: str) -> bool:
    """Whether one day stands on either side of a bare "no", and the second is no habit ("no Saturdays")."""
    following = [item for item in time_items(PlainText.of(rest)) if item.kind == DAY]
    return _days(before) == 1 and len(following) == 1 and not following[0].text.endswith("days")


def _days(words: str) -> int:
    return sum(item.kind == DAY for item in time_items(PlainText.of(words)))
