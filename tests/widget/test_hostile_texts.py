"""Whatever the assistant or the visitor says is shown as text: it runs nothing, and links lead only where links may."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.widget.chat_page import ChatPage
from tests.widget.payloads import PAYLOADS
from tests.widget.talking_actions import TalkingActions

ALLOWED = {"P", "A", "STRONG", "SPAN"}
WITHIN_BUBBLES = """
() => {
  const root = document.querySelector('milia-chat').shadowRoot;
  const parts = [...root.querySelectorAll('.message .bubble *')];
  return {
    names: [...new Set(parts.map((part) => part.tagName))],
    links: parts.filter((part) => part.tagName === 'A')
      .map((part) => [part.protocol, part.href, part.target, part.rel]),
    attributes: [...new Set(parts.flatMap((part) => part.getAttributeNames()))],
    pwned: window.__pwned,
    breaches: window.breaches,
    headings: document.querySelectorAll('h1').length,
  };
}
"""


def harmless(chat: ChatPage) -> dict[str, Any]:
    found: dict[str, Any] = chat.page.evaluate(WITHIN_BUBBLES)
    assert found["pwned"] is None
    assert found["breaches"] == []
    assert found["headings"] == 1
    assert set(found["names"]) <= ALLOWED
    assert set(found["attributes"]) <= {"class", "href", "target", "rel"}
    assert {link[0] for link in found["links"]} <= {"http:", "https:", "tel:", "mailto:"}
    return found


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 12))
def test_what_the_assistant_says_is_text(chat: ChatPage, actions: TalkingActions, start: int) -> None:
    chat.open()
    payloads = PAYLOADS[start : start + 12]
    actions.texts = payloads
    chat.ask("anything")
    expect(chat.replies).to_have_count(1 + len(payloads))
    harmless(chat)
    shown = [bubble.text_content() or "" for bubble in chat.replies.locator(".bubble").all()[1:]]
    for payload, text in zip(payloads, shown, strict=True):
        for piece in ("<script>", "<img", "javascript:", "</dialog>"):
            assert (piece in payload) == (piece in text) or "](" in payload


def test_what_the_visitor_says_is_text_also_after_a_reload(chat: ChatPage) -> None:
    chat.open()
    for payload in PAYLOADS:
        chat.write(payload)
    expect(chat.replies).to_have_count(1 + len(PAYLOADS), timeout=30_000)
    harmless(chat)
    chat.page.reload()
    chat.launcher.click()
    expect(chat.sent).to_have_count(len(PAYLOADS))
    found = harmless(chat)
    assert not any("evil" in link[1] for link in found["links"])


def test_hostile_texts_do_not_stop_the_page(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.texts = ["[" * 2_400 + "a" * 2_400, "**" + "a" * 4_800, "a@" * 2_400, "-" * 4_000, "https://" * 600]
    began = time.monotonic()
    chat.ask("anything")
    expect(chat.replies).to_have_count(6)
    assert time.monotonic() - began < 5


def test_good_links_lead_where_they_say(chat: ChatPage, actions: TalkingActions) -> None:
    chat.open()
    actions.texts = [
        "Read [the page](https://clinic.example/milia), https://clinic.example/a?b=c. "
        "Write to staff@clinic.example or call (312) 555-0199. In danger call 911, or 988. Not 9110, 19-911 or 1911."
    ]
    chat.ask("anything")
    outside = ["_blank", "noopener noreferrer"]
    assert harmless(chat)["links"][1:] == [
        ["https:", "https://clinic.example/milia", *outside],
        ["https:", "https://clinic.example/a?b=c", *outside],
        ["mailto:", "mailto:staff@clinic.example", "", ""],
        ["tel:", "tel:3125550199", "", ""],
        ["tel:", "tel:911", "", ""],
        ["tel:", "tel:988", "", ""],
    ]
