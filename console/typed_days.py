"""Days that stand in addresses and forms."""

from datetime import date

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


class NoDayError(ValueError):
    """The text is no day that is taken; the message is for the person who typed it."""


def read_day(text: str) -> date:
    """The day that is written as year-month-day.

    Raises:
        NoDayError: it is none, or one that nothing here can be of.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NoDayError("Please give a day as year-month-day, such as 2026-11-02.") from None
    if not EARLIEST <= day <= LATEST:
        raise NoDayError("Please give a day between the years 2000 and 2100.")
    return day
