"""The pages of figures in a browser: axe, a narrow screen, large text, the keyboard, without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.engine import Engine

from clinic import clock
from tests.console.conftest import NewPage
from tests.console.insight_log import AFTERWARDS, at, store_log
from tests.console.talk_rows import store_talk, turn
from tests.console.test_requests_browser import TOO_SMALL
from tests.widget.axe import violations

WEEK = "from=2026-11-16&to=2026-11-22"
PAGES = (f"/insights?{WEEK}", f"/insights/uncovered?{WEEK}", "/insights?from=2026-11-20&to=2026-11-02")
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "small": {"viewport": {"width": 320, "height": 640}},
}
# Words of a drawing that stick out of it by more than the card's padding, or lie on other words.
MISPLACED = """() => [...document.querySelectorAll('svg.drawing')].flatMap((drawing) => {
  const place = drawing.getBoundingClientRect();
  const words = [...drawing.querySelectorAll('text')].map((each) => [each.textContent, each.getBoundingClientRect()]);
  const out = words.filter(([, own]) => own.left < place.left - 12 || own.right > place.right + 12);
  const on = words.filter(([, one], number) => words.slice(number + 1).some(([, other]) =>
    one.left < other.right - 1 && other.left < one.right - 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > one.height / 2));
  return [...out, ...on].map(([text]) => text);
})"""


@pytest.fixture(autouse=True)
def full_log(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTERWARDS)
    store_log(engine)
    for number, label in enumerate(("uncovered/products_home_remedies", "reschedule_appointment", "x" * 80)):
        text = "unbreakable" * 30 if number else "laser or tea tree oil"
        turns = [turn(f"{text} {repeat}", label=label, outcome="uncovered") for repeat in range(8)]
        store_talk(engine, f"long-{number}", turns, began=at(19, 9))


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_fits(signed_in_page: NewPage, look: str) -> None:
    page = signed_in_page("reader", bypass_csp=True, **LOOKS[look])
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
        assert page.evaluate(MISPLACED) == [], path
        assert page.evaluate(TOO_SMALL) == [], path


def test_words_of_drawings_grow_with_the_text_of_the_page(signed_in_page: NewPage) -> None:
    page = signed_in_page("reader")
    page.goto(PAGES[0])
    usual = height_of_words(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert height_of_words(page) == pytest.approx(2 * usual, rel=0.1)
    assert page.evaluate(MISPLACED) == []


def height_of_words(page: Page) -> float:
    height: float = page.evaluate("document.querySelector('svg.drawing text').getBoundingClientRect().height")
    return height


def test_series_differ_without_colour(signed_in_page: NewPage) -> None:
    """In forced colours all series have one colour; the textures over them still tell them apart."""
    page = signed_in_page("reader", forced_colors="active")
    page.goto(PAGES[0])
    fills = page.evaluate(
        "[...document.querySelectorAll('.legend .swatch > rect:first-child')].map((e) => getComputedStyle(e).fill)"
    )
    assert len(set(fills)) == 1
    woven = page.locator("section:has(#volume) svg.drawing rect.woven")
    assert woven.count() >= 1
    assert page.locator("section:has(#volume) svg.drawing pattern").count() == 1


def test_days_and_numbers_can_be_had_by_keyboard_and_without_scripts(signed_in_page: NewPage) -> None:
    page = signed_in_page("reader", java_script_enabled=False)
    page.goto("/insights")
    page.get_by_label("From", exact=True).fill("2026-11-16")
    page.get_by_label("To", exact=True).fill("2026-11-22")
    page.get_by_label("Channel", exact=True).select_option("sms")
    page.get_by_role("button", name="Show").press("Enter")
    section = page.locator("section:has(#volume)")
    expect(section.get_by_role("paragraph").first).to_have_text("2 in all, 2 more than the 7 days before.")
    section.locator("summary").press("Enter")
    expect(section.get_by_role("row", name="16 Nov 2")).to_be_visible()
    with page.expect_download() as download:
        section.get_by_role("link", name="Download as CSV").press("Enter")
    assert download.value.suggested_filename == "volume-2026-11-16-2026-11-22.csv"
    page.get_by_role("link", name="What we do not cover").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What we do not cover")
    expect(page.get_by_label("From", exact=True)).to_have_value("2026-11-16")
