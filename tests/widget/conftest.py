"""A real bot with a small model, and Debian's Chromium."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from clinic.settings import PROJECT_ROOT
from tests.browsers import start_chromium
from tests.channels.bot_process import BotProcess
from tests.ports import free_port
from tests.widget.chat_page import WATCH_ANNOUNCEMENTS, WATCH_BREACHES, ChatPage, chat_on
from tests.widget.host_site import HostSite
from tests.widget.talking_actions import TalkingActions

PHONE = "(312) 555-0199"
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="package")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "stub.tar.gz"
    command = [sys.executable, "-W", "ignore", "-m", "tests.channels.stub_model", str(path)]
    subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True)
    return path


@pytest.fixture(scope="package")
def running_actions() -> Iterator[TalkingActions]:
    server = TalkingActions(free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def actions(running_actions: TalkingActions) -> Iterator[TalkingActions]:
    running_actions.reset()
    yield running_actions
    running_actions.reset()


@pytest.fixture(scope="package")
def running_site() -> Iterator[HostSite]:
    site = HostSite()
    yield site
    site.stop()


@pytest.fixture
def site(running_site: HostSite) -> HostSite:
    running_site.pages.clear()
    running_site.reports.clear()
    running_site.policy = ""
    return running_site


@pytest.fixture(scope="package")
def running_bot(
    model: Path, running_actions: TalkingActions, running_site: HostSite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    settings = {"RATE_LIMITS": "off", "CLINIC_PHONE": PHONE, "ALLOWED_ORIGINS": running_site.origin}
    bot = BotProcess(folder, model, running_actions.port, **settings)
    bot.start()
    yield bot
    assert bot.stop() == 0


@pytest.fixture
def bot(running_bot: BotProcess, actions: TalkingActions) -> BotProcess:
    return running_bot


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    # Closed with the last test of this folder: while it is open no test elsewhere can have an event loop.
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = start_chromium(playwright)
    yield started
    started.close()


@pytest.fixture
def large_text(playwright: Playwright) -> Iterator[Browser]:
    """A browser whose visitor has set text to twice the usual size."""
    started = start_chromium(playwright, "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26")
    yield started
    started.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Makes browser contexts; when the test is over none of them may have met a script error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"locale": "en-US", "reduced_motion": "reduce", **options})
        context.add_init_script(WATCH_ANNOUNCEMENTS + WATCH_BREACHES)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def chat(bot: BotProcess, new_context: NewContext) -> ChatPage:
    """The chat on the demo page, on a desktop."""
    return chat_on(new_context(), f"{bot.web}/demo")
