"""Text at twice its size on a narrow phone: everything is still there, and no page scrolls sideways (WCAG 1.4.4)."""

import pytest
from playwright.sync_api import Page
from sqlalchemy.engine import Engine

from tests.clinic.stored_work import store_message, store_request
from tests.console.conftest import NewPage
from tests.console.talk_rows import NOON, store_talk, turn
from tests.console.work_rows import CONTACT

PAGES = ("/", "/requests", "/messages", "/conversations", "/conversations/talk-1", "/teaching", "/insights",
         "/insights/uncovered", "/accounts", "/audit", "/account")  # fmt: skip


@pytest.fixture
def page(engine: Engine, signed_in_page: NewPage) -> Page:
    store_request(engine, 1, **CONTACT)
    store_message(engine, 2, **CONTACT, urgency="urgent")
    texts = [turn("x" * 1_600, outcome="fallback"), turn("how much is it", label="uncovered/products_home_remedies")]
    store_talk(engine, turns=texts, attention="repeated_fallback", attention_since=NOON)
    return signed_in_page("admin", bypass_csp=True, viewport={"width": 320, "height": 640})


def test_no_page_scrolls_sideways(page: Page) -> None:
    too_wide = {}
    for path in PAGES:
        page.goto(path)
        page.add_style_tag(content="html { font-size: 200% !important }")
        too_wide[path] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert {path: wide for path, wide in too_wide.items() if wide > 0} == {}
