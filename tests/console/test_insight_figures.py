"""Each figure of a small log, counted by hand; on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from console.figure import Figure
from console.insight_counts import read_counts
from console.insight_figures import FIGURES, SECTIONS
from console.insight_period import compared
from console.insight_tiles import tiles
from console.insight_view import InsightView
from tests.console.insight_log import AFTERWARDS, WEEK, at, of_week, store_log
from tests.migrated_databases import postgresql, sqlite


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("figures")
    for database in postgresql() if request.param == "postgresql" else sqlite(folder / "figures.sqlite3"):
        store_log(database)
        yield database


@pytest.fixture(scope="module")
def view(engine: Engine) -> InsightView:
    return InsightView(read_counts(engine, of_week(), ""), of_week())


def rows(figure: Figure) -> dict[object, tuple[object, ...]]:
    """The table without the rows that are nothing but zeros."""
    return {row[0]: row[1:] for row in figure.table.rows if any(row[1:])}


def test_messages_over_time(view: InsightView) -> None:
    figure = FIGURES["volume"](view)
    assert figure.table.columns == ("When", "Website", "Text message", "All")
    assert rows(figure) == {"16 Nov": (2, 2, 4), "20 Nov": (2, 0, 2), "21 Nov": (1, 0, 1), "22 Nov": (5, 0, 5)}
    assert figure.summary == "12 in all, 10 more than the 7 days before."


def test_messages_by_hour_of_the_clinics_clock(view: InsightView) -> None:
    figure = FIGURES["hours"](view)
    assert rows(figure) == {"12 pm": (2,), "11 pm": (2,), "9 am": (3,), "2 pm": (5,)}
    assert figure.summary == "Most messages come in the hour from 2 pm."


def test_channels(view: InsightView) -> None:
    assert rows(FIGURES["channels"](view)) == {"Website": (10, 2, 83.3, 4), "Text message": (2, 0, 16.7, 1)}


def test_languages_of_conversations(view: InsightView) -> None:
    assert rows(FIGURES["languages"](view)) == {"English": (4, 1, 80.0), "Spanish": (1, 0, 20.0)}


def test_topics_leave_small_talk_and_details_out(view: InsightView) -> None:
    figure = FIGURES["topics"](view)
    assert figure.table.rows == (
        ("Causes", 2, 1, 40.0, 80.0),
        ("Wants an appointment", 1, 0, 20.0, 91.0),
        ("Emergency", 1, 0, 20.0, 91.0),
        ("Cost and insurance", 1, 1, 20.0, 80.0),
    )
    assert figure.summary == "Most: Causes, 2 of 5."


def test_outcomes(view: InsightView) -> None:
    assert rows(FIGURES["outcomes"](view)) == {
        "Answered": (2, 1, 16.7),
        "Not covered": (1, 1, 8.3),
        "Not understood": (1, 0, 8.3),
        "Safety": (1, 0, 8.3),
        "Request or message": (7, 0, 58.3),
    }


def test_outcomes_over_time(view: InsightView) -> None:
    assert rows(FIGURES["outcomes-over-time"](view)) == {
        "16 Nov": (2, 1, 1, 0, 4),
        "20 Nov": (2, 0, 0, 0, 2),
        "21 Nov": (0, 0, 0, 1, 1),
        "22 Nov": (5, 0, 0, 0, 5),
    }


def test_shares_of_what_was_not_understood_and_of_danger(view: InsightView) -> None:
    figure = FIGURES["rates"](view)
    assert rows(figure)["16 Nov"] == (4, 1, 0, 25.0, 0.0)
    assert rows(figure)["21 Nov"] == (1, 0, 1, 0.0, 100.0)
    assert figure.table.rows[1] == ("17 Nov", 0, 0, 0, None, None)
    assert figure.summary == "Not understood or failed: 8.3 % of all messages. Safety: 8.3 %."
    assert figure.chart is not None
    assert [len(line.pieces) for line in figure.chart.lines] == [2, 2]


def test_response_times(view: InsightView) -> None:
    """Eight at 12 ms, one each at 100, 200 and 300 ms; one was never timed."""
    figure = FIGURES["response-times"](view)
    assert rows(figure) == {
        "Within 0.05 s": (8, 0, 72.7),
        "After 0.05 to 0.1 s": (1, 0, 9.1),
        "After 0.1 to 0.25 s": (1, 0, 9.1),
        "After 0.25 to 0.5 s": (1, 0, 9.1),
        "After 0.5 to 1 s": (0, 1, 0.0),
        "After 2 to 5 s": (0, 1, 0.0),
    }
    assert figure.summary == (
        "Half of the messages were answered within 12 ms (988 ms shorter than the 7 days before), and 95 of 100 within "
        "300 ms."
    )


def test_feedback_by_topic(view: InsightView) -> None:
    figure = FIGURES["feedback"](view)
    assert rows(figure) == {"Causes": (1, 1, 50.0, 1), "Cost and insurance": (0, 1, 0.0, 0)}
    assert figure.summary == "Helpful: 1 of 3 (33.3 %)."


def test_requests_and_messages_taken(view: InsightView) -> None:
    figure = FIGURES["work-taken"](view)
    assert rows(figure) == {"17 Nov": (1, 0, 1), "18 Nov": (0, 1, 1), "22 Nov": (1, 0, 1)}
    assert figure.summary == "2 requests, 1 more than the 7 days before; 1 message, 1 more than the 7 days before."


def test_time_to_first_contact(view: InsightView) -> None:
    figure = FIGURES["first-contact"](view)
    assert rows(figure) == {
        "Within 4 hours": (1, 0, 33.3),
        "Still waiting": (1, 1, 33.3),
        "Ended without contact": (1, 0, 33.3),
    }
    assert figure.summary == (
        "Requests: median 2 h, 90th percentile 2 h, 50 % still wait. Messages: no contact yet, 0 % still wait."
    )


def test_how_far_people_got_in_the_form(view: InsightView) -> None:
    figure = FIGURES["form"](view)
    assert figure.table.rows == (
        ("Started the form", 2, 0, 100.0, 0),
        ("Gave a name", 2, 0, 100.0, 0),
        ("Gave a phone or e-mail", 1, 0, 50.0, 1),
        ("Said when", 1, 0, 50.0, 0),
        ("Sent the request", 1, 0, 50.0, 0),
    )
    assert figure.summary == "1 of 2 conversations sent a request (50 %)."


def test_the_numbers_above_the_figures(view: InsightView) -> None:
    shown = {tile.name: (tile.value, tile.change.words if tile.change else "") for tile in tiles(view)}
    assert shown["Messages"] == ("12", "10 more than the 7 days before")
    assert shown["Conversations begun"] == ("5", "4 more than the 7 days before")
    assert shown["Not understood or failed"] == ("8.3 %", "8.3 points higher than the 7 days before")
    assert shown["Found helpful"] == ("33.3 %", "66.7 points lower than the 7 days before")
    assert shown["Median time to first contact"] == ("2 h", "nothing to compare with in the 7 days before")
    assert shown["Requests without contact yet"] == ("50 %", "50 points lower than the 7 days before")


def test_one_channel_alone(engine: Engine) -> None:
    texts = InsightView(read_counts(engine, of_week(), "sms"), of_week())
    assert rows(FIGURES["volume"](texts)) == {"16 Nov": (2,)}
    assert rows(FIGURES["topics"](texts)) == {"Causes": (1, 0, 100.0, 70.0)}
    assert rows(FIGURES["feedback"](texts)) == {"Causes": (0, 1, 0.0, 0)}
    assert rows(FIGURES["work-taken"](texts)) == {}
    assert rows(FIGURES["form"](texts)) == {}
    assert rows(FIGURES["languages"](texts)) == {"Spanish": (1, 0, 100.0)}
    assert rows(FIGURES["response-times"](texts)) == {"After 0.25 to 0.5 s": (1, 0, 100.0)}


def test_a_request_stored_after_midnight_counts_for_the_form_of_the_day_before(engine: Engine) -> None:
    of_day = compared(replace(WEEK, first=at(22, 0).date()), AFTERWARDS)
    figure = FIGURES["form"](InsightView(read_counts(engine, of_day, ""), of_day))
    assert figure.table.rows[-1][:2] == ("Sent the request", 1)
    earlier = compared(replace(WEEK, first=at(20, 0).date(), last=at(20, 0).date()), AFTERWARDS)
    figure = FIGURES["form"](InsightView(read_counts(engine, earlier, ""), earlier))
    assert figure.table.rows[-1][:2] == ("Sent the request", 0)


def test_a_period_that_goes_on_is_compared_up_to_the_same_hour(engine: Engine) -> None:
    """On the Monday at noon the week before had no message yet: its two came on the Tuesday."""
    monday = compared(WEEK, at(16, 12, 30))
    counted = read_counts(engine, monday, "")
    assert sum(each.before for each in counted.topics) == 0
    assert sum(each.before for each in counted.latencies) == 0
    tuesday = compared(WEEK, at(17, 12, 30) + timedelta(hours=1))
    assert sum(each.before for each in read_counts(engine, tuesday, "").topics) == 2


def test_without_anything_there_is_nothing_to_draw(engine: Engine) -> None:
    empty = compared(replace(WEEK, first=at(1, 12).date(), last=at(3, 12).date()), AFTERWARDS)
    view = InsightView(read_counts(engine, empty, ""), empty)
    assert [figure.key for make in FIGURES.values() if (figure := make(view)).chart] == []
    assert {tile.value for tile in tiles(view)} == {"0", "–"}


def test_every_figure_has_a_place_on_the_page_and_says_what_it_counts(view: InsightView) -> None:
    assert sorted(key for keys in SECTIONS.values() for key in keys) == sorted(FIGURES)
    for key, make in FIGURES.items():
        figure = make(view)
        assert figure.key == key
        assert figure.definition.endswith(".")
        assert all(len(row) == len(figure.table.columns) for row in figure.table.rows)
