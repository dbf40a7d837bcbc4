"""When a text is due, by a clock that may be put back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.outgoing_texts import claim_due_text, queue_text, try_again


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_text_whose_sender_died_is_not_held_for_hours_because_the_clock_was_put_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = clock.now()
    at(monkeypatch, moment)
    assert queue_text(engine, "c1", "Hello.", "k1")
    assert claim_due_text(engine) is not None
    at(monkeypatch, moment + timedelta(seconds=30))
    assert claim_due_text(engine) is None
    at(monkeypatch, moment - timedelta(hours=3))
    assert claim_due_text(engine) is not None


def test_a_text_is_put_off_for_as_long_as_was_meant_and_not_until_a_time_that_was_taken_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = clock.now()
    at(monkeypatch, moment)
    assert queue_text(engine, "c1", "Hello.", "k1")
    text = claim_due_text(engine)
    assert text is not None
    try_again(engine, text, "20429", moment + timedelta(minutes=30))
    at(monkeypatch, moment + timedelta(minutes=29))
    assert claim_due_text(engine) is None
    at(monkeypatch, moment - timedelta(hours=3))
    assert claim_due_text(engine) is not None
