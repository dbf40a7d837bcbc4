"""The pages of accounts and the audit in Chromium: by keyboard, on a phone, in light and dark, to assistive tools."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from clinic import clock
from clinic.database import transaction
from console import passwords
from console.invitations import INVITATION, make_link
from console.second_factor import encrypted, new_secret
from console.tables import Account
from tests.console.conftest import PASSWORD, NewPage, RunningConsole, add_account
from tests.console.people import add_person
from tests.widget.axe import violations

WATCH_POLICY = """
window.breaches = [];
document.addEventListener('securitypolicyviolation', event => breaches.push(event.violatedDirective));
"""
PATHS = ["/account", "/account/codes", "/accounts", "/accounts/maria", "/audit", "/nowhere"]
LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
]


@pytest.fixture
def stranger(console_server: RunningConsole, browser: Browser) -> Iterator[Page]:
    """A browser that nobody has logged in with."""
    context = browser.new_context(base_url=console_server.url, reduced_motion="reduce")
    context.add_init_script(WATCH_POLICY)
    yield context.new_page()
    context.close()


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("look", LOOKS, ids=["phone", "dark"])
def test_every_page_is_accessible_fits_and_keeps_to_the_policy(
    signed_in_page: NewPage, console_server: RunningConsole, look: dict[str, Any]
) -> None:
    add_person(console_server.engine, "maria", "reviewer")
    page = signed_in_page("admin", **look)
    page.context.add_init_script(WATCH_POLICY)
    for path in PATHS:
        page.goto(path)
        assert violations(page) == [], path
        assert overflow(page) <= 0, path
        assert page.evaluate("breaches") == [], path


def test_the_pages_for_strangers_are_accessible(stranger: Page, console_server: RunningConsole) -> None:
    account_id = add_account(console_server.engine, "maria", "reader", password_hash=None)
    with transaction(console_server.engine) as session:
        token = make_link(session, INVITATION, account_id)
    stranger.set_viewport_size({"width": 320, "height": 640})
    for path in ("/login", f"/welcome?token={token}", "/welcome?token=made-up"):
        stranger.goto(path)
        assert violations(stranger) == [], path
        assert overflow(stranger) <= 0, path
        assert stranger.evaluate("breaches") == [], path


def test_one_logs_in_with_password_and_code_by_keyboard_and_out_again(
    stranger: Page, console_server: RunningConsole
) -> None:
    add_person(console_server.engine, "maria", "reader")
    secret = new_secret()
    with transaction(console_server.engine) as session:
        maria = session.execute(select(Account).where(Account.name == "maria")).scalar_one()
        maria.totp_secret = encrypted(console_server.settings.secret_key, secret)
    stranger.goto("/account")
    assert stranger.get_by_role("heading", name="Log in").is_visible()
    stranger.get_by_label("Login name").focus()
    for typed in ("maria", PASSWORD, pyotp.TOTP(secret).at(clock.now())):
        stranger.keyboard.type(typed)
        stranger.keyboard.press("Tab")
    stranger.keyboard.press("Enter")
    stranger.get_by_role("heading", name="Your account").wait_for()
    stranger.get_by_role("button", name="Log out").click()
    stranger.get_by_text("You are logged out.").wait_for()
    stranger.reload()
    assert stranger.get_by_text("You are logged out.").count() == 0  # it is said once


def test_a_wrong_password_is_said_where_assistive_tools_hear_it(stranger: Page, console_server: RunningConsole) -> None:
    stranger.goto("/login")
    stranger.get_by_label("Login name").fill("maria")
    stranger.get_by_label("Password").fill("wrong")
    stranger.get_by_role("button", name="Log in").click()
    assert "does not fit" in stranger.get_by_role("alert").inner_text()
    assert stranger.get_by_label("Login name").input_value() == "maria"
    assert violations(stranger) == []


def test_an_invited_person_comes_in_without_scripts(
    signed_in_page: NewPage, console_server: RunningConsole, browser: Browser
) -> None:
    admin = signed_in_page("admin", java_script_enabled=False)
    admin.goto("/accounts")
    admin.get_by_label("Login name").fill("maria")
    admin.get_by_label("Role").select_option("scheduler")
    admin.get_by_role("button", name="Make a link").click()
    link = admin.locator("main code").inner_text()
    context = browser.new_context(java_script_enabled=False)
    maria = context.new_page()
    maria.goto(link)
    maria.get_by_label("Password", exact=True).fill(PASSWORD)
    maria.get_by_label("The same password again").fill(PASSWORD)
    maria.get_by_role("button", name="Save").click()
    maria.get_by_text("Account made. Sign in with your login name and password.").wait_for()
    assert maria.get_by_label("Login name").input_value() == "maria"
    maria.get_by_label("Password").fill(PASSWORD)
    maria.get_by_role("button", name="Log in").click()
    maria.goto(f"{console_server.url}/account")
    assert maria.get_by_role("heading", name="Your account").is_visible()
    assert passwords.password_matches(PASSWORD, _hash_of(console_server, "maria"))
    context.close()


def _hash_of(server: RunningConsole, name: str) -> str | None:
    with transaction(server.engine) as session:
        return session.execute(select(Account.password_hash).where(Account.name == name)).scalar_one()
