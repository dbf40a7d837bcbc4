"""Timing the console: every page that there is has an address, and a short run gets an answer from each."""

from pathlib import Path

import pytest

from console.app import ROUTES
from console.roles import EVERYBODY
from console.routing import ConsoleRoute
from evaluation.speed.client import MeasurementError
from evaluation.speed.console_times import PASSED_OVER, SEARCHES, addresses_of, console_times


def route(path: str, method: str = "GET") -> ConsoleRoute:
    return ConsoleRoute(path, method, lambda visit: visit.page("error.html"), EVERYBODY, "page.viewed")


def test_every_page_and_every_search_is_timed(tmp_path: Path) -> None:
    times = console_times(tmp_path, turns=300, looks=1)
    names = {each.name for each in times}
    assert names >= {each.path for each in ROUTES if each.method == "GET"} - PASSED_OVER
    assert len(names) >= len(SEARCHES) + 3
    assert all(len(each.seconds) == 1 and each.median > 0 for each in times)
    assert {each.is_file for each in times if each.name in ("/audit.csv", "/conversations")} == {True, False}
    assert next(each for each in times if each.name == "/audit.csv").is_file


def test_placeholders_are_filled_from_what_is_known_of_the_part() -> None:
    known = {"requests": {"row_id": "a/b", "form": "csv"}}
    routes = [route("/requests"), route("/requests/{row_id}/download/{form}"), route("/requests/{row_id}", "POST")]
    assert addresses_of(routes, known) == {
        "/requests": "/requests",
        "/requests/{row_id}/download/{form}": "/requests/a%2Fb/download/csv",
    }


def test_a_page_that_nothing_is_known_to_ask_for_with_is_named() -> None:
    with pytest.raises(MeasurementError, match=r"/requests/\{other_id\}"):
        addresses_of([route("/requests/{other_id}")], {"requests": {"row_id": "1"}})
