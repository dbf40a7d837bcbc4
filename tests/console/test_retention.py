"""The admin sees the rules, what would go now, what went, and when something is wrong with it."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from clinic import clock
from clinic.database import transaction
from clinic.flags import Flag, acknowledge, flag_turn
from clinic.settings import Settings
from console.app import make_app
from console.background import Background, Work
from conversations.retention import schedule
from conversations.retention.classes import CLASSES
from conversations.retention.purge import Keeper, purge
from conversations.retention.runs import SCHEDULE, last_runs
from conversations.retention.schedule import RetentionWatch, due_day, next_run
from conversations.retention.tables import RetentionRun
from tests.console.app_client import ConsoleClient, EventLoopThread
from tests.console.conftest import NewClient
from tests.console.moved_clock import MovedClock

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    return MovedClock(monkeypatch)


def at_hour(hour: int, minute: int = 0) -> datetime:
    """This hour of the clinic's today, in UTC as the clock gives it."""
    local = clock.now().astimezone(CHICAGO).replace(hour=hour, minute=minute, second=0)
    return local.astimezone(timezone.utc)


def old_flag(engine: Engine) -> None:
    flag_turn(engine, "c1", "m1", "safety/emergency", "web")
    with transaction(engine) as session:
        acknowledge(engine, session.execute(select(Flag.id)).scalar_one(), "ruth")
        long_ago = clock.now() - timedelta(days=400)
        session.execute(update(Flag).values(acknowledged_at=long_ago, created_at=long_ago))


def flags(engine: Engine) -> int:
    with transaction(engine) as session:
        return len(session.execute(select(Flag.id)).all())


def test_the_page_shows_each_rule_with_its_time_and_setting(console: NewClient) -> None:
    page = console("admin").get("/retention").text
    for each in CLASSES:
        assert each.title.replace("'", "&#39;") in page
        assert each.setting in page
    assert "There was no run yet" in page


def test_a_look_says_what_would_go_and_removes_nothing(console: NewClient, engine: Engine) -> None:
    old_flag(engine)
    page = console("admin").post("/retention/look").text
    assert "A run now would remove or empty 1 row or file" in page
    assert "flags: 1" in page
    assert flags(engine) == 1


def test_the_receipt_of_a_run_is_on_the_page(console: NewClient, engine: Engine, settings: Settings) -> None:
    old_flag(engine)
    purge(Keeper.of(engine, settings), SCHEDULE)
    page = console("admin").get("/retention").text
    assert "On schedule" in page
    assert "flags: 1" in page
    assert "Done" in page


def test_the_purge_runs_once_a_day_at_its_hour_whichever_console_looks(
    engine: Engine, settings: Settings, moved: MovedClock
) -> None:
    moved.now = at_hour(2, 50)
    first, second = (RetentionWatch(engine, settings, seconds_after_start=0) for _ in range(2))
    first.look()
    assert last_runs(engine, 9) == []
    moved.forward(minutes=15)
    for watch in (first, second, first):
        watch.look()
    assert [run.due_on for run in last_runs(engine, 9)] == [moved.now.astimezone(CHICAGO).date().isoformat()]
    moved.forward(days=1)
    second.look()
    assert len(last_runs(engine, 9)) == 2


def test_nothing_goes_in_the_first_minutes_after_a_start(engine: Engine, settings: Settings, moved: MovedClock) -> None:
    moved.now = at_hour(12)
    watch = RetentionWatch(engine, settings)
    watch.look()
    assert last_runs(engine, 9) == []
    moved.forward(minutes=6)
    watch.look()
    assert len(last_runs(engine, 9)) == 1


def test_a_run_that_was_cut_short_is_done_by_another_console_after_a_minute(
    engine: Engine, settings: Settings, moved: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved.now = at_hour(12)
    watch = RetentionWatch(engine, settings, seconds_after_start=0)

    def killed(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("conversations.retention.purge._Run.all", killed)
        with pytest.raises(KeyboardInterrupt):
            watch.look()
    watch.look()
    assert len(last_runs(engine, 9)) == 1
    moved.forward(seconds=61)
    watch.look()
    assert [run.finished_at is None for run in last_runs(engine, 9)] == [False, True]


def test_a_fault_is_kept_shown_to_the_admin_alone_and_degrades_the_health(
    engine: Engine,
    settings: Settings,
    console: NewClient,
    moved: MovedClock,
    monkeypatch: pytest.MonkeyPatch,
    event_loop_thread: EventLoopThread,
) -> None:
    moved.now = at_hour(12)
    watch = RetentionWatch(engine, settings, seconds_after_start=0)

    def fail(*_arguments: Any) -> None:
        raise OperationalError("DELETE", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr("conversations.retention.purge.remove_rows", fail)
        old_flag(engine)
        watch._look_and_outlive_trouble()
    assert watch.has_trouble
    assert [run.fault for run in last_runs(engine, 9)] == ["OperationalError"]
    assert "The last removal of old data failed" in console("admin").get("/").text
    assert "removal of old data" not in console("scheduler").get("/").text
    assert "Failed (OperationalError)" in console("admin").get("/retention").text
    background = Background({"retention": Work(watch.run, degrades=lambda: watch.has_trouble)})
    app = make_app(settings, engine, degraded=background.degraded)
    with ConsoleClient(app, event_loop_thread) as client:
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()["degraded"]) == (200, ["retention"])
        moved.forward(seconds=schedule.SECONDS_AFTER_TROUBLE)
        watch._look_and_outlive_trouble()
        assert client.get("/health/ready").json() == {"status": "ready", "failing": []}
    assert flags(engine) == 0
    assert "removal of old data" not in console("admin").get("/").text


@pytest.mark.parametrize(
    ("ago", "finished", "said"),
    [
        (timedelta(hours=3), False, "was cut short"),
        (timedelta(hours=51), True, "has not been removed for more than two days"),
    ],
)
def test_the_admin_is_told_of_a_purge_that_stands_still(
    console: NewClient, engine: Engine, ago: timedelta, finished: bool, said: str
) -> None:
    began = clock.now() - ago
    with transaction(engine) as session:
        run = RetentionRun(id="r", started_by=SCHEDULE, started_at=began, finished_at=began if finished else None)
        session.add(run)
    assert said in console("admin").get("/").text


def test_the_next_run_is_told_in_the_clinics_time_also_where_the_clock_changes() -> None:
    before_the_change = clock.now().astimezone(CHICAGO).replace(2026, 10, 31, 12)
    tomorrow = next_run(before_the_change, CHICAGO, 3, is_done=True)
    assert (tomorrow.isoformat(), due_day(tomorrow, CHICAGO, 3)) == ("2026-11-01T03:00:00-06:00", "2026-11-01")
    assert next_run(before_the_change, CHICAGO, 3, is_done=False) == before_the_change
    assert due_day(before_the_change.replace(hour=2), CHICAGO, 3) is None


def test_the_journal_of_erasures_is_there_from_the_first_look(engine: Engine, settings: Settings) -> None:
    RetentionWatch(engine, settings).look()
    assert (Path(settings.var_dir) / "erasures" / "journal.jsonl").read_text(encoding="utf-8") == ""
    assert schedule.SECONDS_BETWEEN_LOOKS < 60
