"""What a visitor does with the chat, from the first opening to the end."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.channels.bot_process import BotProcess
from tests.widget.chat_page import ChatPage, chat_on
from tests.widget.conftest import PHONE, NewContext
from tests.widget.host_site import HostSite
from tests.widget.talking_actions import TalkingActions

ANSWER = "Milia are small white cysts"
SOURCE = "From the clinic's page on milia"


def test_a_question_is_answered_with_its_source(chat: ChatPage) -> None:
    chat.open()
    reply = chat.ask("what are milia?")
    expect(reply).to_contain_text(ANSWER)
    expect(reply.locator(".source")).to_have_text(f"Source: {SOURCE}")
    expect(chat.sent).to_contain_text("what are milia?")
    expect(chat.sent.locator(".state")).to_have_text("Sent")
    expect(chat.sent.locator("time")).to_have_text(re.compile(r"^\d{1,2}:\d{2}\s[AP]M$"))


def test_nothing_is_asked_of_the_server_before_the_chat_is_opened(bot: BotProcess, new_context: NewContext) -> None:
    context = new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url.removeprefix(bot.web)))
    chat = chat_on(context, f"{bot.web}/demo")
    chat.page.wait_for_load_state("networkidle")
    assert asked == ["/demo", "/demo.css", "/widget.js"]
    chat.open()
    assert asked[3:] == ["/sessions"]


def test_it_says_that_it_is_a_program_and_how_the_chat_is_kept(chat: ChatPage) -> None:
    chat.open()
    expect(chat.panel).to_have_accessible_name("Nima Skin Institute")
    expect(chat.panel).to_have_accessible_description("Automated assistant, not a person")
    chat.widget.get_by_text("How this chat is kept").click()
    expect(chat.widget.locator("details")).to_contain_text("for 24 hours")


def test_help_is_always_in_view(chat: ChatPage) -> None:
    chat.open()
    for _ in range(6):
        chat.ask("what are milia?")
    for name, address in (("911", "tel:911"), (PHONE, "tel:3125550199")):
        link = chat.widget.locator(".help").get_by_role("link", name=name)
        expect(link).to_be_in_viewport()
        expect(link).to_have_attribute("href", address)


def test_a_choice_is_a_button_that_is_used_once(chat: ChatPage) -> None:
    chat.open()
    offer = chat.ask("I want an appointment")
    offer.get_by_role("button", name="Send it").click()
    expect(chat.sent.last).to_contain_text("Send it")
    expect(chat.replies).to_have_count(3)
    used = offer.locator(".choice").first
    expect(used).to_have_attribute("aria-disabled", "true")
    expect(used).to_have_attribute("tabindex", "-1")
    expect(used).to_have_text("Send it (chosen)")
    used.click(force=True)
    expect(chat.sent).to_have_count(2)


def test_suggestions_ask_for_the_visitor(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    chat.button("May I squeeze them?").click()
    expect(chat.replies).to_have_count(2)
    assert actions.calls[-1]["tracker"]["latest_message"]["text"] == "May I squeeze them?"
    expect(chat.button("May I squeeze them?")).to_be_hidden()


def test_several_messages_at_once_are_answered_in_order(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    for text in ("one", "two", "three"):
        chat.write(text)
    expect(chat.replies).to_have_count(4)
    expect(chat.sent.locator(".state")).to_have_text(["Sent"] * 3)
    assert [call["tracker"]["latest_message"]["text"] for call in actions.calls] == ["one", "two", "three"]


def test_enter_sends_and_shift_enter_begins_a_line(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    chat.field.fill("first")
    chat.field.press("Shift+Enter")
    chat.page.keyboard.type("second")
    chat.field.press("Enter")
    expect(chat.replies).to_have_count(2)
    assert actions.calls[-1]["tracker"]["latest_message"]["text"] == "first\nsecond"
    chat.field.press("Enter")
    expect(chat.sent).to_have_count(1)


@pytest.mark.parametrize("way", ["reload", "second page"])
def test_the_conversation_is_there_again(bot: BotProcess, site: HostSite, new_context: NewContext, way: str) -> None:
    address = site.embed(bot.url)
    site.embed(bot.url, "/second")
    chat = chat_on(new_context(), address)
    chat.open()
    chat.ask("what are milia?")
    chat.button("Yes").click()
    expect(chat.widget.locator(".result")).to_have_text("Thank you. The staff can see this.")
    chat.ask("I want an appointment")
    before = chat.widget.locator(".message .bubble").all_text_contents()
    if way == "reload":
        chat.page.reload()
    else:
        chat.page.get_by_role("link", name="a second page").click()
        chat.page.wait_for_url("**/second")
    chat.launcher.click()
    expect(chat.replies).to_have_count(3)
    assert chat.widget.locator(".message .bubble").all_text_contents() == before
    expect(chat.button("Send it")).to_be_enabled()
    expect(chat.button("Yes")).to_have_attribute("aria-pressed", "true")
    assert chat.announced == []
    chat.button("Send it").click()
    expect(chat.replies).to_have_count(4)


def test_only_the_sessions_token_is_kept_in_the_browser(chat: ChatPage) -> None:
    chat.open()
    chat.ask("what are milia?")
    stored = chat.stored
    assert list(stored.pop("session")) == ["milia-chat"]
    assert not any(stored.values())


def test_end_and_clear_leaves_nothing(bot: BotProcess, chat: ChatPage) -> None:
    chat.open()
    chat.ask("what are milia?")
    token = chat.stored["session"]["milia-chat"]
    chat.end()
    expect(chat.notices).to_have_text("This chat has ended and was deleted. Write to start a new one.")
    assert not any(chat.stored.values())
    expect(chat.replies).to_have_count(0)
    expect(chat.sent).to_have_count(0)
    headers = {"Authorization": f"Bearer {token}"}
    assert chat.page.request.get(f"{bot.web}/messages", headers=headers).status == 401
    chat.ask("what are milia?")
    assert chat.stored["session"]["milia-chat"] != token
    chat.page.reload()
    chat.launcher.click()
    expect(chat.sent).to_have_count(1)


def test_ending_can_be_thought_over(chat: ChatPage) -> None:
    chat.open()
    chat.ask("what are milia?")
    chat.button("End and clear").click()
    assert chat.focused == "quiet"
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_visible()
    expect(chat.button("End and clear")).to_be_focused()
    expect(chat.sent).to_have_count(1)


def test_an_answer_that_comes_after_the_end_is_not_shown(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.hold()
    chat.write("what are milia?")
    expect(chat.widget.locator(".writing")).to_be_visible()
    chat.end()
    actions.let_go()
    expect(chat.notices).to_have_count(1)
    chat.page.wait_for_load_state("networkidle")
    expect(chat.replies).to_have_count(0)
    expect(chat.widget.locator(".writing")).to_have_count(0)
    assert not any(chat.stored.values())


def test_ending_while_the_chat_still_begins_leaves_nothing(bot: BotProcess, chat: ChatPage) -> None:
    opened: list[str] = []

    def slowly(route: Route) -> None:
        answer = route.fetch()
        opened.append(answer.json()["token"])
        chat.page.wait_for_timeout(600)
        route.fulfill(response=answer)

    chat.page.route("**/sessions", slowly, times=1)
    chat.launcher.click()
    chat.write("what are milia?")
    with chat.page.expect_response(lambda response: response.request.method == "DELETE"):
        chat.end()
    expect(chat.notices).to_contain_text("This chat has ended and was deleted.")
    expect(chat.replies).to_have_count(0)
    assert not any(chat.stored.values())
    headers = {"Authorization": f"Bearer {opened[0]}"}
    assert chat.page.request.get(f"{bot.web}/messages", headers=headers).status == 401
    chat.ask("what are milia?")
    expect(chat.sent.locator(".state")).to_have_text("Sent")


def test_what_is_written_before_the_earlier_conversation_is_there_comes_after_it(
    chat: ChatPage, actions: TalkingActions
) -> None:
    chat.open()
    chat.ask("one")
    chat.page.reload()
    chat.page.route("**/messages", lambda route: (chat.page.wait_for_timeout(500), route.continue_()), times=1)
    chat.launcher.click()
    chat.write("two")
    expect(chat.replies).to_have_count(3)
    expect(chat.sent).to_have_count(2)
    expect(chat.sent.first).to_contain_text("one")
    expect(chat.sent.last).to_contain_text("two")
    assert [call["tracker"]["latest_message"]["text"] for call in actions.calls] == ["one", "two"]


def test_two_visitors_cannot_read_each_other(bot: BotProcess, new_context: NewContext) -> None:
    ann, bea = (chat_on(new_context(), f"{bot.web}/demo") for _ in range(2))
    ann.open()
    ann.ask("my name is Ann, what are milia?")
    bea.open()
    assert ann.stored["session"] != bea.stored["session"]
    bea.page.reload()
    bea.launcher.click()
    expect(bea.replies).to_have_count(1)
    expect(bea.sent).to_have_count(0)
    # Even with the other's conversation id, which is in no place that a visitor sees, only the signed token counts.
    stolen = (
        ann.stored["session"]["milia-chat"].split(".")[0] + "." + bea.stored["session"]["milia-chat"].split(".", 1)[1]
    )
    answer = bea.page.request.get(f"{bot.web}/messages", headers={"Authorization": f"Bearer {stolen}"})
    assert answer.status == 401


def test_feedback_is_for_answers_alone_and_can_be_changed(bot: BotProcess, chat: ChatPage) -> None:
    chat.open()
    assert chat.widget.locator(".rating").count() == 0
    chat.ask("I want an appointment")
    assert chat.widget.locator(".rating").count() == 0
    answer = chat.ask("what are milia?")
    answer.get_by_role("button", name="No", exact=True).click()
    expect(answer.locator(".result")).to_have_text("Thank you. The staff can see this.")
    answer.get_by_role("button", name="Yes", exact=True).click()
    expect(chat.button("No")).to_have_attribute("aria-pressed", "false")
    assert chat.announced[-1]["text"] == "Thank you. The staff can see this."
    token = chat.stored["session"]["milia-chat"]
    kept = chat.page.request.get(f"{bot.web}/messages", headers={"Authorization": f"Bearer {token}"}).json()["turns"]
    assert [turn["helpful"] for turn in kept] == [None, None, True]
    chat.ask("what are milia?")
    expect(chat.widget.locator(".rating")).to_have_count(2)
    chat.ask("what are milia?")
    expect(chat.widget.locator(".rating")).to_have_count(2)


def test_whoever_reads_further_up_is_left_there(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    for _ in range(5):
        chat.ask("what are milia?")
    actions.hold()
    chat.write("what are milia?")
    expect(chat.widget.locator(".writing")).to_be_visible()
    scroller = chat.widget.locator(".scroller")
    scroller.evaluate("scroller => { scroller.scrollTop = 0; }")
    actions.let_go()
    expect(chat.button("New message")).to_be_visible()
    assert scroller.evaluate("scroller => scroller.scrollTop") == 0
    chat.button("New message").click()
    expect(chat.replies.last).to_be_in_viewport()
    expect(chat.button("New message")).to_be_hidden()
    assert chat.focused == "scroller"


def test_replies_that_come_while_the_chat_is_closed_are_counted(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.hold()
    chat.write("what are milia?")
    chat.field.press("Escape")
    actions.let_go()
    expect(chat.launcher).to_have_accessible_name("Ask a question New messages: 1")
    chat.launcher.click()
    expect(chat.launcher).to_have_accessible_name("Ask a question")
    expect(chat.replies).to_have_count(2)
