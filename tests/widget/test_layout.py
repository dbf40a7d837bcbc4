"""The chat on small screens, with large text, beside a keyboard, from right to left, in the visitor's own colours."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.channels.bot_process import BotProcess
from tests.widget.chat_page import ChatPage, chat_on
from tests.widget.conftest import NewContext
from tests.widget.host_site import HostSite

PHONE_SCREEN: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL: dict[str, Any] = {**PHONE_SCREEN, "viewport": {"width": 320, "height": 568}}
# A visual viewport as a phone has it while its keyboard is up: shorter than the page, which keeps its own height.
WITH_KEYBOARD = """
window.keyboard = { height: innerHeight, offsetTop: 0 };
const viewport = new EventTarget();
for (const name of ['height', 'offsetTop']) Object.defineProperty(viewport, name, { get: () => keyboard[name] });
Object.defineProperty(window, 'visualViewport', { value: viewport });
"""


@pytest.fixture
def on_phone(bot: BotProcess, new_context: NewContext) -> ChatPage:
    return chat_on(new_context(**PHONE_SCREEN), f"{bot.web}/demo")


def within(chat: ChatPage, selector: str) -> dict[str, float]:
    box = chat.widget.locator(selector).bounding_box()
    assert box is not None
    return dict(box)


def test_on_a_phone_the_chat_is_a_modal_dialogue_over_the_whole_screen(on_phone: ChatPage) -> None:
    on_phone.launcher.tap()
    expect(on_phone.replies).to_have_count(1)
    assert within(on_phone, "dialog") == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(on_phone.panel).to_have_attribute("aria-modal", "true")
    expect(on_phone.page.locator("h1")).to_be_visible()
    assert on_phone.page.evaluate(
        "document.querySelector('milia-chat').shadowRoot.querySelector('dialog').matches(':modal')"
    )
    assert on_phone.focused == "title"
    for _ in range(15):
        on_phone.page.keyboard.press("Tab")
        assert on_phone.page.evaluate("document.activeElement.localName") in ("milia-chat", "body")
    assert on_phone.page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    on_phone.button("Close the chat").tap()
    expect(on_phone.panel).to_be_hidden()
    assert on_phone.focused == "launcher"
    assert on_phone.page.evaluate("getComputedStyle(document.documentElement).overflow") == "visible"


def test_on_a_desktop_the_page_stays_usable(chat: ChatPage) -> None:
    chat.open()
    assert chat.panel.get_attribute("aria-modal") is None
    assert not chat.panel.evaluate("panel => panel.matches(':modal')")
    chat.page.locator(".skip").focus()
    assert chat.focused == "page"
    expect(chat.panel).to_be_visible()


def test_live_lines_are_inside_of_the_modal_dialogue(on_phone: ChatPage) -> None:
    on_phone.launcher.tap()
    on_phone.ask("what are milia?")
    inside = on_phone.panel.locator("[aria-live]")
    assert inside.evaluate("line => line.childElementCount") >= 1
    assert on_phone.widget.locator(".chat > [aria-live]").evaluate("line => line.childElementCount") == 0


def test_the_field_stays_above_the_keyboard(bot: BotProcess, new_context: NewContext) -> None:
    context = new_context(**PHONE_SCREEN)
    context.add_init_script(WITH_KEYBOARD)
    chat = chat_on(context, f"{bot.web}/demo")
    chat.launcher.tap()
    for _ in range(4):
        chat.ask("what are milia?")
    chat.page.evaluate(
        "Object.assign(keyboard, { height: 420, offsetTop: 60 }); visualViewport.dispatchEvent(new Event('resize'))"
    )
    assert within(chat, "dialog") == {"x": 0, "y": 60, "width": 390, "height": 420}
    field, help_line = within(chat, "textarea"), within(chat, ".help")
    assert field["y"] + field["height"] <= 480
    assert help_line["y"] >= 60
    last = chat.replies.last.locator(".meta").bounding_box()
    assert last is not None
    assert last["y"] < field["y"]


def test_turning_the_phone_keeps_the_chat_and_the_focus(on_phone: ChatPage) -> None:
    on_phone.launcher.tap()
    on_phone.field.fill("half a question")
    for width, height in ((844, 390), (1200, 900), (390, 844)):
        on_phone.page.set_viewport_size({"width": width, "height": height})
        expect(on_phone.panel).to_be_visible()
        expect(on_phone.field).to_be_focused()
        expect(on_phone.field).to_have_value("half a question")
        expect(on_phone.field).to_be_in_viewport()
        is_modal = on_phone.panel.evaluate("panel => panel.matches(':modal')")
        assert is_modal == (width != 1200)


@pytest.mark.parametrize("look", ["320 pixels", "zoom 400 %"])
def test_nothing_needs_sideways_scrolling(bot: BotProcess, new_context: NewContext, look: str) -> None:
    screen = SMALL if look == "320 pixels" else {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
    chat = chat_on(new_context(**screen), f"{bot.web}/demo")
    assert not chat.overflows()
    chat.launcher.click()
    chat.ask("what are milia?")
    chat.ask("I want an appointment")
    chat.write("a" * 300)
    assert not chat.overflows()
    expect(chat.field).to_be_in_viewport()
    expect(chat.button("Send")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_text_of_twice_the_size_fits(bot: BotProcess, large_text: Browser, width: int) -> None:
    context = large_text.new_context(viewport={"width": width, "height": 844}, locale="en-US")
    chat = chat_on(context, f"{bot.web}/demo")
    chat.launcher.click()
    assert chat.panel.evaluate("panel => getComputedStyle(panel).fontSize") == "32px"
    chat.ask("what are milia?")
    chat.ask("I want an appointment")
    assert not chat.overflows()
    for part in (chat.field, chat.button("Send"), chat.button("Close the chat")):
        expect(part).to_be_in_viewport(ratio=0.9)
    scroller = within(chat, ".scroller")
    assert scroller["height"] >= 96
    context.close()


@pytest.mark.parametrize("screen", [{"viewport": {"width": 1280, "height": 800}}, SMALL])
def test_a_page_from_right_to_left(
    bot: BotProcess, site: HostSite, new_context: NewContext, screen: dict[str, Any]
) -> None:
    address = site.embed(bot.url)
    site.pages["/"] = site.pages["/"].replace("<html", '<html dir="rtl"')
    chat = chat_on(new_context(**screen), address)
    assert within(chat, ".launcher")["x"] < 30
    chat.launcher.click()
    chat.ask("ما هي milia?")
    expect(chat.sent.locator(".bubble")).to_have_attribute("dir", "auto")
    assert not chat.overflows()
    expect(chat.field).to_be_in_viewport()


def test_in_the_visitors_own_colours_every_control_has_an_edge(bot: BotProcess, new_context: NewContext) -> None:
    chat = chat_on(new_context(forced_colors="active"), f"{bot.web}/demo")
    chat.open()
    chat.ask("what are milia?")
    chat.ask("I want an appointment")
    edges = chat.page.evaluate(
        """() => [...document.querySelector('milia-chat').shadowRoot
          .querySelectorAll('.launcher, .bubble, .choice, .send, dialog')]
          .filter((part) => part.getClientRects().length)
          .map((part) => getComputedStyle(part))
          .map((style) => parseFloat(style.borderTopWidth) > 0 && !/rgba\\(.*, 0\\)/.test(style.borderTopColor))"""
    )
    assert len(edges) >= 7
    assert all(edges)


def test_the_longest_text_grows_the_field_no_further_than_is_useful(chat: ChatPage) -> None:
    chat.open()
    empty = within(chat, "textarea")["height"]
    chat.field.fill("line\n" * 3)
    grown = within(chat, "textarea")["height"]
    chat.field.fill("line\n" * 60)
    assert empty < grown <= within(chat, "textarea")["height"] <= 150
    chat.field.fill("a" * 6_000)
    assert len(chat.field.input_value()) == 5_000
