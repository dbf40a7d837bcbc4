"""Where a message says when somebody was born: a date that nobody wants to come on."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, PlainText

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-zé]{0,8}\.?"
_DATE = (
    rf"(?:\d{{1,4}}[-/. ]{{1,2}}\d{{1,2}}[-/. ]{{1,2}}\d{{1,4}}|\d{{8}}|{_MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?:,? {{1,2}}(?:19|20)\d\d)?|\d{{1,2}}(?:st|nd|rd|th)?(?: of| de)? {_MONTH}(?:,?(?: de)? {{1,2}}(?:19|20)\d\d)?"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?|{_MONTH},? (?:19|20)\d\d|(?:19|20)\d\d)(?!\w)"
)
_BIRTH = re.compile(
    r"(?<!\w)(?:d\.? ?o\.? ?b\b\.?|date of birth|birth ?-?date|birth ?day|b-?day|born|naci[oó]|nacid[oa]"
    r"|fecha de nacimiento|cumpleaños)(?: ?[:=,-]| is| was|'s| on| in| el| es| en){0,2} {0,2}"
    rf"(?:the )?{_DATE}"
)


def scan_births(message: PlainText) -> list[Found]:
    """Every date of birth that is named as one ("DOB 3/4/2019", "born March 4 2019"), with the words that name it."""
    return [Found(match.start(), match.end(), match.group()) for match in _BIRTH.finditer(message.lower)]
