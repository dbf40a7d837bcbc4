"""Delivering for as long as a process runs."""

import logging
import threading
import time

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic.notices.courier import Courier, Outcome, couriers
from clinic.settings import Settings

SECONDS_BETWEEN_LOOKS = 2.0
LONGEST_REST_SECONDS = 60.0
SECONDS_TO_END = 3.0
logger = logging.getLogger(__name__)


class DeliveryLoop:
    """A thread for each target, so that trouble with one never holds up the other.

    The threads end with the process. One that is cut short while it sends leaves a lease behind; the notice is sent
    again, under the same id, when that has run out.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(courier,), name=f"notices-{courier.target}", daemon=True)
            for courier in couriers(engine, settings)
        ]

    def start(self) -> None:
        """Begin to deliver; once only."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Claim nothing more, and wait a moment for what is being sent."""
        self._stopping.set()
        deadline = time.monotonic() + SECONDS_TO_END
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self, courier: Courier) -> None:
        failures = 0
        while not self._stopping.is_set():
            outcome = _deliver(courier)
            if outcome in (Outcome.DELIVERED, Outcome.GIVEN_UP):
                failures = 0
                continue
            failures = 0 if outcome is Outcome.NOTHING_DUE else failures + 1
            self._stopping.wait(_rest_seconds(failures))


def _deliver(courier: Courier) -> Outcome | None:
    """The outcome, or None when the database failed; the loop outlives that."""
    try:
        return courier.deliver_next()
    except SQLAlchemyError as error:
        logger.warning("notices by %s wait for the database: %s", courier.target, type(error).__name__)
        return None


def _rest_seconds(failures: int) -> float:
    """Twice as long after each failure in a row: while a target is down, what waits is not all tried against it."""
    return min(SECONDS_BETWEEN_LOOKS * 2.0 ** min(failures, 10), LONGEST_REST_SECONDS)
