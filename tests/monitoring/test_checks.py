"""What is asked for at a scrape is bounded, and a fault is a 0 and not the end of the scrape."""

import threading
import time
from collections.abc import Callable

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import OperationalError

from monitoring.checks import Gauges, registry_of
from monitoring.exposition import render
from tests.monitoring.metric_table import sample


def works() -> Gauges:
    return [GaugeMetricFamily("milia_notices_waiting", "words", value=3)]


def fails() -> Gauges:
    raise OperationalError("SELECT 1", None, ConnectionError("gone"))


def is_broken() -> Gauges:
    raise ZeroDivisionError


def scraped(seconds: float = 5.0, **questions: Callable[[], Gauges]) -> str:
    return render([registry_of(questions, seconds)]).decode()


def test_what_is_answered_is_shown() -> None:
    text = scraped(work=works)
    assert sample(text, "milia_check_up", check="work") == 1
    assert sample(text, "milia_notices_waiting") == 3


def test_a_fault_of_the_database_is_a_zero_and_hides_nothing_else() -> None:
    text = scraped(database=fails, work=works)
    assert 'milia_check_up{check="database"} 0.0' in text
    assert sample(text, "milia_notices_waiting") == 3


def test_any_other_fault_is_one_as_well() -> None:
    said: list[threading.ExceptHookArgs] = []
    before, threading.excepthook = threading.excepthook, said.append
    try:
        assert 'milia_check_up{check="work"} 0.0' in scraped(work=is_broken)
    finally:
        threading.excepthook = before
    assert [each.exc_type for each in said] == [ZeroDivisionError]


def test_what_hangs_is_waited_for_so_long_and_asked_once() -> None:
    asked: list[float] = []
    let_go = threading.Event()

    def hangs() -> Gauges:
        asked.append(time.monotonic())
        let_go.wait()
        return works()

    registry = registry_of({"database": hangs, "work": works}, 0.1)
    for _ in range(3):
        text = render([registry]).decode()
        assert 'milia_check_up{check="database"} 0.0' in text
        assert 'milia_check_up{check="work"} 1.0' in text
    assert len(asked) == 1
    let_go.set()
    deadline = time.monotonic() + 10
    while 'milia_check_up{check="database"} 1.0' not in render([registry]).decode():
        assert time.monotonic() < deadline
