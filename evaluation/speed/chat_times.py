"""How long a visitor waits for the chat on the page, timed in a real browser by the page's own clock."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Error, Page, sync_playwright

from evaluation.speed.client import MeasurementError
from evaluation.speed.questions import question

OPENINGS = 12
QUESTIONS = 24
MILLISECONDS_TO_WAIT = 20_000
# From the input that the browser received to the frame after which the panel, or a new reply, is on the screen.
WATCH = """
window.times = [];
const afterPaint = (since) => requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - since)));
window.nextTime = async () => {
  while (times.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return times.shift();
};
addEventListener('DOMContentLoaded', () => {
  const root = document.querySelector('milia-chat').shadowRoot;
  const panel = root.querySelector('dialog');
  const replies = () => root.querySelectorAll('.assistant:not(.writing)').length;
  let since = null;
  let seen = 0;
  root.querySelector('.launcher').addEventListener('click', (event) => {
    if (!panel.open) afterPaint(event.timeStamp);
  }, { capture: true });
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') since = event.timeStamp;
  }, { capture: true });
  new MutationObserver(() => {
    if (since !== null && replies() > seen) { afterPaint(since); since = null; }
    seen = replies();
  }).observe(root.querySelector('.messages'), { childList: true });
});
"""


@dataclass(frozen=True)
class ChatTimes:
    """Seconds from the press on the button to the first paint of the panel, and from sending to the reply's paint."""

    opened: list[float]
    answered: list[float]


def chat_times(address: str) -> ChatTimes | None:
    """Open the chat on the demo page of the bot at `address` many times, then talk with it.

    Returns:
        The times, or None where there is no Chromium to measure with.

    Raises:
        MeasurementError: the chat did not do as it should.
    """
    program = shutil.which("chromium")
    if program is None:
        return None
    try:
        with _page(program) as page:
            opened = [_opening(page, f"{address}/webhooks/web/demo") for _ in range(OPENINGS)]
            answered = [_answer(page, number) for number in range(QUESTIONS)]
    except Error as error:
        raise MeasurementError(f"The chat could not be timed: {error.message.splitlines()[0]}") from error
    return ChatTimes(opened, answered)


@contextmanager
def _page(program: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context(locale="en-US")
        context.set_default_timeout(MILLISECONDS_TO_WAIT)
        context.add_init_script(WATCH)
        yield context.new_page()
        browser.close()


def _opening(page: Page, address: str) -> float:
    page.goto(address)
    page.locator("milia-chat .launcher").click()
    page.locator("milia-chat .assistant:not(.writing)").first.wait_for()
    return _latest(page)


def _answer(page: Page, number: int) -> float:
    field = page.locator("milia-chat textarea")
    field.fill(question(number))
    field.press("Enter")
    return _latest(page)


def _latest(page: Page) -> float:
    return float(page.evaluate("nextTime()")) / 1000
