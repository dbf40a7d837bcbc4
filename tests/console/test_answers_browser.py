"""Answers and clinic details in Chromium: on a phone, in the dark, by keyboard, with and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.engine import Engine

from clinic.answers.in_force import read_in_force
from clinic.answers.proposals import Change, propose
from clinic.answers.versions import CLINIC_DETAILS, SHIPPED, put_back
from clinic.answers.wordings import SMS, WEB, Wording, stored_form
from clinic.clinic_details import ClinicDetails
from tests.console.conftest import NewPage
from tests.widget.axe import violations

LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "has_touch": True},
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
POP, POP_PAGE = "utter_faq/can_i_pop", "/answers/faq.can_i_pop"
TEXT = "Please don't squeeze or scrape them yourself. It can scar the skin or cause an infection."
PAGES = ("/", "/answers", "/answers?topic=changed", POP_PAGE, "/answers/safety.emergency", "/clinic")


@pytest.fixture
def everything(engine: Engine) -> None:
    """Versions, what waits, and an update under both."""
    content = stored_form([Wording(WEB, f"{TEXT} Please.", ("M9",)), Wording(SMS, TEXT, ("M9",))])
    details = ClinicDetails("(312) 555-0142", "x" * 60).stored_form()
    for subject, held in ((POP, content), (CLINIC_DETAILS, details)):
        put_back(engine, subject, held, shown=SHIPPED, shipped_digest="x", reason="First", by="anya")
    propose(engine, Change(POP, content.replace("Please.", "Not even gently."), "Kinder", 1, "x"), "anya")
    propose(engine, Change(CLINIC_DETAILS, details, "Again", 2, "x"), "anya")


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_fits(signed_in_page: NewPage, look: str) -> None:
    page = signed_in_page("reviewer", bypass_csp=True, **LOOKS[look])
    for address in PAGES:
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto(POP_PAGE)
    page.locator("#web-1").fill(f"{TEXT} It costs $50.")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot go live")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def change_answer(page: Page) -> None:
    page.goto(POP_PAGE)
    page.get_by_label("Website, first way").fill(f"{TEXT} Please leave it to the clinic.")
    page.get_by_label("Why do you change it?").fill("Kinder")
    page.get_by_role("button", name="Propose").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Kept as a proposal")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_answer_goes_live_and_back_by_keyboard(signed_in_page: NewPage, engine: Engine, scripts: bool) -> None:
    anya = signed_in_page("reviewer", "anya", java_script_enabled=scripts)
    boris = signed_in_page("admin", "boris", java_script_enabled=scripts)
    change_answer(anya)
    boris.goto("/")
    boris.get_by_role("link", name="Answers").last.press("Enter")
    boris.get_by_role("link", name="Can I pop them").press("Enter")
    boris.get_by_role("button", name="Take it live").press("Enter")
    expect(boris.get_by_role("status").first).to_contain_text("Live.")
    assert POP in read_in_force(engine).wordings
    boris.get_by_role("button", name="Go back to this").press("Enter")
    expect(boris.get_by_role("status").first).to_contain_text("Back in force")
    assert read_in_force(engine).wordings == {}


def test_whoever_leaves_with_unsaved_words_is_asked(signed_in_page: NewPage) -> None:
    page = signed_in_page("reviewer")
    page.goto(POP_PAGE)
    page.get_by_label("Website, first way").fill(f"{TEXT} Please leave it to the clinic.")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status").first).to_contain_text("Nothing stands against it")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Why do you change it?").click()
    page.goto("/clinic")
    assert asked == ["beforeunload"]


def test_the_front_desk_enters_the_hours_on_a_phone(signed_in_page: NewPage, engine: Engine) -> None:
    desk = signed_in_page("scheduler", **PHONE)
    desk.goto("/clinic")
    desk.get_by_label("Phone").fill("312 555 0142")
    desk.get_by_label("Monday, opens at").fill("09:00")
    desk.get_by_label("Monday, closes at").fill("17:00")
    desk.get_by_role("button", name="Same hours as Monday").tap()
    expect(desk.get_by_label("Friday, closes at")).to_have_value("17:00")
    expect(desk.get_by_text("Monday to Friday 9 am to 5 pm").first).to_be_visible()
    desk.get_by_label("Why do you change them?").fill("First time")
    desk.get_by_role("button", name="Propose").tap()
    expect(desk.get_by_role("status").first).to_contain_text("Kept as a proposal")
    admin = signed_in_page("admin")
    admin.goto("/clinic")
    admin.get_by_role("button", name="Take it live").click()
    expect(admin.get_by_role("status").first).to_contain_text("Live.")
    details = read_in_force(engine).details
    assert details is not None
    assert details.hours_shown("") == "Monday to Friday 9 am to 5 pm, closed on Saturday and Sunday"
