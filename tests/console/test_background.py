"""Work besides the pages: whether it runs shows in the console's health."""

import logging
import threading
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from clinic.settings import Settings
from console.app import make_app
from console.background import Background, Work
from tests.console.app_client import ConsoleClient, EventLoopThread


def wait_for_stop(stop: threading.Event) -> None:
    stop.wait()


def test_work_that_runs_does_not_fail_and_ends_when_asked_to() -> None:
    background = Background({"projection": Work(wait_for_stop)})
    background.start()
    assert background.failing() == []
    background.stop()
    assert background.failing() == ["projection"]


def test_work_says_itself_that_it_has_trouble() -> None:
    background = Background({"projection": Work(wait_for_stop, lambda: True)})
    background.start()
    assert background.failing() == ["projection"]
    background.stop()


def test_work_whose_thread_has_ended_fails() -> None:
    ended = threading.Event()
    background = Background({"projection": Work(lambda _stop: ended.set())})
    background.start()
    background.stop()
    assert ended.is_set()
    assert background.failing() == ["projection"]


def test_work_that_does_not_end_is_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("console.background.SECONDS_TO_END", 0.01)
    release = threading.Event()
    background = Background({"stubborn": Work(lambda _stop: release.wait() and None)})
    background.start()
    with caplog.at_level(logging.ERROR):
        background.stop()
    release.set()
    assert "stubborn did not end in time" in caplog.text


def test_health_names_what_fails(settings: Settings, engine: Engine, event_loop_thread: EventLoopThread) -> None:
    with ConsoleClient(make_app(settings, engine, lambda: ["projection"]), event_loop_thread) as client:
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "failing": ["projection"]})
        assert client.get("/health/live").status_code == 200


def test_health_notices_a_database_that_is_gone(anonymous: ConsoleClient, engine: Engine) -> None:
    Path(str(engine.url.database)).unlink()
    Path(str(engine.url.database)).mkdir()
    answer = anonymous.get("/health/ready")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["database"])
