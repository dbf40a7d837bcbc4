"""Messages on the clinic's clock: each falls into its step and its hour, whatever the clock does; on both databases."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from sqlalchemy.engine import Engine

from clinic.database import transaction
from console.insight_counts import read_counts
from console.insight_period import Period, compared, moment_of, span_finder
from conversations.turn_log import LoggedTurn
from tests.migrated_databases import postgresql, sqlite

EVERY_FEW_HOURS = 5
YEAR = range(Period(date(2025, 6, 1), date(2025, 6, 1), ZoneInfo("UTC")).start_hour, 499_000, EVERY_FEW_HOURS)
AFTER_ALL = moment_of(499_100)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A message every few hours for more than a year, its channel and outcome by its hour."""
    folder = tmp_path_factory.mktemp("figures")
    for database in postgresql() if request.param == "postgresql" else sqlite(folder / "figures.sqlite3"):
        _fill(database)
        yield database


def _fill(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(insert(LoggedTurn.__table__), [_row(hour) for hour in YEAR])


def _row(hour: int) -> dict[str, object]:
    channel, outcome = _kind(hour)
    return {
        **{"event_id": hour, "conversation_id": f"talk-{hour}", "message_id": "1", "ordinal": 1, "hour": hour},
        **{"candidates": "[]", "ranking": "[]", "responses": "[]", "slots": "{}", "text_digest": "0"},
        **{"channel": channel, "outcome": outcome, "language": "en", "label": "faq/causes"},
        "started_at": moment_of(hour) + timedelta(minutes=59),
    }


def _kind(hour: int) -> tuple[str, str]:
    return ("sms" if hour % 3 == 0 else "web"), ("answered", "fallback", "safety")[hour % 7 % 3]


@pytest.mark.parametrize("zone", ["America/Chicago", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2025-11-02", "2025-11-02"),  # one day, in hours; Chicago's clock goes back in it
        ("2025-11-01", "2025-11-30"),
        ("2026-02-20", "2026-04-20"),  # the days before have winter time, these both
        ("2025-10-01", "2026-09-30"),  # in weeks, with both changes of the clock
    ],
)
def test_each_message_falls_into_its_step_and_hour(engine: Engine, zone: str, first: str, last: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last), ZoneInfo(zone))
    spans = period.spans()
    place_of = span_finder(spans)
    steps: list[Counter[tuple[str, str]]] = [Counter() for _ in spans]
    by_hour, before = [0] * 24, 0
    for hour in YEAR:
        if period.start_hour <= hour < period.end_hour:
            steps[place_of(hour)][_kind(hour)] += 1
            by_hour[period.local(hour).hour] += 1
        elif period.before.start_hour <= hour < period.start_hour:
            before += 1
    tally = read_counts(engine, compared(period, AFTER_ALL), "").turns
    assert tally.steps == steps
    assert tally.hours == by_hour
    assert sum(tally.before.values()) == before


def test_of_days_that_go_on_only_as_many_hours_before_are_counted(engine: Engine) -> None:
    week = Period(date(2026, 3, 2), date(2026, 3, 8), ZoneInfo("America/Chicago"))
    beside = compared(week, moment_of(week.start_hour + 30))
    tally = read_counts(engine, beside, "web").turns
    hours = [hour for hour in YEAR if beside.before_start <= hour < beside.before_end and _kind(hour)[0] == "web"]
    assert sum(tally.before.values()) == len(hours) > 0
    assert {kind.channel for kind in tally.before} == {"web"}
