"""The chat in Debian's Firefox: it opens, answers, announces, closes and clears, and breaks no policy."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.channels.bot_process import BotProcess
from tests.widget.firefox import Firefox, firefox_program

ENTER, TAB, ESCAPE = "\ue007", "\ue004", "\ue00c"
ROOT = "const root = document.querySelector('milia-chat').shadowRoot;"
WATCH = """
window.breaches = [];
window.announced = [];
addEventListener('securitypolicyviolation', (event) => breaches.push(event.violatedDirective));
const root = document.querySelector('milia-chat').shadowRoot;
for (const line of root.querySelectorAll('[aria-live]')) {
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) announced.push(node.textContent);
  }).observe(line, { childList: true });
}
"""


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    program = firefox_program()
    if program is None:
        pytest.skip("there is no Firefox on this machine (Debian: apt-get install firefox-esr)")
    started = Firefox(program, tmp_path)
    yield started
    started.close()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_conversation_by_keyboard(bot: BotProcess, firefox: Firefox) -> None:
    def replies() -> int:
        return int(firefox.run(f"{ROOT} return root.querySelectorAll('.assistant:not(.writing)').length;"))

    def focused() -> str:
        return str(firefox.run(f"{ROOT} const on = root.activeElement; return on ? on.className || on.id : 'page';"))

    firefox.open(f"{bot.web}/demo")
    firefox.run(WATCH)
    firefox.run(f"{ROOT} root.querySelector('.launcher').focus();")
    firefox.press(ENTER)
    wait_until(lambda: replies() == 1)
    assert focused() == "text"
    firefox.press("what are milia?" + ENTER)
    wait_until(lambda: replies() == 2)
    last = firefox.run(f"{ROOT} return [...root.querySelectorAll('.assistant')].at(-1).textContent;")
    assert "Milia are small white cysts" in last
    assert "From the clinic's page on milia" in last
    said = firefox.run("return announced;")
    assert sum("Milia are small white cysts" in line for line in said) == 1
    firefox.press(ESCAPE)
    wait_until(lambda: focused() == "launcher")
    assert firefox.run(f"{ROOT} return root.querySelector('dialog').open;") is False
    firefox.press(ENTER)
    wait_until(lambda: focused() == "text")
    firefox.press(TAB + TAB + ENTER)
    wait_until(lambda: firefox.run(f"{ROOT} return !root.querySelector('.question').hidden;"))
    firefox.run(f"{ROOT} root.querySelector('.danger').click();")
    wait_until(lambda: firefox.run(f"{ROOT} return root.querySelector('.notice') !== null;"))
    assert firefox.run("return sessionStorage.length + localStorage.length + document.cookie.length;") == 0
    assert firefox.run("return breaches;") == []


def test_nothing_needs_sideways_scrolling_on_a_narrow_window(bot: BotProcess, firefox: Firefox) -> None:
    firefox.command("WebDriver:SetWindowRect", {"width": 450, "height": 700})
    firefox.open(f"{bot.web}/demo")
    firefox.run("MiliaChat.open();")
    wait_until(lambda: firefox.run(f"{ROOT} return root.querySelector('.assistant') !== null;"))
    overflows = firefox.run(
        f"{ROOT} return [document.documentElement, ...root.querySelectorAll('dialog, .scroller, .composer')]"
        ".some((part) => part.scrollWidth > part.clientWidth + 1);"
    )
    assert overflows is False
