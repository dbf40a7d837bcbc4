"""Where a message names somebody."""

from __future__ import annotations

from clinic.readings.finders.persons import scan_persons
from clinic.readings.finders.plain_text import Found, PlainText


def scan_names(message: PlainText) -> list[Found]:
    """Every name of a person."""
    return scan_persons(message)
