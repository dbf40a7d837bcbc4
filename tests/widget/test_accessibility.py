"""The chat for those who use a keyboard, a screen reader, large text, or other colours (WCAG 2.2 AA)."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.channels.bot_process import BotProcess
from tests.widget.axe import violations
from tests.widget.chat_page import ChatPage, chat_on
from tests.widget.conftest import NewContext
from tests.widget.host_site import HostSite
from tests.widget.pictures import keep
from tests.widget.states import STATES
from tests.widget.talking_actions import TalkingActions

PHONE_SCREEN: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced-colours": {"forced_colors": "active"},
    "phone": PHONE_SCREEN,
}
DEMO_PAGE_STOPS = [
    "Skip to the content",
    "911",
    "(312) 555-0199",
    "Ask the assistant",
    "Embed code",
    "(312) 555-0199",
    "911",
]
WALK = [
    *DEMO_PAGE_STOPS,
    "Ask a question",
    "Close the chat",
    "911",
    "(312) 555-0199",
    "Conversation",
    "How this chat is kept",
    "911",
    "Send it",
    "About milia",
    "Write your question",
    "Send",
    "End and clear",
]


@pytest.mark.parametrize(
    ("state", "look"),
    [
        *((state, look) for look in ("light", "dark") for state in STATES),
        *((state, look) for look in ("forced-colours", "phone") for state in ("closed", "choices", "error")),
    ],
)
def test_axe_finds_nothing(
    bot: BotProcess, actions: TalkingActions, new_context: NewContext, state: str, look: str
) -> None:
    # Axe runs as a script of its own, which the page's policy would not let in.
    chat = chat_on(new_context(bypass_csp=True, **LOOKS[look]), f"{bot.web}/demo")
    STATES[state](chat, actions)
    chat.page.wait_for_timeout(200)
    assert violations(chat.page) == []
    keep(chat, f"{look}-{state}")


def test_axe_finds_what_is_wrong(bot: BotProcess, site: HostSite, new_context: NewContext) -> None:
    chat = chat_on(new_context(), site.embed(bot.url, body="<button></button>"))
    assert any(found.startswith("button-name") for found in violations(chat.page))


def test_the_tab_key_meets_everything_once_in_the_order_of_reading(chat: ChatPage) -> None:
    chat.open()
    chat.ask("I want an appointment")
    chat.page.evaluate("document.activeElement.shadowRoot?.activeElement.blur()")
    chat.page.evaluate("scrollTo(0, 0)")
    chat.page.keyboard.press("Home")
    chat.page.locator(".skip").focus()
    met = []
    for _ in range(len(WALK)):
        met.append(name_of_focused(chat))
        assert is_focus_visible(chat), met[-1]
        chat.page.keyboard.press("Tab")
    assert met == WALK


def name_of_focused(chat: ChatPage) -> str:
    name: str = chat.page.evaluate(
        """() => {
          const outer = document.activeElement;
          const focused = outer.shadowRoot?.activeElement ?? outer;
          return focused.ariaLabel || focused.labels?.[0]?.textContent || focused.innerText.trim();
        }"""
    )
    return name


def is_focus_visible(chat: ChatPage) -> bool:
    visible: bool = chat.page.evaluate(
        """() => {
          const outer = document.activeElement;
          const style = getComputedStyle(outer.shadowRoot?.activeElement ?? outer);
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
        }"""
    )
    return visible


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_everything_works_by_keyboard(chat: ChatPage, key: str) -> None:
    chat.launcher.focus()
    chat.page.keyboard.press(key)
    expect(chat.replies).to_have_count(1)
    expect(chat.launcher).to_have_attribute("aria-expanded", "true")
    expect(chat.field).to_be_focused()
    chat.page.keyboard.type("I want an appointment")
    chat.page.keyboard.press("Enter")
    expect(chat.replies).to_have_count(2)
    chat.page.keyboard.press("Shift+Tab")
    assert name_of_focused(chat) == "About milia"
    chat.page.keyboard.press(key)
    expect(chat.replies).to_have_count(3)
    expect(chat.field).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")


def test_the_focus_never_moves_by_itself(bot: BotProcess, actions: TalkingActions, chat: ChatPage) -> None:
    chat.open()
    actions.hold()
    chat.write("I want an appointment")
    chat.widget.locator(".scroller").focus()
    actions.let_go()
    expect(chat.replies).to_have_count(2)
    assert chat.focused == "scroller"
    chat.page.locator(".skip").focus()
    chat.page.evaluate("MiliaChat.send('what are milia?')")
    expect(chat.replies).to_have_count(3)
    assert chat.focused == "page"
    chat.page.evaluate("MiliaChat.close()")
    chat.page.evaluate("MiliaChat.open()")
    expect(chat.panel).to_be_visible()
    assert chat.focused == "page"
    assert chat.page.evaluate("document.activeElement.className") == "skip"


def test_a_chat_that_the_page_opens_takes_no_focus_even_where_nothing_has_it(chat: ChatPage) -> None:
    chat.page.evaluate("MiliaChat.open()")
    expect(chat.replies).to_have_count(1)
    assert chat.page.evaluate("document.activeElement === document.body")
    chat.launcher.focus()
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_an_element_of_the_page_can_open_the_chat_and_gets_the_focus_back(chat: ChatPage) -> None:
    opener = chat.page.get_by_role("button", name="Ask the assistant")
    opener.click()
    expect(chat.field).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_each_reply_is_announced_once_in_plain_words(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.texts = ["See **this**: one,\n[two](https://clinic.example/two)", "Second message."]
    chat.ask("anything")
    actions.texts = []
    chat.ask("I want an appointment")
    chat.page.wait_for_timeout(1_500)
    said = chat.announced
    assert [each["text"] for each in said][1:] == [
        "Assistant: See this: one,\ntwo (opens in a new tab)",
        "Assistant: Second message.",
        "Assistant: Here is what I have. Name: Ann {clinic_name}. Reach you at: 312 555 0100. Time you would like: "
        "any. Shall I send this request to the clinic? You can choose: Send it, About milia.",
    ]
    assert said[0]["text"].startswith("Assistant: Hi, I'm the automated assistant of Nima Skin Institute.")
    for each in said:
        assert each["shown"]
        assert "<" not in each["markup"]
        assert 900 <= each["until"] - each["from"] <= 3_000


def test_a_reply_to_a_closed_chat_is_announced_as_well(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.hold()
    chat.write("what are milia?")
    chat.field.press("Escape")
    actions.let_go()
    expect(chat.widget.locator(".badge")).to_be_visible()
    last = chat.announced[-1]
    assert last["text"].endswith("Source: From the clinic's page on milia.")
    assert last["shown"]


def test_waiting_is_shown_and_said_when_it_takes_long(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.hold()
    chat.write("what are milia?")
    expect(chat.widget.locator(".writing")).to_contain_text("The assistant is writing")
    expect(chat.widget.locator(".slow")).to_be_visible(timeout=10_000)
    # Not the last thing said: on a busy machine the bot may have given up by the time that the page is read.
    assert "This takes longer than usual. Please wait a little." in [each["text"] for each in chat.announced]
    actions.let_go()
    expect(chat.widget.locator(".writing")).to_have_count(0)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_those_who_want_it_still(
    bot: BotProcess, actions: TalkingActions, new_context: NewContext, motion: Any
) -> None:
    chat = chat_on(new_context(reduced_motion=motion), f"{bot.web}/demo")
    STATES["writing"](chat, actions)
    moving = chat.page.evaluate(
        """() => {
          const parts = [...document.querySelector('milia-chat').shadowRoot.querySelectorAll('*')];
          const still = (style) => style.animationName === 'none' && style.transitionDuration === '0s';
          return parts.filter((part) => !still(getComputedStyle(part))).length;
        }"""
    )
    assert (moving == 0) == (motion == "reduce")


def test_targets_are_large_enough(bot: BotProcess, new_context: NewContext) -> None:
    chat = chat_on(new_context(**PHONE_SCREEN), f"{bot.web}/demo")
    chat.launcher.tap()
    expect(chat.replies).to_have_count(1)
    chat.ask("what are milia?")
    chat.ask("I want an appointment")
    sizes = chat.page.evaluate(
        """() => [...document.querySelector('milia-chat').shadowRoot.querySelectorAll('button, textarea')]
          .map((target) => target.getBoundingClientRect()).filter((place) => place.width > 0)
          .map((place) => Math.min(place.width, place.height))"""
    )
    assert len(sizes) >= 6
    assert min(sizes) >= 44


def test_the_focused_part_of_the_page_is_not_under_the_chat(
    bot: BotProcess, site: HostSite, new_context: NewContext
) -> None:
    lines = "".join(f"<p style-free><a href='#{place}'>link {place}</a></p>" for place in range(60))
    chat = chat_on(new_context(), site.embed(bot.url, body=f"<main dir='rtl'><h1>Links</h1>{lines}</main>"))
    chat.open()
    chat.page.locator("a").first.focus()
    for _ in range(60):
        covered = chat.page.evaluate(
            """() => {
              const place = document.activeElement.getBoundingClientRect();
              const shadow = document.querySelector('milia-chat').shadowRoot;
              return ['.launcher', 'dialog'].some((name) => {
                const part = shadow.querySelector(name).getBoundingClientRect();
                const within = part.left <= place.left && part.right >= place.right;
                return within && part.top < place.bottom && part.bottom > place.top;
              });
            }"""
        )
        assert not covered, chat.page.evaluate("document.activeElement.textContent")
        chat.page.keyboard.press("Tab")
