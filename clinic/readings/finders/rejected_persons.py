"""Names that a message only turns down: "it's for me, not for Zoe"."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, PlainText

_REACH = 30
_TURNED_DOWN = re.compile(
    r"\b(?:not|isn'?t|wasn'?t|instead of|rather than|no longer)(?: it)? (?:for|about)(?: my \w{2,15})?,? $"
)


def without_rejected(message: PlainText, persons: list[Found]) -> list[Found]:
    """The persons found in a message without those whom it says it is not for."""
    return [
        person
        for person in persons
        if not _TURNED_DOWN.search(message.lower, max(0, person.start - _REACH), person.start)
    ]
