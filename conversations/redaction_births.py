"""Where a date of birth stands."""

from __future__ import annotations

from clinic.readings.finders.births import scan_births
from clinic.readings.finders.plain_text import Found, PlainText


def scan_birth_dates(message: PlainText) -> list[Found]:
    """Every date of birth."""
    return scan_births(message)
