"""Logging in and out, as a browser does it."""

import pytest
from sqlalchemy.engine import Engine

from console.passwords import hash_password
from tests.console.app_client import ORIGIN, SESSION_COOKIE, ConsoleClient
from tests.console.conftest import PASSWORD, NewClient, add_account


@pytest.fixture
def maria(engine: Engine) -> str:
    add_account(engine, "maria", "reviewer", hash_password(PASSWORD))
    return "maria"


def test_the_right_password_begins_a_session(anonymous: ConsoleClient, maria: str) -> None:
    answer = anonymous.post("/login", {"name": " Maria ", "password": PASSWORD, "next": "/account"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


def test_a_wrong_password_and_an_unknown_name_get_the_same_page(anonymous: ConsoleClient, maria: str) -> None:
    wrong = anonymous.post("/login", {"name": "maria", "password": "something else"})
    unknown = anonymous.post("/login", {"name": "nobody", "password": "something else"})
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace("maria", "nobody") == unknown.text
    assert SESSION_COOKIE not in anonymous.cookies


def test_logging_out_ends_the_session_on_the_server(console: NewClient) -> None:
    client = console("reader")
    secret = client.cookies[SESSION_COOKIE]
    assert client.post("/logout").headers["Location"] == "/login"
    client.cookies.set(SESSION_COOKIE, secret)
    assert client.post("/logout").headers["Location"] == "/login"


def test_a_login_from_another_site_is_refused(anonymous: ConsoleClient, maria: str) -> None:
    fields = {"name": "maria", "password": PASSWORD}
    assert anonymous.post_raw("/login", fields, Origin="https://evil.example").status_code == 403
    assert anonymous.post_raw("/login", fields).status_code == 403
    assert anonymous.post_raw("/login", fields, Origin=ORIGIN).status_code == 303
