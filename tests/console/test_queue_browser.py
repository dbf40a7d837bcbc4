"""The queue in Chromium: it comes up to date in place, and whoever works in it is left where they are."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy.engine import Engine

from clinic import clock
from tests.console import queue_rows as rows
from tests.console.conftest import NewPage, RunningConsole
from tests.widget.axe import violations

LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "has_touch": True},
}

# A look may fall together with the one that the page takes by itself, and the next is five seconds away.
UPDATED = 20_000


@pytest.fixture
def waiting(engine: Engine) -> None:
    """One of each that looks different, and enough of them to scroll."""
    now = clock.now()
    rows.store(
        engine,
        rows.flag(now - timedelta(hours=1), "safety/self_harm", id="old-flag"),
        rows.notice(now, id="notice"),
        rows.message(now, urgency="urgent"),
        *(rows.request(now - timedelta(days=1, minutes=number), id=f"request-{number}") for number in range(12)),
        rows.conversation(now, "c-1", "low_confidence"),
    )


def look(page: Page) -> None:
    """What the page does every five seconds, at once; the answer is there when this returns."""
    with page.expect_response(lambda response: "/queue/list" in response.url):
        page.evaluate("htmx.trigger('#queue-list', 'queue:look')")


def new_flag(engine: Engine, label: str = "safety/emergency") -> str:
    row = rows.flag(clock.now(), label)
    rows.store(engine, row)
    return f"#safety-{row.id}"


@pytest.mark.usefixtures("waiting")
def test_what_is_new_appears_by_itself_and_is_announced(signed_in_page: NewPage, engine: Engine) -> None:
    page = signed_in_page("scheduler")
    page.goto("/")
    expect(page).to_have_title("(15) Queue · Nima Skin Institute staff console")
    entry = new_flag(engine)
    # By itself: nothing is triggered here.
    expect(page.locator(entry)).to_be_visible(timeout=UPDATED)
    expect(page.locator("#queue-said")).to_contain_text("1 new safety message at")
    expect(page.locator("#queue-said")).to_have_attribute("role", "status")
    expect(page).to_have_title("(16) Queue · Nima Skin Institute staff console")


@pytest.mark.usefixtures("waiting")
def test_an_update_moves_neither_focus_nor_what_is_looked_at(signed_in_page: NewPage, engine: Engine) -> None:
    page = signed_in_page("scheduler")
    page.goto("/")
    link = page.locator("#requests-request-3-why")
    link.focus()
    page.mouse.move(5, 5)
    before = link.bounding_box()
    entry = new_flag(engine)
    look(page)
    expect(page.locator(entry)).to_be_attached(timeout=UPDATED)
    expect(link).to_be_focused()
    after = link.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2


@pytest.mark.usefixtures("waiting")
def test_acknowledging_keeps_filters_and_hands_the_focus_on(signed_in_page: NewPage, engine: Engine) -> None:
    entry = new_flag(engine)
    page = signed_in_page("reviewer")
    page.goto("/?channel=web")
    page.locator(f"{entry} button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(entry)).to_have_count(0)
    expect(page.locator("#queue-said")).to_have_text("Acknowledged.")
    expect(page.locator("#safety-old-flag-why")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[id^=safety-]")).to_have_count(0)
    assert page.url.endswith("/?channel=web")
    assert page.evaluate("document.querySelector('#queue-list').contains(document.activeElement)")


@pytest.mark.usefixtures("waiting")
def test_an_update_that_fails_leaves_the_list_and_says_since_when(signed_in_page: NewPage, engine: Engine) -> None:
    page = signed_in_page("admin")
    page.goto("/")
    as_of = page.locator("#queue-refreshed").inner_text()

    def fail(route: Route) -> None:
        route.fulfill(status=503, content_type="text/html", body="<h1>The database does not answer</h1>")

    page.route("**/queue/list*", fail)
    look(page)
    failure = page.locator("#queue-failure")
    expect(failure).to_have_text(
        f"The queue could not be refreshed since {as_of}. What you see may be old.", timeout=UPDATED
    )
    expect(page.locator("#safety-old-flag")).to_be_visible()
    page.unroute("**/queue/list*")
    look(page)
    expect(failure).to_be_hidden(timeout=UPDATED)


@pytest.mark.usefixtures("waiting")
def test_a_tab_that_nobody_sees_does_not_ask_all_the_time(signed_in_page: NewPage) -> None:
    page = signed_in_page("admin")
    page.goto("/")
    look(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate("htmx.trigger('#queue-list', 'queue:look')")
    assert asked == []
    with page.expect_request(lambda request: "/queue/list" in request.url):
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.usefixtures("waiting")
def test_everything_works_without_scripts(signed_in_page: NewPage, engine: Engine) -> None:
    page = signed_in_page("scheduler", java_script_enabled=False)
    page.goto("/")
    entry = new_flag(engine)
    page.get_by_role("link", name="Refresh").click()
    page.get_by_role("link", name="Safety (2)").click()
    page.locator(f"{entry} button").click()
    expect(page.locator(".notice").first).to_have_text("Acknowledged.")
    expect(page.locator(entry)).to_have_count(0)
    assert page.url.endswith("/?kind=safety")
    page.locator("summary").click()
    page.get_by_label("Waiting for").select_option("7d")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    assert "kind=safety" in page.url


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("look_of_it", LOOKS)
def test_the_page_is_accessible_and_fits_the_screen(
    signed_in_page: NewPage, engine: Engine, console_server: RunningConsole, look_of_it: str
) -> None:
    # Axe runs as a script of its own, which the page's policy would not let in.
    page = signed_in_page("admin", bypass_csp=True, **LOOKS[look_of_it])
    page.goto("/?owner=unassigned")
    new_flag(engine)
    look(page)
    expect(page.locator("#queue-said")).to_be_visible(timeout=UPDATED)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll('#queue-list :is(a, button), summary')]
          .filter((target) => target.getBoundingClientRect().height < 24).map((target) => target.textContent)"""
    )
    assert small == []
