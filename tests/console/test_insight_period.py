"""The days of a figure: on the clinic's clock, what they are compared with, what was typed; numbers in words."""

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from console.insight_filters import read_filters
from console.insight_period import Period, compared, moment_of, span_finder
from console.insight_words import (
    count_change,
    counted_percentile,
    duration_change,
    duration_in_words,
    number_of,
    percent_in_words,
    percentile,
    share_change,
)

CHICAGO = ZoneInfo("America/Chicago")
TODAY = date(2026, 11, 23)
THAN = "the 30 days before"


def period(first: str, last: str, zone: str = "America/Chicago") -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-11-01", "America/Chicago", 25),
        ("2026-03-08", "America/Chicago", 23),
        ("2026-11-02", "America/Chicago", 24),
        ("2026-09-06", "America/Santiago", 23),  # the clock goes from midnight to one
        ("2026-11-01", "America/Havana", 25),  # midnight comes twice
        ("2026-06-01", "Asia/Kolkata", 24),  # half an hour off
    ],
)
def test_a_day_has_as_many_hours_as_the_clinics_clock_gives_it(day: str, zone: str, hours: int) -> None:
    of_day = period(day, day, zone)
    assert of_day.end_hour - of_day.start_hour == hours
    spans = of_day.spans()
    assert len(spans) == hours
    assert len({span.name for span in spans}) == hours
    assert {of_day.local(span.start).date() for span in spans} == {date.fromisoformat(day)}


def test_the_hour_that_comes_twice_says_which_it_is() -> None:
    names = [span.name for span in period("2026-11-01", "2026-11-01").spans()]
    assert names[:4] == ["12:00 am", "1:00 am CDT", "1:00 am CST", "2:00 am"]


@pytest.mark.parametrize(
    ("first", "last", "count", "name"),
    [
        ("2026-10-25", "2026-11-23", 30, "25 Oct"),
        ("2026-08-24", "2026-11-23", 92, "24 Aug"),
        ("2026-08-23", "2026-11-23", 14, "23 Aug – 29 Aug"),
        ("2025-11-24", "2026-11-24", 53, "24 Nov – 30 Nov"),
    ],
)
def test_long_periods_are_drawn_in_weeks(first: str, last: str, count: int, name: str) -> None:
    spans = period(first, last).spans()
    assert len(spans) == count
    assert spans[0].name == name


@pytest.mark.parametrize("days", [1, 7, 28])
def test_spans_leave_no_hour_out_and_count_none_twice(days: int) -> None:
    year = period("2026-01-01", "2026-12-31")
    spans = year.spans_of(days)
    assert (spans[0].start, spans[-1].end) == (year.start_hour, year.end_hour)
    assert all(one.end == other.start for one, other in pairwise(spans))
    place_of = span_finder(spans)
    for place in (0, len(spans) // 2, len(spans) - 1):
        assert place_of(spans[place].start) == place
        assert place_of(spans[place].end - 1) == place


def test_a_period_that_is_over_is_compared_with_all_of_the_days_before() -> None:
    week = period("2026-10-26", "2026-11-01")
    beside = compared(week, datetime(2026, 11, 2, 6, 0, tzinfo=timezone.utc))
    assert beside.is_over
    assert (beside.before_start, beside.before_end) == (week.before.start_hour, week.start_hour)
    assert week.before == period("2026-10-19", "2026-10-25")
    assert beside.words == "the 7 days before"


def test_a_period_that_goes_on_is_compared_with_as_many_hours_as_have_passed() -> None:
    today = period("2026-11-23", "2026-11-23")
    beside = compared(today, today.start + timedelta(hours=2, minutes=10))
    assert not beside.is_over
    assert beside.before_start == today.start_hour - 24
    assert beside.before_end == beside.before_start + 3
    assert beside.words == "the day before"


def test_a_period_to_come_is_compared_with_nothing() -> None:
    beside = compared(period("2026-12-01", "2026-12-02"), datetime(2026, 11, 23, tzinfo=timezone.utc))
    assert beside.before_start == beside.before_end


def test_moments_and_hours_say_the_same() -> None:
    day = period("2026-11-23", "2026-11-23")
    assert moment_of(day.start_hour) == day.start == datetime(2026, 11, 23, 6, 0, tzinfo=timezone.utc)


def test_without_any_choice_the_last_thirty_days_are_shown() -> None:
    filters = read_filters({}, CHICAGO, TODAY)
    assert filters.period == period("2026-10-25", "2026-11-23")
    assert (filters.days, filters.channel, filters.problem) == (30, "", "")


@pytest.mark.parametrize("days", ["7", "30", "90"])
def test_presets_end_today(days: str) -> None:
    filters = read_filters({"days": days, "channel": "sms"}, CHICAGO, TODAY)
    assert filters.period is not None
    assert (filters.period.days, filters.period.last) == (int(days), TODAY)
    assert filters.channel == "sms"
    again = read_filters({"from": filters.first, "to": filters.last}, CHICAGO, TODAY)
    assert again.days == int(days)
    assert filters.address == f"from={filters.first}&to={filters.last}&channel=sms"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"days": "8"}, "Please choose 7, 30 or 90 days"),
        ({"from": "2026-11-01"}, "Please give both days"),
        ({"from": "yesterday", "to": "2026-11-01"}, "Please give both days"),
        ({"from": "2026-02-30", "to": "2026-03-01"}, "Please give both days"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "The first day is after the last day"),
        ({"from": "2025-01-01", "to": "2026-11-01"}, "Please choose at most 366 days"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "between the years 2000 and 2100"),
        ({"from": "9999-12-30", "to": "9999-12-31"}, "between the years 2000 and 2100"),
        ({"channel": "fax"}, "There is no such channel"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(query: dict[str, str], problem: str) -> None:
    filters = read_filters(query, CHICAGO, TODAY)
    assert filters.period is None
    assert filters.problem.startswith(problem) or problem in filters.problem
    assert (filters.first, filters.last) == (query.get("from", ""), query.get("to", ""))


@pytest.mark.parametrize(
    ("now", "before", "direction", "words"),
    [
        (15, 3, "up", "12 more than the 30 days before"),
        (3, 1_503, "down", "1,500 fewer than the 30 days before"),
        (3, 3, "same", "as many as the 30 days before"),
    ],
)
def test_counts_are_compared_in_words(now: int, before: int, direction: str, words: str) -> None:
    change = count_change(now, before, THAN)
    assert (change.direction, change.words) == (direction, words)


def test_shares_are_compared_in_points() -> None:
    higher, lower = share_change(0.25, 0.2, THAN), share_change(0.2, 0.21, THAN)
    assert higher is not None
    assert lower is not None
    assert (higher.direction, higher.words) == ("up", "5 points higher than the 30 days before")
    assert (lower.direction, lower.words) == ("down", "1 point lower than the 30 days before")
    same, first = share_change(0.2, 0.2, THAN), share_change(0.2, None, THAN)
    assert same is not None
    assert first is not None
    assert same.words == "the same as the 30 days before"
    assert first.words == "nothing to compare with in the 30 days before"
    assert share_change(None, 0.2, THAN) is None


def test_durations_are_compared_in_words() -> None:
    longer, first = duration_change(7_200, 3_600, THAN), duration_change(1, None, THAN)
    assert longer is not None
    assert first is not None
    assert (longer.direction, longer.words) == ("up", "1 h longer than the 30 days before")
    assert first.words == "nothing to compare with in the 30 days before"
    assert duration_change(None, 1, THAN) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0.0123, "12 ms"),
        (1.25, "1.2 s"),
        (90, "1 min"),
        (3_600, "1 h"),
        (5_400, "1 h 30 min"),
        (86_400, "1 day"),
        (200_000, "2 days 7 h"),
    ],
)
def test_durations_have_at_most_two_units(seconds: float | None, words: str) -> None:
    assert duration_in_words(seconds) == words


def test_small_shares_are_not_rounded_away() -> None:
    assert [percent_in_words(share) for share in (None, 0.0, 0.004, 1.0)] == ["–", "0 %", "0.4 %", "100 %"]


def test_percentiles_are_values_that_were_met() -> None:
    assert percentile([], 0.5) is None
    assert percentile([4, 1, 3, 2], 0.5) == 2
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([7], 0.9) == 7
    assert counted_percentile([(10, 1), (1, 9)], 0.9) == 1
    assert counted_percentile([(10, 1), (1, 9)], 0.95) == 10
    assert counted_percentile([(10, 0)], 0.5) is None


def test_one_is_not_many() -> None:
    assert (number_of(1, "request", "requests"), number_of(2_000, "request", "requests")) == (
        "1 request",
        "2,000 requests",
    )
