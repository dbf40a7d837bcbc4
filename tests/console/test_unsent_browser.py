"""Bad luck in a browser: the session ends while a note is typed, the way leads off the page, an answer never comes."""

from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Route, expect
from sqlalchemy import update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from clinic.request_work import REQUESTS
from clinic.staff_work import find_work
from console.tables import ConsoleSession
from tests.clinic.stored_work import store_request
from tests.console.conftest import PASSWORD, NewPage
from tests.console.people import add_person
from tests.console.work_rows import CONTACT
from tests.widget.axe import violations

NOTE = "Called at noon.\nAsk for the referral. <b>ä"
SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "bypass_csp": True}


@pytest.fixture
def address(engine: Engine) -> str:
    return f"/requests/{store_request(engine, 1, **CONTACT)}"


def typing(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Private note", exact=True).fill(NOTE)


def assert_is_right(page: Page) -> None:
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


@pytest.mark.parametrize("scripts", [True, False])
def test_a_note_outlives_its_session(engine: Engine, signed_in_page: NewPage, address: str, scripts: bool) -> None:
    add_person(engine, "maria", "scheduler")
    options = SMALL if scripts else {"java_script_enabled": False}
    page = signed_in_page("scheduler", name="maria", **options)
    typing(page, address)
    with transaction(engine) as session:
        session.execute(update(ConsoleSession).values(ended_at=clock.now()))
    page.get_by_role("button", name="Mark as contacted").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    if scripts:
        assert_is_right(page)
    page.get_by_label("Login name").fill("maria")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    if scripts:
        assert_is_right(page)
    page.get_by_role("button", name="Show it again").click()
    expect(page.get_by_label("Private note", exact=True)).to_have_value(NOTE)
    page.get_by_role("button", name="Mark as contacted").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    stored = find_work(engine, REQUESTS, address.rpartition("/")[2]).item
    assert (stored.note, stored.status) == (NOTE, "contacted")


def test_leaving_a_note_behind_is_asked_about_and_saving_it_is_not(signed_in_page: NewPage, address: str) -> None:
    page = signed_in_page("scheduler")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    typing(page, address)
    page.get_by_role("link", name="All requests").click()
    expect(page.get_by_label("Private note", exact=True)).to_have_value(NOTE)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Mark as contacted").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("link", name="All requests").click()
    expect(page.get_by_role("heading", name="Appointment requests")).to_be_visible()
    assert asked == ["beforeunload"]


def test_a_form_whose_answer_never_came_can_be_sent_again(signed_in_page: NewPage, address: str) -> None:
    page = signed_in_page("scheduler")
    page.clock.install()
    typing(page, address)
    sent: list[str] = []

    def stop_the_first(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
            if len(sent) == 1:
                route.abort("aborted")  # as by the browser's button to stop
                return
        route.continue_()

    page.route(f"**{address}", stop_the_first)
    save = page.get_by_role("button", name="Mark as contacted")
    save.click()
    save.click()
    assert len(sent) == 1
    page.clock.run_for(15_000)
    save.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert len(sent) == 2
