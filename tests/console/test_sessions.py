"""How a session begins, ends, and cannot be taken over. The clock is moved; nothing waits."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from console.app import ROUTES
from console.keys import digest_of
from console.tables import Account, ConsoleSession
from tests.console.app_client import SESSION_COOKIE, ConsoleClient
from tests.console.conftest import PASSWORD, NewClient
from tests.console.moved_clock import MovedClock
from tests.console.people import add_person


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    return MovedClock(monkeypatch)


def is_logged_in(client: ConsoleClient) -> bool:
    return client.get("/account").status_code == 200


def test_the_database_holds_no_secret_of_a_session(console: NewClient, engine: Engine) -> None:
    secret = console("reader").cookies[SESSION_COOKIE]
    with transaction(engine) as session:
        assert session.execute(select(ConsoleSession.digest)).scalars().all() == [digest_of(secret)]
    assert len(secret) >= 43  # 256 bits in base64


def test_a_secret_that_somebody_else_chose_begins_no_session(anonymous: ConsoleClient, engine: Engine) -> None:
    add_person(engine, "maria", "reader")
    anonymous.cookies.set(SESSION_COOKIE, "chosen-by-somebody-else")
    answer = anonymous.post("/login", {"name": "maria", "password": PASSWORD})
    assert answer.status_code == 303
    begun = answer.cookies[SESSION_COOKIE]
    assert begun != "chosen-by-somebody-else"
    anonymous.cookies.clear()
    anonymous.cookies.set(SESSION_COOKIE, "chosen-by-somebody-else")
    assert not is_logged_in(anonymous)


def test_each_login_has_a_secret_of_its_own(anonymous: ConsoleClient, engine: Engine) -> None:
    add_person(engine, "maria", "reader")
    fields = {"name": "maria", "password": PASSWORD}
    secrets = {anonymous.post("/login", fields).cookies[SESSION_COOKIE] for _ in range(2)}
    assert len(secrets) == 2


def test_a_session_that_is_used_lasts_beyond_the_idle_limit(console: NewClient, moved: MovedClock) -> None:
    client = console("reader")
    for _ in range(4):
        moved.forward(minutes=20)
        assert is_logged_in(client)


def test_an_idle_session_ends(console: NewClient, moved: MovedClock) -> None:
    client = console("reader")
    moved.forward(minutes=31)
    answer = client.get("/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=%2Faccount")
    assert "Your session is over" in client.get("/login").text


def test_fragments_that_a_page_fetches_by_itself_do_not_keep_a_session_alive(
    console: NewClient, engine: Engine, moved: MovedClock
) -> None:
    polled = next(route.path for route in ROUTES if route.action is None and "{" not in route.path)
    client = console("admin")
    for _ in range(4):
        moved.forward(minutes=10)
        client.get(polled, headers={"HX-Request": "true"})
    answer = client.get(polled, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_a_session_ends_after_its_hours_however_busy(console: NewClient, moved: MovedClock) -> None:
    client = console("reader")
    for _ in range(36):
        moved.forward(minutes=20)
        assert is_logged_in(client)
    moved.forward(minutes=1)
    assert not is_logged_in(client)


def test_logging_out_ends_the_session_for_whoever_kept_its_cookie(console: NewClient) -> None:
    client = console("reader")
    kept = client.cookies[SESSION_COOKIE]
    client.post("/logout")
    assert SESSION_COOKIE not in client.cookies
    client.cookies.set(SESSION_COOKIE, kept, domain="127.0.0.1")
    assert not is_logged_in(client)


def test_sessions_that_are_long_over_are_deleted(console: NewClient, engine: Engine, moved: MovedClock) -> None:
    console("reader")
    moved.forward(days=8)
    console("admin")
    with transaction(engine) as session:
        assert session.execute(select(func.count()).select_from(ConsoleSession)).scalar() == 1


def test_an_account_that_is_switched_off_loses_its_sessions_at_once(console: NewClient, engine: Engine) -> None:
    client = console("reader")
    with transaction(engine) as session:
        session.execute(select(Account).where(Account.name == "reader")).scalar_one().active = False
    assert not is_logged_in(client)


def test_after_logging_in_one_is_where_one_wanted_to_be(anonymous: ConsoleClient, engine: Engine) -> None:
    add_person(engine, "maria", "reader")
    sent = anonymous.get("/account?tab=1").headers["Location"]
    assert sent == "/login?next=%2Faccount%3Ftab%3D1"
    assert 'name="next" value="/account?tab=1"' in anonymous.get(sent).text


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "/\n/evil.example", "/login", "evil.example", ""],
)  # fmt: skip
def test_no_login_link_leads_to_a_foreign_site(anonymous: ConsoleClient, engine: Engine, target: str) -> None:
    add_person(engine, "maria", "reader")
    answer = anonymous.post("/login", {"name": "maria", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"
