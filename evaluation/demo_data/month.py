"""When things happen in a made-up month: conversations through the day, and the staff's calls in working hours."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# How busy each hour of the clinic's day is.
BUSY = (1, 1, 0, 0, 0, 1, 2, 4, 6, 8, 8, 7, 8, 7, 6, 6, 6, 7, 8, 9, 10, 8, 5, 3)
OPENS, CLOSES = 9, 17
SATURDAY = 5


def beginnings(chance: random.Random, until: datetime, days: int, count: int, zone: ZoneInfo) -> list[datetime]:
    """The moments at which so many conversations begin, oldest first, all before `until`."""
    moments: list[datetime] = []
    while len(moments) < count:
        day = (until - timedelta(days=chance.uniform(0, days))).astimezone(zone)
        [hour] = chance.choices(range(24), BUSY)
        moment = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
        if until - timedelta(days=days) <= moment < until - timedelta(hours=1):
            moments.append(moment)
    return sorted(moments)


def pauses(chance: random.Random) -> Iterator[timedelta]:
    """How long a visitor takes for each next message."""
    while True:
        yield timedelta(seconds=chance.randint(6, 75))


def called_back(chance: random.Random, stored: datetime, zone: ZoneInfo) -> datetime:
    """When the staff answer what was stored at this moment: some hours later, while they work."""
    moment = (stored + timedelta(hours=chance.uniform(0.5, 9))).astimezone(zone)
    while not (OPENS <= moment.hour < CLOSES and moment.weekday() < SATURDAY):
        moment += timedelta(hours=1)
    return moment
