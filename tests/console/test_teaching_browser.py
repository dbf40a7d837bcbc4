"""Teaching in Chromium: from a proposal to a promoted candidate, by everybody, with and without scripts."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.engine import Engine

from conversations.candidates import READY, TRAINING
from conversations.correction_checks import Verdict
from conversations.promotion_history import newest_promotion
from conversations.teaching_job import work
from conversations.workshop import Workshop
from tests.console.conftest import NewPage
from tests.console.teaching_rows import change, compared, made, store_candidate
from tests.conversations.small_workshop import small_workshop
from tests.conversations.taught_turns import checked, proposed, released
from tests.widget.axe import violations

LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "has_touch": True},
}
LONG = "averyveryverylongwordthatdoesnotfitonaphone" * 3


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    small = small_workshop(tmp_path)
    monkeypatch.setattr(Workshop, "of", classmethod(lambda _cls, _settings: small))
    return small


@pytest.fixture
def everything(engine: Engine, workshop: Workshop) -> list[str]:
    """The addresses of every page, with everything on them."""
    for text in ("whats up with these dots", f"why {LONG}", "call me at [phone] please, why me"):
        proposed(engine, text)
    checked(engine, Verdict(None, (f"Trained already as faq/causes: {LONG}",)))
    proposed(engine, "not checked yet", by="reviewer")
    line = released(engine, "hello out there", "greet")
    promoted = made(engine, workshop)
    store_candidate(engine, "running", TRAINING)
    changes = [change(LONG, "greet", "help", "greet"), change("and this", "help", "help", "greet")]
    taught = compared("taught", changes=[change(line.id, "greet", "help", "greet")], still_wrong=["erased"])
    store_candidate(engine, "ready", READY, compared("own", changes=changes), compared("held_out"), taught, lines=2)
    store_candidate(engine, "refused", READY, compared("own"), refusals=["One about danger is missed."])
    store_candidate(engine, "failed", "failed", error="It failed: the training ended with exit code 7.")
    pages = [f"/teaching/candidates/{name}" for name in ("running", "ready", "refused", "failed", promoted.id)]
    return ["/teaching", "/teaching?state=released", "/teaching/candidates", *pages, f"{pages[1]}/promote"]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_fits(signed_in_page: NewPage, everything: list[str], look: str) -> None:
    page = signed_in_page("reviewer", bypass_csp=True, **LOOKS[look])
    for address in everything:
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def teach(page: Page) -> None:
    """From the first page to a candidate that waits."""
    page.goto("/teaching")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("status").first).to_contain_text("Released.")
    page.get_by_role("button", name="Train a candidate").click()
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_correction_is_taught_and_rolled_back_by_keyboard_and_pages_alone(
    signed_in_page: NewPage, engine: Engine, workshop: Workshop, scripts: bool
) -> None:
    proposed(engine, "whats up with these dots")
    checked(engine)
    page = signed_in_page("reviewer", java_script_enabled=scripts)
    teach(page)
    candidate_id = page.url.rpartition("/")[2]
    work(engine, candidate_id, workshop)
    if not scripts:
        page.get_by_role("link", name="Refresh").click()
    # With scripts the page notices the end by itself.
    page.get_by_role("link", name="Promote").press("Enter")
    expect(page.get_by_role("heading", name="Promote this candidate?")).to_be_visible()
    page.get_by_role("button", name="Promote").press("Enter")
    expect(page.get_by_role("heading", name="It is in force")).to_be_visible()
    assert newest_promotion(engine).kind == "promoted"
    page.get_by_role("link", name="Roll back").press("Enter")
    page.get_by_role("button", name="Roll back").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Rolled back.")
    assert newest_promotion(engine).kind == "rolled_back"


def test_the_page_of_what_is_in_force_asks_the_bot(signed_in_page: NewPage, engine: Engine, workshop: Workshop) -> None:
    page = signed_in_page("reviewer")
    page.goto("/teaching/candidates")
    expect(page.locator("#bot-model")).to_contain_text("does not answer just now")
