"""What becomes of a message when the network, the server or the session fails: nothing that was typed is lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Route, expect

from tests import loopback
from tests.channels.bot_process import BotProcess
from tests.widget.chat_page import ChatPage, chat_on
from tests.widget.conftest import PHONE, NewContext
from tests.widget.talking_actions import TalkingActions

QUESTION = "what are milia?"
SLOWLY = 20_000


@pytest.fixture
def own_bot(model: Path, actions: TalkingActions, tmp_path: Path) -> Iterator[BotProcess]:
    """A bot that a test may kill, with rate limits."""
    bot = BotProcess(tmp_path, model, actions.port, CLINIC_PHONE=PHONE)
    bot.start()
    yield bot
    bot.kill()


def asked(actions: TalkingActions) -> list[str]:
    return [call["tracker"]["latest_message"]["text"] for call in actions.calls]


def state_of_last(chat: ChatPage) -> str:
    return chat.sent.last.locator(".state").inner_text()


def test_a_lost_answer_is_asked_for_again_and_the_question_counts_once(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    sent: list[str] = []

    def lose_first(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    chat.page.route("**/messages", lose_first)
    chat.ask(QUESTION)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert asked(actions) == [QUESTION]
    expect(chat.replies).to_have_count(2)


def test_when_no_answer_comes_the_message_stays_and_is_sent_on_demand(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    chat.page.route("**/messages", lambda route: route.abort())
    chat.write(QUESTION)
    expect(chat.sent.locator(".state")).to_have_text("Not sent", timeout=SLOWLY)
    expect(chat.sent).to_contain_text("The assistant can't be reached just now. Nothing that you write here is lost.")
    assert "Not sent" in chat.announced[-1]["text"]
    chat.page.unroute("**/messages")
    chat.button("Try again").click()
    expect(chat.replies).to_have_count(2)
    expect(chat.sent.locator(".state")).to_have_text("Sent")
    expect(chat.button("Try again")).to_have_count(0)
    expect(chat.field).to_be_focused()
    assert asked(actions) == [QUESTION]


def test_offline_is_said_and_the_message_goes_out_by_itself_afterwards(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    chat.page.context.set_offline(True)
    notice = chat.widget.locator(".offline")
    expect(notice).to_have_text("You are offline. What you write stays here and is sent when you are back.")
    chat.write(QUESTION)
    chat.write("may I pop them?")
    expect(chat.sent.locator(".state")).to_have_text(["Waits for a connection"] * 2)
    for name in ("911", PHONE):
        expect(chat.widget.locator(".help").get_by_role("link", name=name)).to_be_in_viewport()
    chat.page.context.set_offline(False)
    expect(chat.replies).to_have_count(3)
    expect(notice).to_be_hidden()
    assert asked(actions) == [QUESTION, "may I pop them?"]
    said = [each["text"] for each in chat.announced]
    assert sum(text.startswith("You are offline") for text in said) == 1
    assert said.count("You are online again.") == 1


def test_a_slow_server_is_waited_for(chat: ChatPage, actions: TalkingActions) -> None:
    actions.mode = "slow"
    chat.open()
    chat.write(QUESTION)
    expect(chat.sent.locator(".state")).to_have_text("Sending")
    expect(chat.replies).to_have_count(2)
    assert asked(actions) == [QUESTION]


def test_a_killed_server_leaves_help_and_the_text_in_view_and_the_chat_goes_on_when_it_is_back(
    own_bot: BotProcess, new_context: NewContext
) -> None:
    chat = chat_on(new_context(), f"{own_bot.web}/demo")
    chat.open()
    chat.ask(QUESTION)
    own_bot.kill()
    chat.write("may I pop them?")
    expect(chat.sent.last.locator(".state")).to_have_text("Not sent", timeout=SLOWLY)
    expect(chat.sent.last).to_contain_text("may I pop them?")
    for name in ("911", PHONE):
        expect(chat.widget.locator(".help").get_by_role("link", name=name)).to_be_in_viewport()
    own_bot.start()
    chat.button("Try again").click()
    expect(chat.replies).to_have_count(3)
    expect(chat.sent.last.locator(".state")).to_have_text("Sent")


def test_a_chat_that_cannot_begin_shows_where_help_is_and_can_be_begun_later(
    own_bot: BotProcess, new_context: NewContext
) -> None:
    chat = chat_on(new_context(), f"{own_bot.web}/demo")
    own_bot.kill()
    chat.launcher.click()
    expect(chat.notices).to_contain_text("The assistant can't be reached just now.")
    for name in ("911", PHONE):
        expect(chat.widget.locator(".help").get_by_role("link", name=name)).to_be_in_viewport()
    chat.field.fill("typed already")
    own_bot.start()
    chat.notices.get_by_role("button", name="Try again").click()
    expect(chat.replies).to_have_count(1)
    expect(chat.notices).to_have_count(0)
    expect(chat.field).to_have_value("typed already")


def test_too_many_messages_are_held_back_with_the_time_to_wait(own_bot: BotProcess, new_context: NewContext) -> None:
    chat = chat_on(new_context(), f"{own_bot.web}/demo")
    chat.open()
    token = chat.stored["session"]["milia-chat"]
    headers = {"Authorization": f"Bearer {token}"}
    for count in range(20):
        body = {"id": f"m{count}", "text": QUESTION}
        assert loopback.post(f"{own_bot.web}/messages", json=body, headers=headers).status_code == 200
    chat.write(QUESTION)
    expect(chat.sent.locator(".state")).to_have_text("Not sent")
    expect(chat.sent).to_contain_text("That was a lot at once. Please wait")
    expect(chat.sent.get_by_role("link", name="911")).to_be_visible()
    again = chat.sent.locator(".again")
    expect(again).to_have_attribute("aria-disabled", "true")
    expect(again).to_contain_text("Try again in")
    again.click(force=True)
    assert state_of_last(chat) == "Not sent"


def test_after_the_wait_the_message_can_be_sent(chat: ChatPage) -> None:
    chat.open()
    refusal = {
        "status": 429,
        "headers": {"Retry-After": "2"},
        "json": {"error": {"code": "too_many_requests", "message": "x"}},
    }
    chat.page.route("**/messages", lambda route: route.fulfill(**refusal))
    chat.write(QUESTION)
    expect(chat.sent.locator(".again")).to_have_text("Try again in 2 seconds")
    chat.page.unroute("**/messages")
    expect(chat.button("Try again")).to_be_visible(timeout=SLOWLY)
    chat.button("Try again").click()
    expect(chat.replies).to_have_count(2)


def test_the_clinics_words_are_shown_when_a_turn_cannot_be_kept(own_bot: BotProcess, new_context: NewContext) -> None:
    chat = chat_on(new_context(), f"{own_bot.web}/demo")
    chat.open()
    own_bot.database.rename(own_bot.database.with_suffix(".gone"))
    chat.write("I cannot breathe")
    expect(chat.sent.locator(".state")).to_have_text("Not sent", timeout=SLOWLY)
    expect(chat.sent.locator(".note")).to_contain_text("Please call 911 now")
    assert "911" in chat.announced[-1]["text"]
    own_bot.database.with_suffix(".gone").rename(own_bot.database)
    expect(chat.button("Try again")).to_be_visible()


def test_an_ended_session_is_replaced_kindly_and_the_message_gets_through(bot: BotProcess, chat: ChatPage) -> None:
    chat.open()
    chat.ask(QUESTION)
    token = chat.stored["session"]["milia-chat"]
    assert loopback.delete(f"{bot.web}/sessions", headers={"Authorization": f"Bearer {token}"}).status_code == 204
    chat.write("may I pop them?")
    expect(chat.notices).to_have_text(
        "Your earlier chat has ended. A chat stays open for 24 hours. What you write now goes into a new one."
    )
    expect(chat.replies).to_have_count(3)
    expect(chat.sent.last.locator(".state")).to_have_text("Sent")
    assert chat.stored["session"]["milia-chat"] != token


def test_a_choice_of_an_ended_session_is_sent_as_text(bot: BotProcess, chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    chat.ask("I want an appointment")
    token = chat.stored["session"]["milia-chat"]
    loopback.delete(f"{bot.web}/sessions", headers={"Authorization": f"Bearer {token}"})
    chat.button("About milia").click()
    expect(chat.replies).to_have_count(3)
    assert asked(actions)[-1] == "About milia"


def test_an_expired_token_is_forgotten_and_a_new_chat_starts_with_the_next_message(
    bot: BotProcess, chat: ChatPage
) -> None:
    secret = (bot.database.parent / "development-secret").read_text(encoding="ascii")
    chat.open()
    token = chat.stored["session"]["milia-chat"]
    serializer = URLSafeTimedSerializer(secret, salt="web-session")
    old = aged(serializer, serializer.loads(token), hours=25)
    chat.page.evaluate("token => sessionStorage.setItem('milia-chat', token)", old)
    chat.page.reload()
    chat.launcher.click()
    expect(chat.notices).to_contain_text("Your earlier chat has ended. A chat stays open for 24 hours.")
    assert not any(chat.stored.values())
    chat.ask(QUESTION)
    expect(chat.sent.locator(".state")).to_have_text("Sent")


def aged(serializer: URLSafeTimedSerializer, content: str, hours: int) -> str:
    """A token that was signed so many hours ago."""
    signer = serializer.make_signer(serializer.salt)
    signer.get_timestamp = lambda: int(time.time()) - hours * 3_600  # type: ignore[method-assign]
    return str(signer.sign(serializer.dump_payload(content)).decode("ascii"))


def test_a_reload_in_the_middle_of_a_turn_finds_its_answer(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.hold()
    chat.write(QUESTION)
    expect(chat.widget.locator(".writing")).to_be_visible()
    chat.page.wait_for_timeout(300)
    chat.page.reload()
    chat.launcher.click()
    expect(chat.sent).to_contain_text(QUESTION)
    expect(chat.widget.locator(".writing")).to_be_visible()
    actions.let_go()
    expect(chat.replies).to_have_count(2, timeout=SLOWLY)
    assert asked(actions) == [QUESTION]


def test_a_chat_that_could_not_be_deleted_says_so_and_is_deleted_later(bot: BotProcess, chat: ChatPage) -> None:
    chat.open()
    chat.ask(QUESTION)
    token = chat.stored["session"]["milia-chat"]
    chat.page.route("**/sessions", lambda route: route.abort())
    chat.end()
    expect(chat.notices).to_contain_text("it may not be deleted there yet")
    assert not any(chat.stored.values())
    expect(chat.sent).to_have_count(0)
    chat.page.unroute("**/sessions")
    chat.notices.get_by_role("button", name="Try again").click()
    expect(chat.notices).to_contain_text("This chat has ended and was deleted.")
    assert loopback.get(f"{bot.web}/messages", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_feedback_that_is_not_saved_says_so(chat: ChatPage) -> None:
    chat.open()
    chat.ask(QUESTION)
    chat.page.route("**/feedback", lambda route: route.abort())
    chat.button("Yes").click()
    expect(chat.widget.locator(".result")).to_have_text("That could not be saved. Please try again.")
    expect(chat.button("Yes")).to_have_attribute("aria-pressed", "false")


def test_where_the_browser_forbids_storage_the_chat_lasts_as_long_as_the_page(
    bot: BotProcess, new_context: NewContext
) -> None:
    context = new_context()
    context.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException(); } })")
    chat = chat_on(context, f"{bot.web}/demo")
    chat.open()
    chat.ask(QUESTION)
    chat.ask("may I pop them?")
    expect(chat.sent.locator(".state")).to_have_text(["Sent"] * 2)


def test_a_page_that_is_not_json_is_a_fault_like_any_other(chat: ChatPage) -> None:
    chat.open()
    chat.page.route("**/messages", lambda route: route.fulfill(status=502, body="<html>Bad gateway</html>"))
    chat.write(QUESTION)
    expect(chat.sent.locator(".state")).to_have_text("Not sent")
    expect(chat.sent.locator(".note")).to_contain_text("The assistant can't be reached just now.")
