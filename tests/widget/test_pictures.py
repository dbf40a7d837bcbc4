"""Pictures of the chat on other screens and pages, written to `var/screenshots/` for people to look at.

Those of each state, light and dark, are taken by the test of its accessibility.
"""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect

from tests.channels.bot_process import BotProcess
from tests.widget.chat_page import ChatPage, chat_on
from tests.widget.conftest import NewContext
from tests.widget.host_site import HostSite
from tests.widget.pictures import keep
from tests.widget.states import STATES
from tests.widget.talking_actions import TalkingActions

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


def picture_of(context: BrowserContext, bot: BotProcess, actions: TalkingActions, state: str, name: str) -> None:
    chat = chat_on(context, f"{bot.web}/demo")
    STATES[state](chat, actions)
    keep(chat, name)


def test_pictures_of_small_screens_and_other_colours(
    bot: BotProcess, actions: TalkingActions, new_context: NewContext
) -> None:
    screens: dict[str, dict[str, Any]] = {
        "320-pixels": PHONE | {"viewport": {"width": 320, "height": 568}},
        "landscape": PHONE | {"viewport": {"width": 844, "height": 390}},
        "zoom-400": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
        "phone-dark": PHONE | {"color_scheme": "dark"},
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
