"""What holds for every route, asked of each in the table: roles, tokens, origins, the audit's one row."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import make_engine, transaction
from console.app import PUBLIC_ROUTES, ROUTES, make_app
from console.keys import digest_of
from console.navigation import TITLES
from console.roles import EVERYBODY, Role
from console.routing import ConsoleRoute
from console.sessions import csrf_token
from console.tables import AuditEntry
from tests.clinic.conftest import engine as database  # noqa: F401 - a migrated database of each kind
from tests.console.app_client import SESSION_COOKIE, ConsoleClient, EventLoopThread
from tests.console.conftest import console_settings, log_in_as

PLACEHOLDER = re.compile(r"\{(\w+)(:\w+)?\}")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Clients:
    """A fresh session for each request, since some requests end theirs."""

    def __init__(self, engine: Engine, folder: Path, thread: EventLoopThread) -> None:
        self.engine = engine
        self._settings = console_settings(folder, RATE_LIMITS="off")
        self._app = make_app(self._settings, engine)
        self._thread = thread

    def new(self, role: Role | None) -> ConsoleClient:
        client = ConsoleClient(self._app, self._thread)
        if role is not None:
            secret = log_in_as(self.engine, role.value, role.value)
            client.cookies.set(SESSION_COOKIE, secret)
            client.csrf = csrf_token(self._settings.secret_key, digest_of(secret))
        return client


@pytest.fixture(scope="module")
def clients(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, event_loop_thread: EventLoopThread
) -> Iterator[Clients]:
    folder = tmp_path_factory.mktemp("routes")
    shutil.copy(migrated_file, folder / "console.sqlite3")
    engine = make_engine(f"sqlite:///{folder / 'console.sqlite3'}")
    yield Clients(engine, folder, event_loop_thread)
    engine.dispose()


def _named(route: ConsoleRoute) -> str:
    return f"{route.method} {route.path}"


def _ask(client: ConsoleClient, route: ConsoleRoute) -> httpx.Response:
    address = PLACEHOLDER.sub("1", route.path)
    return client.get(address) if route.method == "GET" else client.post(address)


def _last_row(engine: Engine) -> int:
    with transaction(engine) as session:
        return session.execute(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)).scalar() or 0


def _actions_after(engine: Engine, row: int) -> list[str]:
    with transaction(engine) as session:
        rows = session.execute(select(AuditEntry.action).where(AuditEntry.id > row).order_by(AuditEntry.id))
        return list(rows.scalars())


def _content(engine: Engine) -> list[str]:
    """All rows but those of the audit and of sessions, which note when they were last used."""
    connection = engine.raw_connection()
    try:
        lines = list(connection.driver_connection.iterdump())
    finally:
        connection.close()
    left_out = ('INSERT INTO "audit_entries"', 'INSERT INTO "console_sessions"', 'INSERT INTO "sqlite_sequence"')
    return [line for line in lines if line.startswith("INSERT") and not line.startswith(left_out)]


@pytest.mark.parametrize("route", ROUTES, ids=_named)
def test_each_role_gets_in_exactly_where_the_table_says_and_leaves_one_row(
    clients: Clients, route: ConsoleRoute
) -> None:
    for role in sorted(EVERYBODY):
        client = clients.new(role)
        before = _last_row(clients.engine)
        answer = _ask(client, route)
        rows = _actions_after(clients.engine, before)
        if role not in route.roles:
            assert answer.status_code == 403, role
            assert rows == ["access.refused"], role
            continue
        assert answer.status_code not in (401, 403, 405), role
        assert answer.status_code < 500, role
        # Logging out is the one thing that leads there by itself.
        assert route.path == "/logout" or not answer.headers.get("Location", "").startswith("/login"), role
        assert rows == ([route.action] if route.action else []), role


@pytest.mark.parametrize("route", ROUTES, ids=_named)
def test_without_a_session_one_is_sent_to_the_login_page_and_nothing_is_recorded(
    clients: Clients, route: ConsoleRoute
) -> None:
    before = _last_row(clients.engine)
    answer = _ask(clients.new(None), route)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == "/login"
    assert _actions_after(clients.engine, before) == []


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=_named)
def test_looking_changes_nothing(clients: Clients, route: ConsoleRoute) -> None:
    client = clients.new(sorted(route.roles)[0])
    before = _content(clients.engine)
    _ask(client, route)
    assert _content(clients.engine) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "POST"], ids=_named)
def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(clients: Clients, route: ConsoleRoute) -> None:
    address = PLACEHOLDER.sub("1", route.path)
    client = clients.new(sorted(route.roles)[0])
    origin = str(client.base_url).rstrip("/")
    token = {"csrf": client.csrf}
    before = _content(clients.engine)
    assert client.post_raw(address, {}, Origin=origin, **FORM).status_code == 403
    assert client.post_raw(address, {"csrf": "0" * 64}, Origin=origin).status_code == 403
    assert client.post_raw(address, token, Origin="https://evil.example").status_code == 403
    assert client.post_raw(address, token, Origin="null").status_code == 403
    assert client.post_raw(address, token).status_code == 403
    assert _content(clients.engine) == before
    # The session is still there: none of them was taken for a wish to log out.
    assert client.get("/account").status_code == 200


def test_a_route_without_roles_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no role"):
        ConsoleRoute("/somewhere", "GET", ROUTES[0].endpoint, frozenset(), "something.viewed")


def test_a_change_without_a_name_for_the_audit_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="audit"):
        ConsoleRoute("/somewhere", "POST", ROUTES[0].endpoint, EVERYBODY, None)


def test_no_way_in_is_listed_twice() -> None:
    ways = [(route.path, route.method) for route in (*PUBLIC_ROUTES, *ROUTES)]
    assert len(ways) == len(set(ways))


def test_the_links_at_the_top_lead_to_pages_that_the_role_may_see(clients: Clients) -> None:
    pages = {route.path: route.roles for route in ROUTES if route.method == "GET"}
    for role in EVERYBODY:
        page = clients.new(role).get("/account").text
        linked = {path for path in TITLES if f'<li><a href="{path}"' in page}
        assert linked == {path for path in TITLES if role in pages.get(path, frozenset())}


def test_other_methods_are_refused(clients: Clients) -> None:
    client = clients.new(Role.ADMIN)
    for route in ROUTES:
        answer = client.request("DELETE", PLACEHOLDER.sub("1", route.path))
        assert answer.status_code == 405, route.path


@pytest.mark.parametrize("route", [route for route in ROUTES if "{" in route.path], ids=_named)
def test_made_up_addresses_are_refused_or_not_found(clients: Clients, route: ConsoleRoute) -> None:
    client = clients.new(sorted(route.roles)[0])
    for made_up in ("9" * 30, "-1", "x" * 300, "%3Cscript%3E", "%27%3B--", "%C2%B2", "%F0%9F%90%A2"):
        address = PLACEHOLDER.sub(made_up, route.path)
        answer = client.get(address) if route.method == "GET" else client.post(address)
        assert answer.status_code < 500, made_up
        assert "<script>" not in answer.text, made_up


def test_every_page_works_on_every_database(
    database: Engine,  # noqa: F811
    tmp_path: Path,
    event_loop_thread: EventLoopThread,
) -> None:
    admin = Clients(database, tmp_path, event_loop_thread).new(Role.ADMIN)
    for route in ROUTES:
        if route.method == "GET" and Role.ADMIN in route.roles:
            assert _ask(admin, route).status_code < 500, route.path
        # Numbers that are too large for one kind of database or for both.
        for number in (2**31, 2**63) if "{" in route.path else ():
            address = PLACEHOLDER.sub(str(number), route.path)
            answer = admin.get(address) if route.method == "GET" else admin.post(address)
            assert answer.status_code < 500, address


def test_unknown_addresses_are_not_found(clients: Clients) -> None:
    answer = clients.new(Role.READER).get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
