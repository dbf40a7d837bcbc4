"""The clock of the test's process, which can be put forward."""

from datetime import datetime, timedelta

import pytest

from clinic import clock


class MovedClock:
    """Stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now: datetime = clock.now()
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)
