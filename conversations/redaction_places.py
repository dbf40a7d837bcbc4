"""Where somebody lives, as far as a message says so."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, PlainText

_STREET = re.compile(
    r"(?<!\w)\d{1,6} (?:[nsew]\.? )?[a-z]{2,20}(?: [a-z]{2,20}){0,2}"
    r" (?:street|st|avenue|ave|blvd|road|rd|drive|lane|ln)\b"
)


def scan_addresses(message: PlainText) -> list[Found]:
    """Every address."""
    return [Found(match.start(), match.end(), match.group()) for match in _STREET.finditer(message.lower)]
