"""Conversations in a browser: reviewing by keys, with and without scripts, by everybody."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from clinic.flags import Flag
from conversations.feedback import Feedback
from conversations.reviews import ConversationReview, TurnReview
from conversations.teaching import Correction
from tests.console.conftest import NewPage
from tests.console.talk_rows import NOON, REPLY, store_talk, turn
from tests.widget.axe import violations

TALK = "/conversations/talk-1"
NARROW = {"width": 320, "height": 800}


@pytest.fixture
def events(engine: Engine) -> list[int]:
    """A conversation with everything on it: the second message is flagged, the fourth was not understood."""
    turns = [
        turn("what causes them", second_label="faq/are_milia_painful", candidates=["faq/causes", "faq/cause_sun"]),
        turn("my spot bleeds", safety="safety/changing_lesion", outcome="safety", slots={"topic": "faq/causes"}),
        turn("averyveryverylongwordthatdoesnotfitonaphone" * 3, responses=[{**REPLY, "choices": ["Ask the staff"]}]),
        turn("hm", outcome="fallback", confidence=0.2),
    ]
    stored = store_talk(engine, turns=turns, attention="low_confidence", attention_since=NOON)
    own = {"conversation_id": "talk-1", "channel": "web", "created_at": NOON}
    with transaction(engine) as session:
        session.add(Flag(id="flag-1", turn_id="talk-1-2", label="safety/changing_lesion", **own))
        session.add(Feedback(conversation_id="talk-1", message_id="talk-1-1", helpful=False, given_at=NOON))
    return stored


def verdicts(engine: Engine) -> dict[int, tuple[str, str | None]]:
    with transaction(engine) as session:
        return {row.event_id: (row.verdict, row.label) for row in session.execute(select(TurnReview)).scalars()}


def test_messages_are_reviewed_by_keys(signed_in_page: NewPage, engine: Engine, events: list[int]) -> None:
    page = signed_in_page("reviewer")
    page.goto(TALK)
    page.keyboard.press("n")
    expect(page.locator("#turn-1")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#turn-1")).to_contain_text("Marked as right")
    expect(page.locator("#turn-1")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("Message 1: right.")
    page.keyboard.press("n")
    expect(page.locator("#turn-2")).to_be_focused()
    page.keyboard.press("w")
    expect(page.locator("#turn-2")).to_contain_text("Marked as wrong")
    page.keyboard.press("f")
    expect(page.locator("#turn-4")).to_be_focused()
    page.keyboard.press("o")
    expect(page.locator("#turn-4")).to_contain_text("Marked as wrong: Off topic")
    page.keyboard.press("p")
    expect(page.locator("#turn-3")).to_be_focused()
    assert page.url.endswith("#turn-3")
    first, second, _, fourth = events
    assert verdicts(engine) == {
        first: ("right", None),
        second: ("wrong", None),
        fourth: ("wrong", "out_of_scope"),
    }


def test_another_label_is_chosen_or_typed_by_keys(signed_in_page: NewPage, engine: Engine, events: list[int]) -> None:
    page = signed_in_page("reviewer")
    page.goto(f"{TALK}#turn-1")
    page.keyboard.press("l")
    first = page.locator("#turn-1").get_by_role("button", name="Causes, 91 %")
    expect(first).to_be_focused()
    # The model's own ranking comes first.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1")).to_contain_text("Marked as wrong: Other causes")
    page.keyboard.press("n")
    page.keyboard.press("l")
    field = page.locator("#turn-2-label")
    field.focus()
    page.keyboard.type("row")  # single keys do nothing where one types
    page.keyboard.press("Enter")
    expect(page.locator("#turn-2-problem")).to_contain_text("There is no label “row”")
    expect(page.locator("#turn-2-label")).to_be_focused()
    expect(page.locator("#turn-2-label")).to_have_value("row")
    page.locator("#turn-2-label").fill("")
    page.keyboard.type("cost and insurance")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-2")).to_contain_text("Marked as wrong: Cost and insurance")
    assert verdicts(engine) == {
        events[0]: ("wrong", "uncovered/other_causes"),
        events[1]: ("wrong", "uncovered/cost_insurance"),
    }
    with transaction(engine) as session:
        assert len(session.execute(select(Correction.id)).all()) == 2


def test_single_keys_can_be_switched_off_for_good(signed_in_page: NewPage, engine: Engine, events: list[int]) -> None:
    page = signed_in_page("reviewer")
    page.goto(f"{TALK}#turn-1")
    page.keyboard.press("?")
    expect(page.get_by_text("next message worth a look")).to_be_visible()
    page.get_by_label("Keys without Ctrl or Alt").uncheck()
    page.reload()
    expect(page.locator("#shortcuts")).not_to_be_checked()
    page.locator("#turn-2").focus()
    for key in ("r", "n", "?"):
        page.keyboard.press(key)
    expect(page.locator("#turn-2")).to_be_focused()
    expect(page.get_by_text("next message worth a look")).to_be_hidden()
    assert verdicts(engine) == {}


def test_a_link_to_a_message_of_a_long_conversation_leads_there(signed_in_page: NewPage, engine: Engine) -> None:
    store_talk(engine, turns=[turn(f"word {number}") for number in range(1, 121)])
    page = signed_in_page("reader")
    page.goto(f"{TALK}#turn-120")
    expect(page.locator("#turn-120")).to_be_in_viewport()
    page.locator("#turn-101").focus()
    page.keyboard.press("p")
    expect(page.locator("#turn-100")).to_be_focused()


def test_a_failure_is_told_and_the_message_stays_as_it_is(
    signed_in_page: NewPage, engine: Engine, events: list[int]
) -> None:
    page = signed_in_page("reviewer")
    page.goto(f"{TALK}#turn-1")
    page.route("**/review", lambda route: route.abort(), times=1)
    page.keyboard.press("r")
    expect(page.get_by_role("alert").filter(has_text="Nothing was saved")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#turn-1")).to_contain_text("Marked as right")
    expect(page.locator("#conversation-failure")).to_be_hidden()


def test_everything_works_without_scripts(signed_in_page: NewPage, engine: Engine, events: list[int]) -> None:
    page = signed_in_page("reviewer", java_script_enabled=False)
    page.goto("/conversations")
    page.get_by_label("Words of the visitor").fill("bleeds")
    page.get_by_text("More filters").click()
    page.get_by_label("Flags").select_option(label="With a safety message")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("Keep this search").click()
    page.get_by_label("Its name").fill("Bleeding")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("link", name="Bleeding")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="my spot bleeds").click()
    assert page.url.endswith(f"{TALK}#turn-2")
    second = page.locator("#turn-2")
    second.get_by_role("button", name="Right").click()
    expect(second).to_contain_text("Marked as right")
    second.get_by_text("Relabel").click()
    second.get_by_label("Any label").fill("Infection or injury")
    second.get_by_role("button", name="Save the label").click()
    expect(second).to_contain_text("Marked as wrong: Infection or injury")
    page.get_by_role("link", name="Message 4").first.click()
    page.get_by_role("button", name="Mark the conversation as reviewed").click()
    expect(page.get_by_role("status").first).to_have_text("The conversation is marked as reviewed.")
    with transaction(engine) as session:
        assert session.get(ConversationReview, "talk-1").turns_seen == 4
    assert verdicts(engine) == {events[1]: ("wrong", "safety/infection_or_injury")}


def test_axe_finds_nothing_in_the_light(signed_in_page: NewPage, events: list[int]) -> None:
    page = signed_in_page("admin", color_scheme="light")
    page.goto("/conversations")
    page.get_by_text("More filters").click()
    page.get_by_label("Confidence from").fill("much")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("whole number from 0 to 100")).to_be_visible()
    _is_fine(page)
    _open_everything(page)
    _is_fine(page)


def test_axe_finds_nothing_in_the_dark_on_a_phone_and_nothing_is_wider(
    signed_in_page: NewPage, events: list[int]
) -> None:
    page = signed_in_page("admin", color_scheme="dark", viewport=NARROW)
    page.goto("/conversations")
    page.get_by_text("More filters").click()
    page.get_by_label("Last activity from").fill("2026-11-01")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("search="))
    _is_fine(page)
    _open_everything(page)
    _is_fine(page)


def _open_everything(page: Page) -> None:
    page.goto(TALK)
    for summary in page.locator("summary").all():
        summary.click()
    page.locator("#turn-1").get_by_role("button", name="Wrong").click()
    expect(page.locator("#turn-1")).to_contain_text("Marked as wrong")


def _is_fine(page: Page) -> None:
    assert violations(page) == []
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1]
