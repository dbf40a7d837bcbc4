"""Requests and messages in a browser: by keyboard, on a phone, without scripts, and by axe's rules."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.engine import Engine

from clinic.request_work import REQUESTS
from clinic.staff_work import WorkValues, change_work, find_work
from tests.clinic.stored_work import store_message, store_request
from tests.console.conftest import NewPage
from tests.console.work_rows import CONTACT, PAYLOAD
from tests.widget.axe import violations

SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
LOOKS: dict[str, dict[str, Any]] = {"light": {}, "dark": {"color_scheme": "dark"}, "small": SMALL}

# What is too small for a thumb or an unsteady hand (WCAG 2.2, 2.5.8).
TOO_SMALL = """() => [...document.querySelectorAll('main :is(a, button, select, textarea, input:not([type=hidden]))')]
    .filter((each) => each.checkVisibility() && (each.closest('label') ?? each).getBoundingClientRect().height < 24)
    .map((each) => each.outerHTML)"""


@pytest.fixture
def request_id(engine: Engine) -> str:
    store_request(engine, 2, contact_name="Pneumonoultramicroscopicsilicovolcanoconiosis" * 2, preferred_time="x" * 200)
    store_request(engine, 3, contact_name=PAYLOAD, channel="sms")
    store_message(engine, 4, **CONTACT, urgency="urgent", topic="safety/emergency")
    return store_request(engine, 1, **CONTACT, patient_name="Leo", patient_relation="son", reason="bumps")


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_fits(engine: Engine, signed_in_page: NewPage, request_id: str, look: str) -> None:
    page = signed_in_page("scheduler", bypass_csp=True, **LOOKS[look])
    message_id = store_message(engine, 4)
    for path in ("/requests", "/messages", f"/messages/{message_id}", f"/requests/{request_id}"):
        page.goto(path)
        assert_is_right(page)
    page.get_by_label("Private note", exact=True).fill("mine")
    noted = WorkValues("contacted", None, "theirs")
    change_work(engine, REQUESTS, request_id, expected_version=1, values=noted, changed_by="ana")
    page.get_by_role("button", name="Mark as booked").click()
    expect(page.get_by_role("alert")).to_contain_text("ana changed the status from open to contacted")
    expect(page.get_by_label("Private note", exact=True)).to_have_value("mine")
    assert_is_right(page)
    page.goto("/requests")
    page.get_by_label("Find a person").fill("zelda")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="Zelda Canary")).to_be_visible()
    assert_is_right(page)


def assert_is_right(page: Page) -> None:
    assert violations(page) == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways"
    assert page.evaluate(TOO_SMALL) == []


def test_a_request_is_worked_by_keyboard_and_without_scripts(
    engine: Engine, signed_in_page: NewPage, request_id: str
) -> None:
    page = signed_in_page("scheduler", name="maria", java_script_enabled=False)
    page.goto("/requests")
    page.get_by_role("link", name="Zelda Canary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Zelda Canary")).to_be_visible()
    page.get_by_label("Assigned to").select_option(label="Me (Maria)")
    page.get_by_label("Private note", exact=True).press_sequentially("rang\nno answer")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Mark as contacted")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You changed the status from open to contacted")).to_be_visible()
    item = find_work(engine, REQUESTS, request_id).item
    assert (item.status, item.assignee, item.note) == ("contacted", "maria", "rang\nno answer")


def test_a_download_is_a_file(signed_in_page: NewPage, request_id: str) -> None:
    page = signed_in_page("scheduler")
    page.goto("/requests")
    page.get_by_text("Download these 3").click()
    page.get_by_label("with private notes").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.suggested_filename.startswith("requests-20")
    assert b"Private note" in download.value.path().read_bytes()
