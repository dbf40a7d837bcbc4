"""How pages are made: one Jinja environment that escapes everything, and the words for times and labels."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from clinic import clock
from clinic.clock import in_utc
from console.names import channel_name, label_name, language_name, outcome_name

TEMPLATES = Path(__file__).with_name("templates")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@lru_cache(maxsize=8)
def environment_of(zone: ZoneInfo) -> Environment:
    """The environment of all pages, one for each time zone: it keeps the templates that it has compiled.

    Args:
        zone: the clinic's time zone, in which moments are shown.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )

    def moment(value: datetime) -> Markup:
        """The moment as `<time>`: the day, the hour, and how long ago that was."""
        local = in_utc(value).astimezone(zone)
        return _time_element(value, f"{day_in_words(local)}, {hour_in_words(local)}", ago_in_words(value, clock.now()))

    def ago(value: datetime) -> Markup:
        """How long ago the moment was, with the moment itself as a tooltip."""
        local = in_utc(value).astimezone(zone)
        return _time_element(value, ago_in_words(value, clock.now()), f"{day_in_words(local)}, {hour_in_words(local)}")

    environment.filters |= {
        "moment": moment,
        "ago": ago,
        "label_name": label_name,
        "outcome_name": outcome_name,
        "channel_name": channel_name,
        "language_name": language_name,
        "percent": percent,
    }
    return environment


def day_in_words(local: datetime) -> str:
    """A day such as `Mon 23 Nov 2026`, with no word that depends on the machine's locale."""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[local.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[local.month - 1]
    return f"{weekday} {local.day} {month} {local.year}"


def hour_in_words(local: datetime) -> str:
    """An hour such as `3:05 pm`."""
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def ago_in_words(value: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    passed = now - in_utc(value)
    if passed < MINUTE:
        return "just now"
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if passed >= unit:
            count = passed // unit
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    raise AssertionError("a minute or more has a unit")


def percent(share: float | None) -> str:
    """A share between 0 and 1 as whole per cent; a dash where there is none."""
    return "–" if share is None else f"{share * 100:.0f} %"


def _time_element(value: datetime, shown: str, title: str) -> Markup:
    stamp = in_utc(value).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, title, shown)
