"""`make run` and a browser: the real model, the real actions, the demo page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browsers import start_chromium
from tests.conversation.instance import RunningInstance
from tests.widget.chat_page import chat_on
from tests.widget.conftest import NewContext


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstance]:
    started = RunningInstance(tmp_path_factory.mktemp("instance"))
    started.wait_until_ready()
    yield started
    started.end()


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    """What visitors have, not its headless shell."""
    started = start_chromium(playwright, whole=True)
    yield started
    started.close()


def test_a_visitor_of_the_demo_page_learns_what_the_bumps_are_and_leaves_a_request(
    instance: RunningInstance, new_context: NewContext
) -> None:
    chat = chat_on(new_context(), f"{instance.url}/webhooks/web/demo")
    chat.open()
    answer = chat.ask("what are these white bumps")
    expect(answer).to_contain_text("Milia")
    expect(answer.locator(".source")).to_contain_text("From the clinic's page on milia")
    chat.button("Yes").click()
    expect(chat.widget.locator(".result")).to_have_text("Thank you. The staff can see this.")
    assert instance.rows("SELECT helpful FROM feedback") == [(1,)]
    for text in ("I want an appointment", "Nora Quist", "312 555 0142", "tuesday mornings"):
        chat.ask(text)
    expect(chat.replies.last).to_contain_text("Shall I send")
    expect(chat.ask("yes")).to_contain_text("recorded")
    assert len(instance.rows("SELECT 1 FROM appointment_requests")) == 1
    chat.end()
    expect(chat.notices).to_contain_text("This chat has ended and was deleted.")
    assert instance.rows("SELECT 1 FROM feedback") == []
    assert instance.rows("SELECT 1 FROM turns") == []
