"""What somebody typed is not lost when the session ends meanwhile, another one begins, or the database is away."""

import html
import re
import sqlite3

import httpx
import pytest
from sqlalchemy.engine import Engine

from clinic import database
from clinic.request_work import REQUESTS
from clinic.staff_work import find_work
from tests.clinic.stored_work import store_request
from tests.console.app_client import ORIGIN, SESSION_COOKIE, ConsoleClient, csrf_in
from tests.console.audit_rows import audit_rows
from tests.console.conftest import PASSWORD, NewClient, log_in_as
from tests.console.moved_clock import MovedClock
from tests.console.page_markup import foreign_elements
from tests.console.people import add_person
from tests.console.work_rows import CONTACT, PAYLOAD, typed

NOTE = "Called at noon, she prefers Tuesdays.\nAsk for the referral."
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@pytest.fixture
def address(engine: Engine) -> str:
    return f"/requests/{store_request(engine, 1, **CONTACT)}"


@pytest.fixture
def maria(console: NewClient, engine: Engine) -> ConsoleClient:
    """A scheduler who is logged in and has a password."""
    add_person(engine, "maria", "scheduler")
    return console("scheduler", name="maria")


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    return MovedClock(monkeypatch)


def note_in(page: httpx.Response) -> str:
    """What stands in the page's field of the note, as a browser reads it."""
    found = re.search(r'<textarea id="work-note"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)
    assert found, "the page has no note"
    return html.unescape(found.group(1))


def hidden_in(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the page's form."""
    form = page.text.partition("<main")[2]
    return {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(form)}


def stored_note(engine: Engine, address: str) -> str | None:
    return find_work(engine, REQUESTS, address.rpartition("/")[2]).item.note


def logged_in_again(client: ConsoleClient, page: httpx.Response, name: str = "maria") -> httpx.Response:
    """Log in by the form of a page, with all that it holds."""
    return client.post("/login", {**hidden_in(page), "name": name, "password": PASSWORD})


def test_a_note_comes_back_after_logging_in_again(
    maria: ConsoleClient, engine: Engine, moved: MovedClock, address: str
) -> None:
    moved.forward(minutes=31)
    refused = maria.post(address, typed(status="contacted", note=NOTE))
    assert refused.status_code == 401
    assert "kept" in refused.text
    assert "referral" not in refused.text, "whoever else sees this screen reads nothing of it"
    wrong = maria.post("/login", {**hidden_in(refused), "name": "maria", "password": "not this one"})
    assert wrong.status_code == 403

    told = logged_in_again(maria, wrong)
    shown = maria.post(address, hidden_in(told))
    assert shown.status_code == 409
    assert note_in(shown) == NOTE
    assert "Nothing is saved yet" in shown.text
    assert stored_note(engine, address) is None
    assert 'value="contacted"' in shown.text

    saved = maria.post(address, {**typed(status="contacted", note=note_in(shown)), "csrf": csrf_in(shown)})
    assert saved.status_code == 303
    assert stored_note(engine, address) == NOTE


def test_a_note_comes_back_where_another_page_had_met_the_end_of_the_session(
    maria: ConsoleClient, moved: MovedClock, address: str
) -> None:
    """A queue that was left open takes the cookie away; the form's own token still says whose it is."""
    moved.forward(minutes=31)
    maria.get("/queue/list", headers={"HX-Request": "true"})
    assert SESSION_COOKIE not in maria.cookies
    refused = maria.post(address, typed(note=NOTE))
    assert note_in(maria.post(address, hidden_in(logged_in_again(maria, refused)))) == NOTE


def test_a_note_comes_back_when_a_new_session_has_begun_elsewhere(
    maria: ConsoleClient, engine: Engine, address: str
) -> None:
    old_token = maria.csrf
    maria.cookies.set(SESSION_COOKIE, log_in_as(engine, "maria", "scheduler"), domain="127.0.0.1")
    shown = maria.post(address, {**typed(note=NOTE), "csrf": old_token})
    assert shown.status_code == 409
    assert note_in(shown) == NOTE
    assert csrf_in(shown) != old_token
    assert stored_note(engine, address) is None


def test_somebody_else_who_logs_in_gets_nothing_of_it(
    maria: ConsoleClient, engine: Engine, moved: MovedClock, address: str
) -> None:
    add_person(engine, "robert", "scheduler")
    moved.forward(minutes=31)
    refused = maria.post(address, typed(note=NOTE))
    answer = logged_in_again(maria, refused, name="robert")
    assert answer.status_code == 303
    assert "somebody else" in maria.get("/").text


def test_the_token_of_another_persons_form_is_still_refused(
    maria: ConsoleClient, console: NewClient, engine: Engine, address: str
) -> None:
    other = console("scheduler", name="robert")
    answer = maria.post(address, {**typed(note=NOTE), "csrf": other.csrf})
    assert answer.status_code == 403
    assert "<h1>Nothing was saved</h1>" in answer.text
    assert "Ask for the referral." in answer.text
    assert stored_note(engine, address) is None


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "made up"])
def test_a_form_that_is_no_form_of_ours_is_only_sent_to_the_login_page(
    anonymous: ConsoleClient, engine: Engine, address: str, token: str
) -> None:
    answer = anonymous.post(address, {**typed(note=NOTE), "csrf": token})
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/login")


@pytest.mark.parametrize("sealed", ["x", "é", "gAAAAABnotOurs=="])
def test_a_made_up_parcel_is_left_alone(anonymous: ConsoleClient, engine: Engine, sealed: str) -> None:
    add_person(engine, "maria", "reader")
    answer = anonymous.post("/login", {"name": "maria", "password": PASSWORD, "unsent": sealed})
    assert answer.status_code == 303


def test_showing_it_again_is_recorded_as_a_look_that_changed_nothing(
    maria: ConsoleClient, engine: Engine, address: str
) -> None:
    maria.post(address, {**typed(note=NOTE), "show_again": "yes"})
    row = audit_rows(engine)[-1]
    assert (row.action, row.subject, row.details["status"]) == ("request.changed", address.rpartition("/")[2], 409)
    assert "referral" not in str(audit_rows(engine))


def test_hostile_text_stays_text_all_the_way(maria: ConsoleClient, moved: MovedClock, address: str) -> None:
    moved.forward(minutes=31)
    told = logged_in_again(maria, maria.post(address, typed(note=PAYLOAD)))
    assert foreign_elements(told.text) == []
    shown = maria.post(address, hidden_in(told))
    assert note_in(shown) == PAYLOAD


def test_a_locked_database_loses_nothing_that_was_typed(
    maria: ConsoleClient, engine: Engine, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SQLITE_BUSY_MILLISECONDS", 1)
    engine.dispose()
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = maria.post(address, typed(status="contacted", note=NOTE))
    other.execute("ROLLBACK")
    other.close()
    assert answer.status_code == 503
    assert "What you typed" in answer.text
    assert "Ask for the referral." in answer.text
    again = maria.post(address, hidden_in(answer))
    assert again.status_code == 303
    assert stored_note(engine, address) == NOTE


def test_what_was_typed_about_a_request_that_is_gone_can_still_be_copied(maria: ConsoleClient, engine: Engine) -> None:
    answer = maria.post("/requests/00000000-0000-4000-8000-000000000000", typed(note=NOTE))
    assert answer.status_code == 404
    assert "Ask for the referral." in answer.text
    assert "Try again" not in answer.text


def test_a_page_where_nothing_was_typed_says_nothing_of_it(maria: ConsoleClient) -> None:
    assert "What you typed" not in maria.post("/requests/none", typed()).text
    assert "What you typed" not in maria.get("/requests/none").text


@pytest.mark.parametrize(
    ("headers", "way_back"),
    [
        ({"Referer": f"{ORIGIN}/conversations?search=1"}, "/login?next=%2Fconversations%3Fsearch%3D1"),
        ({"Referer": f"{ORIGIN}/"}, "/login"),
        ({"Referer": "https://evil.example/conversations"}, "/login"),
        ({"Referer": "//evil.example"}, "/login"),
        ({}, "/login"),
    ],
)
def test_a_form_without_a_session_leads_back_to_its_page(
    anonymous: ConsoleClient, headers: dict[str, str], way_back: str
) -> None:
    answer = anonymous.post("/conversations/search", {"words": "x"}, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, way_back)


def test_a_page_that_looks_for_news_leads_back_with_its_filters(anonymous: ConsoleClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"{ORIGIN}/?kind=safety"}
    answer = anonymous.get("/queue/list?kind=safety", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login?next=%2F%3Fkind%3Dsafety")
