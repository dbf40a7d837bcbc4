"""The admin's pages of retention and erasures in Chromium: to assistive tools, on a phone and on a desk, to the eye."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page
from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from clinic.flags import Flag, acknowledge, flag_turn
from clinic.retention_settings import RetentionSettings
from console.navigation import TITLES
from conversations.retention.purge import Keeper, purge
from conversations.retention.runs import COMMAND
from conversations.tracker_store import create_event_tables
from tests.clinic.stored_work import store_request
from tests.console.conftest import NewPage, RunningConsole
from tests.console.talk_rows import store_talk, turn
from tests.widget.axe import violations

CONVERSATION = "a-conversation-of-somebody"
LOOKS: dict[str, dict[str, Any]] = {
    "phone, light": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "phone, dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "desk, light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "desk, dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}
LEAST_ROOM = 8


@pytest.fixture
def filled(engine: Engine, console_server: RunningConsole) -> None:
    """Something to erase, something past its time, and a purge that was."""
    create_event_tables(engine)
    store_talk(engine, CONVERSATION, [turn("what are milia")], channel="web")
    store_request(engine, conversation_id=CONVERSATION)
    keeper = Keeper(engine, console_server.settings.var_dir, RetentionSettings())
    for label in ("first", "second"):
        flag_turn(engine, label, "m1", "safety/emergency", "web")
        long_ago = clock.now() - timedelta(days=400)
        with transaction(engine) as session:
            acknowledge(engine, session.execute(select(Flag.id)).scalar_one(), "ruth")
            session.execute(update(Flag).values(acknowledged_at=long_ago, created_at=long_ago))
        if label == "first":
            purge(keeper, COMMAND)


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def look_for(page: Page) -> None:
    page.get_by_label("Phone number, receipt number").fill(CONVERSATION)
    press("Look")(page)


def choose(page: Page) -> None:
    page.get_by_label("How the person asked").select_option("letter")
    page.get_by_label("Requests and messages").select_option("delete")
    press("Go on")(page)


# Each page, and what leads to it from the one before.
WAY: list[Callable[[Page], Any]] = [
    lambda page: page.goto("/retention"),
    press("See what would go now"),
    lambda page: page.goto("/erasures"),
    look_for,
    lambda page: page.get_by_role("link", name="Conversation a-conversati").click(),
    choose,
    press("Erase"),
    lambda page: page.goto("/erasures"),
]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_fits_and_keeps_its_distances(signed_in_page: NewPage, look: str) -> None:
    page = signed_in_page("admin", bypass_csp=True, **LOOKS[look])
    for step in WAY:
        step(page)
        page.wait_for_load_state()
        assert violations(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
        assert touching(page) == [], page.url
    assert page.get_by_role("cell", name="Complete").count() == 1


def test_an_admins_ways_stand_in_one_line_on_a_desk_and_all_can_be_reached_on_a_phone(signed_in_page: NewPage) -> None:
    for look in ("desk, light", "phone, light"):
        page = signed_in_page("admin", **LOOKS[look])
        page.goto("/retention")
        links = page.get_by_role("navigation", name="Main").get_by_role("link")
        boxes = [link.bounding_box() for link in links.all()]
        assert len(boxes) == len(TITLES)
        assert len({box["y"] for box in boxes if box}) == 1, look
        assert is_in_view(page.get_by_role("link", name="Retention", exact=True)), look
        links.last.scroll_into_view_if_needed()
        assert is_in_view(links.last), look


def is_in_view(link: Locator) -> bool:
    """Whether all of it can be seen from left to right."""
    box, size = link.bounding_box(), link.page.viewport_size
    return box is not None and size is not None and 0 <= box["x"] <= box["x"] + box["width"] <= size["width"]


def touching(page: Page) -> list[str]:
    """Tables, lists and notices that follow a form without room between them."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll('main form')].flatMap(form => {
            const next = form.nextElementSibling;
            if (!next || getComputedStyle(form).display === 'inline') return [];
            const room = next.getBoundingClientRect().top - form.getBoundingClientRect().bottom;
            return room < least ? [`${form.action}: ${next.tagName} after ${room} pixels`] : [];
        })""",
        LEAST_ROOM,
    )
    return found
