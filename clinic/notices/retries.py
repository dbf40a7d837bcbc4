"""When a notice is tried again."""

from datetime import timedelta
from random import SystemRandom

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_PAUSE_OF_DANGER = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(days=3)
_random = SystemRandom()


def pause_after(attempts: int, longest_pause: timedelta = LONGEST_PAUSE) -> timedelta:
    """How long to wait after this many failed attempts: twice as long each time, up to `longest_pause`.

    A part of up to half is taken off by chance, so that what failed together does not come back together.
    """
    # More doublings would only make the number overflow.
    longest = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), longest_pause)
    return longest * _random.uniform(0.5, 1.0)
