"""The one place that reads the time, so that tests can set it."""

from datetime import datetime, timezone


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(timezone.utc)


def in_utc(moment: datetime) -> datetime:
    """A moment as the database gave it, timezone-aware, in UTC: SQLite gives UTC back without its zone."""
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
