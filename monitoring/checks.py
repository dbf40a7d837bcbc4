"""What has to be asked for at the moment of a scrape, such as how much waits in the database.

The answers are bounded in time, and one that does not come is a 0 in `milia_check_up` and never a fault of the scrape.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

UP_NAME = "milia_check_up"
UP_HELP = "Whether what was asked for at this scrape was answered in time"
SECONDS_TO_ANSWER = 2.0

Gauges = Sequence[GaugeMetricFamily]
Ask = Callable[[], Gauges]

logger = logging.getLogger(__name__)


class Checks(Collector):
    """Asks several questions at once, each by a thread of its own."""

    def __init__(self, questions: Mapping[str, Ask], seconds: float = SECONDS_TO_ANSWER) -> None:
        """Prepare.

        Args:
            questions: by name, what gives the gauges; it may raise SQLAlchemyError.
            seconds: how long all of them together may take.
        """
        self._questions = {name: _Question(name, ask) for name, ask in questions.items()}
        self._seconds = seconds

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Ask; the gauges of those that answered, and which did."""
        deadline = time.monotonic() + self._seconds
        for question in self._questions.values():
            question.begin()
        up = GaugeMetricFamily(UP_NAME, UP_HELP, labels=("check",))
        for name, question in self._questions.items():
            answer = question.wait(max(0.0, deadline - time.monotonic()))
            up.add_metric((name,), float(answer is not None))
            yield from answer or ()
        yield up

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing, so that nothing is asked when the checks are registered."""
        return iter(())


def registry_of(questions: Mapping[str, Ask], seconds: float = SECONDS_TO_ANSWER) -> CollectorRegistry:
    """A registry with these questions alone."""
    registry = CollectorRegistry()
    registry.register(Checks(questions, seconds))
    return registry


class _Question:
    """One question. A thread that has not come back is waited for and not joined by another one."""

    def __init__(self, name: str, ask: Ask) -> None:
        self._name = name
        self._ask = ask
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._answer: Gauges | None = None

    def begin(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._answer = None
                # Not one that the process waits for at its end.
                self._thread = threading.Thread(target=self._run, name=f"check {self._name}", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> Gauges | None:
        thread = self._thread
        if thread is None:
            return None
        thread.join(seconds)
        return None if thread.is_alive() else self._answer

    def _run(self) -> None:
        try:
            self._answer = self._ask()
        except SQLAlchemyError as error:
            logger.warning("a check for the metrics failed: %s: %s", self._name, type(error).__name__)
