"""The clinic's opening hours: a time of opening and closing for each weekday, and the words that say them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import groupby

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
NOON = time(12)


class HoursError(ValueError):
    """Hours that cannot be; the message is for whoever entered them and names the weekday."""


@dataclass(frozen=True)
class OpenDay:
    """One day's hours, of the clinic's own clock. It closes after it opens, on the same day."""

    opens: time
    closes: time

    @property
    def shown(self) -> str:
        """Such as `9 am to 5:30 pm`."""
        return f"{_hour(self.opens)} to {_hour(self.closes)}"


@dataclass(frozen=True)
class OpeningHours:
    """The days from Monday on; None where it is closed. At least one is open."""

    days: tuple[OpenDay | None, ...]

    @property
    def shown(self) -> str:
        """Such as `Monday to Friday 9 am to 5 pm, Saturday 9 am to noon, closed on Sunday`."""
        spans: dict[OpenDay | None, list[str]] = {}
        for day, span in _runs(self.days):
            spans.setdefault(day, []).append(span)
        closed = spans.pop(None, [])
        parts = [f"{_listed(days)} {day.shown}" for day, days in spans.items() if day is not None]
        return ", ".join([*parts, f"closed on {_listed(closed)}"] if closed else parts)

    def stored_form(self) -> dict[str, list[str]]:
        """The open days as JSON takes them: `{"Monday": ["09:00", "17:00"]}`."""
        return {
            name: [f"{day.opens:%H:%M}", f"{day.closes:%H:%M}"]
            for name, day in zip(WEEKDAYS, self.days, strict=True)
            if day is not None
        }

    @classmethod
    def from_stored_form(cls, stored: Mapping[str, Sequence[str]]) -> "OpeningHours":
        """The hours that `stored_form` wrote.

        Raises:
            HoursError: it wrote no such thing.
        """
        try:
            read = read_hours({day: (opens, closes) for day, (opens, closes) in stored.items()})
        except (AttributeError, TypeError) as error:
            raise HoursError("These are no hours of weekdays.") from error
        if read is None:
            raise HoursError("There is no day on which the clinic is open.")
        return read


def read_hours(typed: Mapping[str, tuple[str, str]]) -> OpeningHours | None:
    """The hours of a form.

    Args:
        typed: opening and closing time as `09:00` by weekday; both empty, or no entry, where it is closed.

    Returns:
        The hours, or None when no day has any: then nobody has said when the clinic is open.

    Raises:
        HoursError: a time is missing or is none, or the clinic closes before it opens.
    """
    days = tuple(_day(name, *typed.get(name, ("", ""))) for name in WEEKDAYS)
    return OpeningHours(days) if any(days) else None


def _day(name: str, opens: str, closes: str) -> OpenDay | None:
    if not opens.strip() and not closes.strip():
        return None
    if not opens.strip() or not closes.strip():
        raise HoursError(f"{name} has only one of its two times. Fill in both, or none if the clinic is closed.")
    day = OpenDay(_time(name, opens), _time(name, closes))
    if day.closes <= day.opens:
        raise HoursError(f"On {name} the clinic would close before it opens. Is one of them am and the other pm?")
    return day


def _time(name: str, typed: str) -> time:
    found = TIME.fullmatch(typed.strip()[:5])
    if not found:
        raise HoursError(f"“{typed.strip()[:20]}” on {name} is no time. Write it as 09:00 or 17:30.")
    return time(int(found[1]), int(found[2]))


def _runs(days: Sequence[OpenDay | None]) -> Iterable[tuple[OpenDay | None, str]]:
    """Days in a row with the same hours: the hours, and the words for the days."""
    for day, run in groupby(range(len(days)), key=lambda number: days[number]):
        numbers = list(run)
        first, last = WEEKDAYS[numbers[0]], WEEKDAYS[numbers[-1]]
        if len(numbers) > 2:
            yield day, f"{first} to {last}"
        else:
            yield from ((day, WEEKDAYS[number]) for number in numbers)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _hour(moment: time) -> str:
    if moment == NOON:
        return "noon"
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {'am' if moment.hour < NOON.hour else 'pm'}"
