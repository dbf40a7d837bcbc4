"""The page behind a one-time link, and the login after it: what a newcomer is told, and when."""

import re

import pytest
from sqlalchemy.engine import Engine

from console.invitations import FIRST_ADMIN, make_link
from console.staff import changing_staff
from tests.console.app_client import ConsoleClient
from tests.console.conftest import PASSWORD, NewClient
from tests.console.page_markup import Markup

TOKEN = re.compile(r"/welcome\?token=([\w-]{43})")


def take_up(client: ConsoleClient, page: str) -> str:
    """Choose a password by the link on a page; where that leads."""
    found = TOKEN.search(page)
    assert found
    done = client.post("/welcome", {"token": found[1], "password": PASSWORD, "again": PASSWORD})
    assert done.status_code == 303
    return done.headers["Location"]


@pytest.fixture
def first_page(anonymous: ConsoleClient, engine: Engine) -> str:
    """The page on which the first account is made."""
    with changing_staff(engine) as session:
        token = make_link(session, FIRST_ADMIN, None)
    return anonymous.get(f"/welcome?token={token}").text


def attributes(page: str, field: str) -> dict[str, str]:
    return next(each for tag, each in Markup(page).elements if tag == "input" and each.get("id") == field)


def said_beside(page: str, field: str) -> str:
    """What assistive tools say of a field besides its label."""
    ids = attributes(page, field)["aria-describedby"].split()
    texts = [re.search(rf'id="{each}"[^>]*>([^<]*)<', page) for each in ids]
    return " ".join(" ".join(found[1].split()) for found in texts if found)


def label_of(page: str, field: str) -> str:
    found = re.search(rf'<label for="{field}">([^<]*)<', page)
    return found[1] if found else ""


def test_who_has_made_an_account_is_told_so_with_the_login_name_filled_in(
    console: NewClient, anonymous: ConsoleClient
) -> None:
    invited = console("admin").post("/accounts", {"name": "maria", "display_name": "María López", "role": "reader"})
    assert take_up(anonymous, invited.text) == "/login"
    shown = anonymous.get("/login").text
    assert "Account made. Sign in with your login name and password." in shown
    assert attributes(shown, "name")["value"] == "maria"
    again = anonymous.get("/login").text
    assert "Account made" not in again
    assert attributes(again, "name")["value"] == ""


def test_who_has_chosen_a_new_password_is_told_that_and_of_no_new_account(
    console: NewClient, anonymous: ConsoleClient
) -> None:
    invited = console("admin").post("/accounts", {"name": "maria", "display_name": "", "role": "reader"})
    take_up(anonymous, invited.text)
    take_up(anonymous, console("admin").post("/accounts/maria/reset").text)
    shown = anonymous.get("/login").text
    assert "Your new password is set. Sign in with your login name and password." in shown
    assert attributes(shown, "name")["value"] == "maria"


@pytest.mark.parametrize("planted", ["maria<script>x", "a" * 41, "%22"])
def test_what_no_login_name_can_be_is_never_filled_in(anonymous: ConsoleClient, planted: str) -> None:
    anonymous.cookies.set("milia_login_name", planted)
    shown = anonymous.get("/login").text
    assert attributes(shown, "name")["value"] == ""
    assert planted not in shown


def test_every_rule_for_a_password_stands_beside_its_field_before_one_is_chosen(
    console: NewClient, first_page: str
) -> None:
    for page, field in ((first_page, "password"), (console("reader").get("/account").text, "new")):
        rule = said_beside(page, field)
        assert "12 to 200 characters" in rule
        assert "not made of your login name" in rule
        assert "none of those that people guess first" in rule


def test_a_refused_password_is_said_at_its_field(console: NewClient, anonymous: ConsoleClient) -> None:
    invited = console("admin").post("/accounts", {"name": "maria", "display_name": "", "role": "reader"})
    found = TOKEN.search(invited.text)
    assert found
    refused = anonymous.post("/welcome", {"token": found[1], "password": "short", "again": "short"})
    assert refused.status_code == 400
    assert "Please choose a password of at least 12 characters." in said_beside(refused.text, "password")
    assert "12 to 200 characters" in said_beside(refused.text, "password")


def test_login_name_and_display_name_each_say_what_they_are_for(console: NewClient, first_page: str) -> None:
    for page in (first_page, console("admin").get("/accounts").text):
        assert (label_of(page, "name"), label_of(page, "display_name")) == ("Login name", "Display name")
        assert "to sign in" in said_beside(page, "name")
        assert "Nobody signs in with it" in said_beside(page, "display_name")
    assert label_of(console("reader").get("/login").text, "name") == "Login name"
