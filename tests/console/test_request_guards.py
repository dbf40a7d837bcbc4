"""What the application takes from strangers, and what it says when something cannot be done."""

import asyncio
import dataclasses
import logging

import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ProgrammingError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from clinic.database import transaction
from clinic.settings import Settings
from console import app as app_module
from console import request_limits
from console.app import make_app
from console.request_form import LARGEST_BODY, MOST_FIELDS, read_form
from console.roles import EVERYBODY
from console.routing import ConsoleRoute
from console.tables import ConsoleSession
from console.visit import BadInputError, ConflictError, NotFoundError, Visit
from tests.console.app_client import ORIGIN, SESSION_COOKIE, ConsoleClient, EventLoopThread
from tests.console.audit_rows import audit_rows
from tests.console.conftest import NewClient, console_settings
from tests.console.people import add_person

SECRET_OF_VISITOR = "my number is 312 555 0142"


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A page at /breaks that raises the test's parameter, after it did what it is for."""
    error: Exception = request.param

    def endpoint(visit: Visit):  # type: ignore[no-untyped-def]
        visit.about("conversation", "sms-1", turns=2)
        raise error

    added = ConsoleRoute("/breaks", "GET", endpoint, EVERYBODY, "conversation.viewed")
    monkeypatch.setattr(app_module, "ROUTES", (*app_module.ROUTES, added))


# Headers


@pytest.mark.parametrize("path", ["/login", "/account", "/nowhere", "/static/console.css", "/health/live"])
def test_every_answer_has_the_headers(anonymous: ConsoleClient, path: str) -> None:
    headers = anonymous.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static/") else "no-store")
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("breaking", [RuntimeError(SECRET_OF_VISITOR)], indirect=True)
def test_a_page_that_broke_has_them_too(breaking: None, console: NewClient) -> None:
    assert console("reader").get("/breaks").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8000", "localhost@evil"])
def test_a_foreign_host_is_refused(anonymous: ConsoleClient, host: str) -> None:
    assert anonymous.get("/login", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_the_names_of_this_machine_are_taken(anonymous: ConsoleClient, host: str) -> None:
    assert anonymous.get("/login", headers={"Host": host}).status_code == 200


@pytest.fixture
def secure(settings: Settings, engine: Engine, event_loop_thread: EventLoopThread) -> ConsoleClient:
    """A client of a console that people reach by TLS."""
    console = dataclasses.replace(settings.console, url="https://console.example.com")
    client = ConsoleClient(make_app(dataclasses.replace(settings, console=console), engine), event_loop_thread)
    client.base_url = "https://console.example.com"  # type: ignore[assignment]
    return client


def test_with_tls_the_cookie_never_travels_without_and_is_bound_to_the_host(
    secure: ConsoleClient, engine: Engine
) -> None:
    add_person(engine, "maria", "reader")
    fields = {"name": "maria", "password": "correct horse battery"}
    answer = secure.post("/login", fields, headers={"Origin": "https://console.example.com"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"__Host-{SESSION_COOKIE}=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]
    assert secure.get("/account").status_code == 200


def test_with_tls_a_form_of_this_machines_plain_address_is_foreign(secure: ConsoleClient) -> None:
    assert secure.post("/login", {"name": "maria", "password": "x"}, headers={"Origin": ORIGIN}).status_code == 403


# Bodies


def test_a_form_that_is_too_large_is_refused_and_not_kept(console: NewClient) -> None:
    assert console("admin").post("/accounts", {"name": "x" * LARGEST_BODY, "role": "reader"}).status_code == 413


def test_too_many_fields_are_refused(console: NewClient) -> None:
    fields = {f"field{number}": "x" for number in range(MOST_FIELDS + 1)}
    assert console("admin").post("/accounts", fields).status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/plain; x=application/x-www-form-urlencoded"])
def test_what_is_no_form_is_refused(console: NewClient, kind: str) -> None:
    client = console("admin")
    headers = {"Origin": ORIGIN, "Content-Type": kind, "X-CSRF-Token": client.csrf}
    answer = client.request("POST", "/accounts", content=b'{"name": "maria"}', headers=headers)
    assert answer.status_code == 415


def test_a_file_is_refused(console: NewClient) -> None:
    client = console("admin")
    headers = {"Origin": ORIGIN, "X-CSRF-Token": client.csrf}
    answer = client.request("POST", "/accounts", files={"name": ("name.txt", b"maria")}, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/accounts/a%00b", "/audit?actor=a%00b"])
def test_a_nul_in_an_address_is_refused(console: NewClient, path: str) -> None:
    assert console("admin").get(path).status_code == 400


def test_a_nul_in_a_form_is_refused(console: NewClient) -> None:
    assert console("admin").post("/accounts", {"name": "a\0b", "role": "reader"}).status_code == 400


def test_a_body_that_does_not_come_is_not_waited_for(event_loop_thread: EventLoopThread) -> None:
    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    kind = (b"content-type", b"application/x-www-form-urlencoded")
    request = Request({"type": "http", "method": "POST", "headers": [kind]}, receive)
    # Not on the test's own thread, where Playwright may have an event loop.
    reading = asyncio.run_coroutine_threadsafe(read_form(request, seconds=0.01), event_loop_thread.loop)
    with pytest.raises(HTTPException) as refused:
        reading.result(timeout=60)
    assert refused.value.status_code == 408


# The token of a form


def test_the_token_may_come_in_a_header_as_htmx_sends_it(console: NewClient) -> None:
    client = console("reader")
    headers = {"Origin": ORIGIN, "X-CSRF-Token": client.csrf}
    assert client.request("POST", "/account/sessions/end-others", data={}, headers={
        **headers, "Content-Type": "application/x-www-form-urlencoded",
    }).status_code == 303  # fmt: skip


def test_the_token_of_another_session_is_refused(console: NewClient) -> None:
    client, other = console("reader"), console("reader", "omar")
    assert client.csrf != other.csrf
    assert client.post("/account/sessions/end-others", {"csrf": other.csrf}).status_code == 403


# When something cannot be done


@pytest.mark.parametrize(
    ("breaking", "status", "says"),
    [
        (NotFoundError(), 404, "There is nothing here"),
        (BadInputError("Please write a date."), 400, "Please write a date."),
        (ConflictError("Maria saved before you."), 409, "Maria saved before you."),
    ],
    indirect=["breaking"],
)
def test_faults_of_people_get_a_plain_page_and_a_row(
    breaking: None, console: NewClient, engine: Engine, status: int, says: str
) -> None:
    answer = console("reader").get("/breaks")
    assert answer.status_code == status
    assert says in answer.text
    assert 'aria-label="Main"' in answer.text  # the person can go on from here
    row = audit_rows(engine)[0]
    assert (row.action, row.subject, row.details) == ("conversation.viewed", "sms-1", {"turns": 2, "status": status})


@pytest.mark.parametrize("breaking", [RuntimeError(SECRET_OF_VISITOR)], indirect=True)
def test_a_fault_of_ours_has_a_reference_that_the_log_knows_and_shows_no_values(
    breaking: None, console: NewClient, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = console("reader").get("/breaks")
    assert answer.status_code == 500
    assert SECRET_OF_VISITOR not in answer.text
    reference = answer.text.split("<code>")[1].split("</code>")[0]
    assert any(reference in record.getMessage() for record in caplog.records)
    assert not any(SECRET_OF_VISITOR in record.getMessage() for record in caplog.records)
    assert audit_rows(engine)[0].details == {"turns": 2, "status": 500}


@pytest.mark.parametrize("breaking", [ProgrammingError("select", {}, Exception("x"))], indirect=True)
def test_a_wrong_statement_is_a_fault_of_ours_and_not_of_the_database(breaking: None, console: NewClient) -> None:
    assert console("reader").get("/breaks").status_code == 500


def test_a_database_that_does_not_answer_is_said_plainly(console: NewClient, engine: Engine) -> None:
    client = console("reader")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE console_sessions RENAME TO gone")
    answer = client.get("/account")
    assert answer.status_code == 503
    assert "The database does not answer" in answer.text


def test_a_page_that_cannot_be_recorded_is_not_shown(
    console: NewClient, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    client = console("admin")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_entries RENAME TO gone")
    answer = client.get("/accounts")
    assert answer.status_code == 503
    assert "last login" not in answer.text.lower()
    assert "accounts.viewed by admin could not be recorded" in caplog.text


def test_a_fragment_without_a_session_sends_the_whole_page_to_the_login(anonymous: ConsoleClient) -> None:
    answer = anonymous.get("/account", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_a_session_cannot_ask_without_end(console: NewClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "OF_SESSION", RateLimitItemPerMinute(3))
    client, other = console("reader"), console("reader", "omar")
    for _ in range(3):
        assert client.get("/account").status_code == 200
    answer = client.get("/account")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert other.get("/account").status_code == 200


def test_a_stranger_cannot_send_forms_without_end(
    anonymous: ConsoleClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_limits, "FORMS_OF_STRANGER", RateLimitItemPerMinute(2))
    statuses = [anonymous.post("/login", {"name": "maria", "password": "x"}).status_code for _ in range(4)]
    assert statuses == [403, 403, 429, 429]
    assert len(audit_rows(engine)) == 2
    assert anonymous.get("/login").status_code == 200


def test_a_change_that_could_not_be_recorded_is_not_said_to_be_lost(console: NewClient, engine: Engine) -> None:
    client = console("admin")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_entries RENAME TO gone")
    answer = client.post("/accounts", {"name": "maria", "role": "reader"})
    assert answer.status_code == 503
    assert "may have been saved" in answer.text


# The second factor, where the clinic asks for it


@pytest.fixture
def strict(engine: Engine, tmp_path, event_loop_thread: EventLoopThread, console: NewClient):  # type: ignore[no-untyped-def]
    """A client that is logged in without a second factor, in a clinic that asks everybody for it."""
    settings = console_settings(tmp_path, CONSOLE_TOTP="required")
    client = ConsoleClient(make_app(settings, engine), event_loop_thread)
    logged_in = console("admin")
    client.cookies, client.csrf = logged_in.cookies, logged_in.csrf
    return client


def test_who_has_no_codes_yet_sets_them_up_before_anything_else(strict: ConsoleClient) -> None:
    answer = strict.get("/accounts")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "set it up now" in strict.get("/account").text
    assert strict.get("/account/codes").status_code == 200
    assert strict.post("/account/codes/off", {"password": "x"}).status_code == 400
    assert strict.post("/logout").headers["Location"] == "/login"


def test_nothing_is_changed_by_who_has_no_codes_yet(strict: ConsoleClient, engine: Engine) -> None:
    assert strict.post("/accounts", {"name": "maria", "role": "admin"}).headers["Location"] == "/account"
    assert [row.action for row in audit_rows(engine)] == []
    with transaction(engine) as session:
        assert session.execute(select(func.count()).select_from(ConsoleSession)).scalar() == 1
