"""The one place that reads the time, so that tests can set it."""

from datetime import datetime, timezone


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(timezone.utc)
