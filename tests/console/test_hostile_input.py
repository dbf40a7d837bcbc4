"""Whatever stands in an address or a form, the answer is a page that says what is wrong, and never a fault of ours."""

import dataclasses
import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine

from clinic.settings import Settings
from console.app import make_app
from console.keys import digest_of
from console.sessions import csrf_token
from tests.console.app_client import ORIGIN, SESSION_COOKIE, ConsoleClient, EventLoopThread
from tests.console.conftest import log_in_as
from tests.console.talk_rows import store_talk

VALUES = (
    "9" * 5_000,
    "9" * 18,
    "-1",
    "9999-12-31",
    "0001-01-01",
    "é\u202e\U0001f600",
    "20261102T000000.000000_a",
    "9999999999999999.x",
    "000001" + "9" * 20,
    "a" * 32 + ".1." + "9" * 18,
)
IN_ADDRESSES = {
    "/": ("kind", "owner", "channel", "older", "page"),
    "/queue/list": ("page", "known"),
    "/requests": ("status", "assignee", "channel", "urgency", "age", "order", "after"),
    "/messages": ("after",),
    "/requests/download/csv": ("status",),
    "/insights": ("days", "from", "to", "channel"),
    "/insights/uncovered": ("from", "to"),
    "/insights/figures/topics.csv": ("from",),
    "/conversations": ("search", "older", "newer"),
    "/conversations/talk-1": ("turn",),
    "/teaching": ("state", "page"),
    "/audit": ("actor", "action", "subject_id", "first_day", "last_day", "before", "after"),
    "/audit.csv": ("first_day", "last_day"),
}
IN_FORMS = {
    "/requests": ("words", "after"),
    "/conversations/search": ("words", "since", "until", "label", "least", "most", "outcome", "review"),
    "/conversations/searches/none/name": ("name",),
    "/conversations/talk-1/turns/1/review": ("mark", "label", "seen"),
    "/conversations/talk-1/review": ("turns_seen",),
    "/accounts": ("name", "display_name", "role"),
    "/audit/check": ("head",),
    "/queue/texts/none/again": ("known",),
    "/teaching/corrections/none/relabel": ("version", "label"),
}


@pytest.fixture
def admin(engine: Engine, settings: Settings, event_loop_thread: EventLoopThread) -> Iterator[ConsoleClient]:
    """An admin who may ask as fast as a program does."""
    store_talk(engine, first_event=1)
    unlimited = dataclasses.replace(settings, rate_limits=False)
    with ConsoleClient(make_app(unlimited, engine), event_loop_thread) as client:
        secret = log_in_as(engine, "admin", "admin")
        client.cookies.set(SESSION_COOKIE, secret)
        client.csrf = csrf_token(settings.secret_key, digest_of(secret))
        yield client


@pytest.mark.parametrize("address", IN_ADDRESSES)
def test_no_value_in_an_address_breaks_a_page(admin: ConsoleClient, address: str) -> None:
    for field, value in itertools.product(IN_ADDRESSES[address], VALUES):
        assert admin.get(address, params={field: value}).status_code < 500, (field, value[:40])


@pytest.mark.parametrize("address", IN_FORMS)
def test_no_value_in_a_form_breaks_a_page(admin: ConsoleClient, address: str) -> None:
    for field, value in itertools.product(IN_FORMS[address], VALUES):
        assert admin.post(address, {field: value}).status_code < 500, (field, value[:40])


@pytest.mark.parametrize("charset", ["unicode_escape", "punycode", "undefined", "utf-16"])
def test_a_form_in_an_odd_encoding_is_no_form_of_ours(admin: ConsoleClient, charset: str) -> None:
    """Python knows encodings that give lone surrogates, which no database takes, and some that always fail."""
    headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}", "X-CSRF-Token": admin.csrf}
    body = '--b\r\nContent-Disposition: form-data; name="words"\r\n\r\n\\ud800\r\n--b--\r\n'
    answer = admin.request("POST", "/requests", content=body, headers={"Origin": ORIGIN, **headers})
    assert answer.status_code == 415


def test_a_form_that_names_its_encoding_is_taken(admin: ConsoleClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-CSRF-Token": admin.csrf}
    answer = admin.request("POST", "/requests", content="words=Zo%C3%AB", headers={"Origin": ORIGIN, **headers})
    assert answer.status_code == 200
    assert "Zoë" in answer.text
