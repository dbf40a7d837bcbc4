"""The one place that reads the time, so that tests can set it."""

import time
from datetime import datetime, timezone

SMALLEST_STEP_SECONDS = 1.0


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(timezone.utc)


def in_utc(moment: datetime) -> datetime:
    """A moment as the database gave it, timezone-aware, in UTC: SQLite gives UTC back without its zone."""
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


class StepsBack:
    """Notices that the machine's clock was put back, by the one of its clocks that never is.

    What was counted or put off by the time before such a step seems to lie in the future, and would stay there.
    """

    def __init__(self) -> None:
        self._shown, self._passed = time.time(), time.monotonic()

    def happened(self) -> bool:
        """Whether it was put back, by a second or more, since this was last asked."""
        shown, passed = time.time(), time.monotonic()
        behind = (passed - self._passed) - (shown - self._shown)
        self._shown, self._passed = shown, passed
        return behind > SMALLEST_STEP_SECONDS
