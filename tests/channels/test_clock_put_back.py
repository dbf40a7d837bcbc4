"""The clock of the machine is put back, or another machine's is ahead: no visitor is refused for it."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from channels.web.errors import RefusalError
from channels.web.rate_limits import RateLimits
from channels.web.tokens import SessionTokens
from clinic import clock
from clinic.settings import load_settings
from console.request_limits import RequestLimits

HOURS = 3 * 3_600.0
KEY = "k" * 40


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How many seconds the clock is ahead, at its end; the clock by which durations are measured goes on as it does."""
    ahead = [0.0]
    machine_time, machine_now = time.time, clock.now
    monkeypatch.setattr(time, "time", lambda: machine_time() + ahead[-1])
    monkeypatch.setattr(clock, "now", lambda: machine_now() + timedelta(seconds=ahead[-1]))
    return ahead


def test_a_token_from_a_clock_that_is_ahead_is_good_and_an_old_one_is_not(moved: list[float]) -> None:
    tokens = SessionTokens(KEY)
    token, _ = tokens.make("session")
    moved.append(-HOURS)
    assert tokens.session_id(token) == "session"
    moved.append(25 * 3_600.0)
    assert tokens.session_id(token) is None


def test_what_was_counted_before_the_clock_was_put_back_refuses_nobody(moved: list[float], tmp_path: Path) -> None:
    limits = RateLimits(load_settings({"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path)}))
    for _ in range(15):
        limits.count_message("session")
    moved.append(-HOURS)
    for _ in range(20):
        limits.count_message("session")
    with pytest.raises(RefusalError) as refused:
        limits.count_message("session")
    assert int(refused.value.headers["Retry-After"]) <= 60


def test_the_staff_are_not_refused_for_hours_either(moved: list[float]) -> None:
    limits = RequestLimits(is_on=True)
    for _ in range(500):
        assert limits.count_of_session("maria") == 0
    moved.append(-HOURS)
    for _ in range(500):
        assert limits.count_of_session("maria") == 0
