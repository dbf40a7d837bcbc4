"""Pictures of the chat in each of its states, written to `var/screenshots/`, for people to look at."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from clinic.settings import PROJECT_ROOT
from tests.channels.bot_process import BotProcess
from tests.widget.chat_page import ChatPage, chat_on
from tests.widget.conftest import NewContext
from tests.widget.host_site import HostSite
from tests.widget.states import STATES
from tests.widget.talking_actions import TalkingActions

FOLDER = PROJECT_ROOT / "var" / "screenshots"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
LOOKS: dict[str, dict[str, Any]] = {
    "desktop-light": DESKTOP,
    "desktop-dark": DESKTOP | {"color_scheme": "dark"},
    "phone-light": PHONE,
    "phone-dark": PHONE | {"color_scheme": "dark"},
}
CONVERSATION = ("closed", "opened", "answered", "choices", "emergency")


def keep(chat: ChatPage, name: str, whole_page: bool = False) -> Path:
    """Write a picture, which must show more than one colour."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    picture = chat.page.screenshot(path=path, full_page=whole_page)
    assert len(picture) > 5_000
    return path


def picture_of(context: BrowserContext, bot: BotProcess, actions: TalkingActions, state: str, name: str) -> None:
    chat = chat_on(context, f"{bot.web}/demo")
    STATES[state](chat, actions)
    keep(chat, name)


@pytest.mark.parametrize("look", LOOKS)
def test_pictures_of_a_conversation(
    bot: BotProcess, actions: TalkingActions, new_context: NewContext, look: str
) -> None:
    for state in CONVERSATION:
        picture_of(new_context(**LOOKS[look]), bot, actions, state, f"{look}-{state}")


def test_pictures_of_what_goes_wrong(bot: BotProcess, actions: TalkingActions, new_context: NewContext) -> None:
    for look in ("desktop-light", "phone-dark"):
        for state in set(STATES) - set(CONVERSATION):
            picture_of(new_context(**LOOKS[look]), bot, actions, state, f"{look}-{state}")
            actions.reset()


def test_pictures_of_small_screens_and_other_colours(
    bot: BotProcess, actions: TalkingActions, new_context: NewContext
) -> None:
    screens: dict[str, dict[str, Any]] = {
        "320-pixels": PHONE | {"viewport": {"width": 320, "height": 568}},
        "landscape": PHONE | {"viewport": {"width": 844, "height": 390}},
        "zoom-400": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
        "forced-colours": DESKTOP | {"forced_colors": "active"},
        "forced-colours-dark": DESKTOP | {"forced_colors": "active", "color_scheme": "dark"},
    }
    for name, screen in screens.items():
        picture_of(new_context(**screen), bot, actions, "choices", name)


def test_pictures_of_large_text(bot: BotProcess, actions: TalkingActions, large_text: Browser) -> None:
    for name, screen in {"large-text-desktop": DESKTOP, "large-text-phone": PHONE}.items():
        context = large_text.new_context(**screen)
        picture_of(context, bot, actions, "choices", name)
        context.close()


def test_pictures_of_other_pages_and_languages(
    bot: BotProcess, site: HostSite, actions: TalkingActions, new_context: NewContext
) -> None:
    address = site.embed(bot.url)
    english = site.pages["/"]
    site.pages["/"] = english.replace('lang="en"', 'lang="es"')
    for look in ("desktop-light", "phone-light"):
        chat = chat_on(new_context(**LOOKS[look]), address)
        chat.open()
        chat.widget.get_by_label("Escriba su pregunta").fill("¿qué son los milia?")
        chat.page.keyboard.press("Enter")
        expect(chat.replies).to_have_count(2)
        keep(chat, f"{look}-spanish")
    site.pages["/"] = english.replace("<html", '<html dir="rtl"')
    picture_of_site(chat_on(new_context(**DESKTOP), address), actions, "right-to-left")
    site.embed(bot.url, attributes='data-accent="#6b2d5c" data-title="Ask our assistant" data-position="left"')
    picture_of_site(chat_on(new_context(**DESKTOP), address), actions, "own-colours")


def picture_of_site(chat: ChatPage, actions: TalkingActions, name: str) -> None:
    STATES["choices"](chat, actions)
    keep(chat, name)


def test_pictures_of_the_whole_demo_page(bot: BotProcess, new_context: NewContext) -> None:
    for look, options in LOOKS.items():
        keep(chat_on(new_context(**options), f"{bot.web}/demo"), f"{look}-demo-page", whole_page=True)
    without = new_context(java_script_enabled=False, **DESKTOP).new_page()
    without.goto(f"{bot.web}/demo")
    keep(ChatPage(without), "desktop-light-without-javascript")
