"""The states in which the chat is looked at: each brings a chat that has just been placed on its page into one."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.widget.chat_page import ChatPage
from tests.widget.talking_actions import TalkingActions

Bring = Callable[[ChatPage, TalkingActions], None]


def closed(_chat: ChatPage, _actions: TalkingActions) -> None:
    """As the page shows it."""


def opened(chat: ChatPage, _actions: TalkingActions) -> None:
    chat.open()


def answered(chat: ChatPage, _actions: TalkingActions) -> None:
    chat.open()
    chat.ask("what are milia?")


def choices(chat: ChatPage, _actions: TalkingActions) -> None:
    answered(chat, _actions)
    chat.ask("I want an appointment")


def chosen(chat: ChatPage, _actions: TalkingActions) -> None:
    choices(chat, _actions)
    chat.button("Send it").click()
    expect(chat.replies).to_have_count(4)


def emergency(chat: ChatPage, _actions: TalkingActions) -> None:
    chat.open()
    chat.ask("I cannot breathe")


def writing(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.hold()
    chat.write("what are milia?")
    expect(chat.widget.locator(".writing")).to_be_visible()


def error(chat: ChatPage, _actions: TalkingActions) -> None:
    answered(chat, _actions)
    chat.page.route("**/messages", lambda route: route.abort())
    chat.write("may I squeeze them?")
    expect(chat.sent.last.locator(".state")).to_have_text("Not sent", timeout=15_000)


def offline(chat: ChatPage, _actions: TalkingActions) -> None:
    answered(chat, _actions)
    chat.page.context.set_offline(True)
    chat.write("may I squeeze them?")
    expect(chat.sent.last.locator(".state")).to_have_text("Waits for a connection")


def unreachable(chat: ChatPage, _actions: TalkingActions) -> None:
    chat.page.route("**/sessions", lambda route: route.abort())
    chat.launcher.click()
    expect(chat.notices).to_be_visible()


def ending(chat: ChatPage, _actions: TalkingActions) -> None:
    answered(chat, _actions)
    chat.button("End and clear").click()


def ended(chat: ChatPage, _actions: TalkingActions) -> None:
    answered(chat, _actions)
    chat.end()
    expect(chat.notices).to_be_visible()


STATES: dict[str, Bring] = {
    state.__name__: state
    for state in (
        closed,
        opened,
        answered,
        choices,
        chosen,
        emergency,
        writing,
        error,
        offline,
        unreachable,
        ending,
        ended,
    )
}
