"""What people change about their own account."""

import re

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from clinic.settings import Settings
from console.login_limits import FREE_TRIES, LoginLimits
from console.passwords import password_matches
from console.tables import Account
from tests.console.app_client import SESSION_COOKIE, ConsoleClient, csrf_in
from tests.console.audit_rows import audit_rows
from tests.console.conftest import PASSWORD, NewClient, log_in_as
from tests.console.people import add_person

NEW = "a quite different sentence"


@pytest.fixture
def client(console: NewClient, engine: Engine) -> ConsoleClient:
    """Maria, who is logged in and knows her password."""
    add_person(engine, "maria", "reviewer")
    return console("reviewer", "maria")


def account(engine: Engine) -> Account:
    with transaction(engine) as session:
        return session.execute(select(Account).where(Account.name == "maria")).scalar_one()


def change_password(client: ConsoleClient, old: str = PASSWORD, new: str = NEW, again: str = NEW):  # type: ignore[no-untyped-def]
    return client.post("/account/password", {"password": old, "new": new, "again": again})


def codes_page(client: ConsoleClient) -> tuple[str, pyotp.TOTP]:
    """The sealed secret of the form, and the phone that was set up with what the page shows."""
    page = client.get("/account/codes").text
    sealed = re.search(r'name="setup" value="([^"]+)"', page)
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert sealed
    assert shown
    return sealed.group(1), pyotp.TOTP(shown.group(1).replace(" ", ""))


def turn_codes_on(client: ConsoleClient) -> pyotp.TOTP:
    sealed, phone = codes_page(client)
    fields = {"setup": sealed, "code": phone.at(clock.now()), "password": PASSWORD}
    answer = client.post("/account/codes", fields)
    assert answer.status_code == 303
    client.csrf = csrf_in(client.get("/account"))
    return phone


def test_a_new_password_is_taken_and_the_old_one_no_longer(client: ConsoleClient, engine: Engine) -> None:
    assert change_password(client).status_code == 303
    kept = account(engine).password_hash
    assert password_matches(NEW, kept)
    assert not password_matches(PASSWORD, kept)


def test_a_new_password_ends_all_sessions_and_begins_one(client: ConsoleClient, engine: Engine) -> None:
    before = client.cookies[SESSION_COOKIE]
    elsewhere = log_in_as(engine, "maria", "reviewer")
    answer = change_password(client)
    assert answer.cookies[SESSION_COOKIE] not in (before, elsewhere)
    page = client.get("/account")
    assert "Your password is changed" in page.text
    for secret in (before, elsewhere):
        client.cookies.clear()
        client.cookies.set(SESSION_COOKIE, secret, domain="127.0.0.1")
        assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"old": "wrong"}, "does not fit"),
        ({"again": "another sentence"}, "differ"),
        ({"new": "short", "again": "short"}, "at least 12"),
        ({"new": "maria maria maria", "again": "maria maria maria"}, "your name"),
        ({"new": "Password1234!", "again": "Password1234!"}, "first that people guess"),
        ({"new": "aaaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaaa"}, "first that people guess"),
        ({"new": "x" * 201, "again": "x" * 201}, "at most 200"),
    ],
)
def test_a_password_that_cannot_be_taken_changes_nothing_and_says_why(
    client: ConsoleClient, engine: Engine, fields: dict[str, str], says: str
) -> None:
    answer = change_password(client, **fields)
    assert answer.status_code == 400
    assert says in answer.text
    assert password_matches(PASSWORD, account(engine).password_hash)
    assert client.get("/account").status_code == 200
    assert audit_rows(engine)[-2].details == {"status": 400}


def test_the_old_password_cannot_be_guessed_from_an_unlocked_screen(client: ConsoleClient, engine: Engine) -> None:
    for _ in range(FREE_TRIES["account"]):
        assert "does not fit" in change_password(client, old="wrong").text
    assert "too many tries" in change_password(client).text
    assert password_matches(PASSWORD, account(engine).password_hash)


def test_strangers_who_guess_at_the_name_keep_nobody_from_changing_the_password(
    client: ConsoleClient, engine: Engine, settings: Settings
) -> None:
    for _ in range(FREE_TRIES["account"]):
        LoginLimits(engine, settings.secret_key).count("maria", "192.0.2.1")
    assert change_password(client).status_code == 303


def test_codes_are_asked_for_once_one_was_given(client: ConsoleClient, engine: Engine) -> None:
    before = client.cookies[SESSION_COOKIE]
    phone = turn_codes_on(client)
    assert client.cookies[SESSION_COOKIE] != before
    assert account(engine).totp_secret
    client.cookies.clear()
    used = client.post("/login", {"name": "maria", "password": PASSWORD, "code": phone.at(clock.now())})
    assert used.status_code == 403  # the code that turned them on is used up
    next_code = phone.at(clock.now().timestamp() + 30)
    assert client.post("/login", {"name": "maria", "password": PASSWORD, "code": next_code}).status_code == 303


@pytest.mark.parametrize(("code", "password", "says"), [("000000", PASSWORD, "code"), (None, "wrong", "password")])
def test_codes_stay_off_without_code_or_password(
    client: ConsoleClient, engine: Engine, code: str | None, password: str, says: str
) -> None:
    sealed, phone = codes_page(client)
    fields = {"setup": sealed, "code": code or phone.at(clock.now()), "password": password}
    answer = client.post("/account/codes", fields)
    assert answer.status_code == 400
    assert says in answer.text
    assert phone.secret[:4] in answer.text  # the phone need not be set up again
    assert account(engine).totp_secret is None


def test_a_setup_that_was_made_for_another_account_is_refused(
    client: ConsoleClient, console: NewClient, engine: Engine
) -> None:
    sealed, phone = codes_page(console("reader"))
    answer = client.post("/account/codes", {"setup": sealed, "code": phone.at(clock.now()), "password": PASSWORD})
    assert answer.status_code == 400
    assert account(engine).totp_secret is None


def test_codes_are_turned_off_with_the_password_alone(client: ConsoleClient, engine: Engine) -> None:
    turn_codes_on(client)
    assert client.post("/account/codes/off", {"password": "wrong"}).status_code == 400
    assert account(engine).totp_secret
    assert client.post("/account/codes/off", {"password": PASSWORD}).status_code == 303
    assert account(engine).totp_secret is None


def test_people_see_and_end_their_sessions_and_nobody_elses(
    client: ConsoleClient, console: NewClient, engine: Engine
) -> None:
    other = console("reader", "omar")
    log_in_as(engine, "maria", "reviewer")
    handle = re.search(r'name="session" value="([0-9a-f]+)"', client.get("/account").text)
    assert handle
    assert other.post("/account/sessions/end", {"session": handle.group(1)}).status_code == 404
    assert client.post("/account/sessions/end", {"session": handle.group(1)}).status_code == 303
    assert 'name="session"' not in client.get("/account").text
    assert other.get("/account").status_code == 200


def test_ending_all_others_leaves_the_one_that_asks(client: ConsoleClient, engine: Engine) -> None:
    kept = [log_in_as(engine, "maria", "reviewer") for _ in range(2)]
    assert client.post("/account/sessions/end-others").status_code == 303
    assert client.get("/account").status_code == 200
    client.cookies.set(SESSION_COOKIE, kept[0], domain="127.0.0.1")
    assert client.get("/account").status_code == 303
    assert audit_rows(engine)[0].details == {"sessions": 2}
