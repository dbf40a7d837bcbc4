"""The daily purge of the console's process: at a set hour of the clinic's day, by one of several consoles."""

import logging
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic import clock
from clinic.settings import Settings
from conversations.retention.journal import Journal
from conversations.retention.lease import AnotherRunError
from conversations.retention.purge import Keeper, purge
from conversations.retention.runs import SCHEDULE, finished_for

SECONDS_BETWEEN_LOOKS = 30.0
SECONDS_AFTER_TROUBLE = 300.0
SECONDS_AFTER_START = 300.0
"""Whoever starts a new release, or a restored database, can look before anything goes."""

logger = logging.getLogger(__name__)


class RetentionWatch:
    """Purges once a day, and keeps the journal of erasures; `has_trouble` says whether the last try failed."""

    def __init__(self, engine: Engine, settings: Settings, seconds_after_start: float = SECONDS_AFTER_START) -> None:
        self.has_trouble = False
        self._keeper = Keeper.of(engine, settings)
        self._journal = Journal(settings.var_dir)
        self._zone = settings.clinic_timezone
        self._not_before = clock.now() + timedelta(seconds=seconds_after_start)

    def run(self, stop: threading.Event) -> None:
        """Look until the event is set."""
        while not stop.wait(SECONDS_AFTER_TROUBLE if self.has_trouble else SECONDS_BETWEEN_LOOKS):
            self._look_and_outlive_trouble()

    def look(self) -> None:
        """Note new erasures in the journal, and purge if that is due.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
            OSError: a file cannot be written or deleted.
        """
        self._journal.note_new(self._keeper.engine)
        day = due_day(clock.now(), self._zone, self._keeper.settings.hour)
        if clock.now() < self._not_before or day is None or finished_for(self._keeper.engine, day):
            return
        try:
            purge(self._keeper, SCHEDULE, day)
        except AnotherRunError:
            return  # another console is at it; the next look finds its run finished, or takes its turn
        logger.info("the purge of the day is done")

    def _look_and_outlive_trouble(self) -> None:
        try:
            self.look()
        except (SQLAlchemyError, OSError) as error:
            self.has_trouble = True
            logger.error("the purge has trouble: %s", type(error).__name__)
        else:
            self.has_trouble = False


def due_day(moment: datetime, zone: ZoneInfo, hour: int) -> str | None:
    """The day of the clinic whose purge is due at a moment, as in 2026-11-23; None before its hour."""
    local = moment.astimezone(zone)
    return local.date().isoformat() if local.hour >= hour else None


def next_run(moment: datetime, zone: ZoneInfo, hour: int, is_done: bool) -> datetime:
    """When the next scheduled run begins, in the clinic's zone: at once where today's is due and not done."""
    local = moment.astimezone(zone)
    if due_day(moment, zone, hour) is not None and not is_done:
        return local
    at_hour = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return at_hour if at_hour > local else at_hour + timedelta(days=1)
