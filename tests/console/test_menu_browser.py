"""The menu and the tabs in Chromium: they hold one line on a desk, and what is chosen moves nothing else."""

import pytest
from playwright.sync_api import Page
from sqlalchemy.engine import Engine

from tests.console.conftest import NewPage

ROOMS = ("/", "/conversations", "/erasures")
SIZES = ".map(each => Math.round(each.getBoundingClientRect().width))"


def lines_of(page: Page, links: str) -> int:
    """On how many lines the links stand."""
    return int(page.evaluate(f"new Set([...document.querySelectorAll('{links}')].map(each => each.offsetTop)).size"))


@pytest.mark.parametrize("width", [390, 1000, 1100, 1200, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu_of_an_admin_holds_one_line(signed_in_page: NewPage, width: int, scheme: str) -> None:
    look = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    page = signed_in_page("admin", "alexandra.featherstone-whitlock", **look)
    for path in ROOMS:
        page.goto(path)
        assert lines_of(page, ".nav a") == 1, path
        whole = page.evaluate(
            "document.querySelector('.nav').scrollWidth <= document.querySelector('.nav').clientWidth"
        )
        assert whole or width < 1000, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_what_is_chosen_in_the_menu_takes_no_other_room_than_before(signed_in_page: NewPage) -> None:
    page = signed_in_page("admin", viewport={"width": 1280, "height": 800})
    seen = set()
    for path in ROOMS:
        page.goto(path)
        seen.add(tuple(page.evaluate(f"[...document.querySelectorAll('.nav a')]{SIZES}")))
    assert len(seen) == 1


@pytest.mark.parametrize("width", [390, 1100, 1280])
def test_the_list_of_answers_stays_where_it_is_whichever_topic_is_chosen(
    signed_in_page: NewPage, engine: Engine, width: int
) -> None:
    page = signed_in_page("reviewer", viewport={"width": width, "height": 800})
    page.goto("/answers")
    topics = page.evaluate("[...document.querySelectorAll('.tabs a')].map(each => each.getAttribute('href'))")
    seen = set()
    for topic in topics:
        page.goto(topic)
        top = page.evaluate("Math.round(document.querySelector('#list-heading').getBoundingClientRect().top)")
        seen.add((top, *page.evaluate(f"[...document.querySelectorAll('.tabs a')]{SIZES}")))
    assert len(seen) == 1
