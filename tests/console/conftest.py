"""The console on a migrated database: without a server for most tests, and with one for those that need a browser.

`console(role="admin")` is a client that is logged in with a real session of a fresh account of that role; the same role
gives the same account within a test. `console(name="maria", role="reviewer")` is a second person.
`signed_in_page(role)` is the same in Chromium, on `console_server`.
"""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from sqlalchemy import select
from sqlalchemy.engine import Engine
from starlette.types import ASGIApp

from clinic import clock
from clinic.database import make_engine, transaction
from clinic.settings import Settings, load_settings
from console import passwords
from console.app import make_app
from console.keys import digest_of
from console.sessions import csrf_token, start_session
from console.tables import Account
from tests.browsers import start_chromium
from tests.console.app_client import SESSION_COOKIE, ConsoleClient, EventLoopThread
from tests.migrated_databases import migrated_sqlite

NewClient = Callable[..., ConsoleClient]
NewPage = Callable[..., Page]
PASSWORD = "correct horse battery"
ROLES = ("reader", "reviewer", "scheduler", "admin")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database that is copied for each test."""
    path = tmp_path_factory.mktemp("console") / "migrated.sqlite3"
    path.write_bytes(migrated_sqlite())
    return path


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed in a moment; the strength of the hash is tests/console/test_passwords.py's."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "console.sqlite3"
    shutil.copy(migrated_file, path)
    made = make_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    return console_settings(tmp_path, DATABASE_URL=str(engine.url))


@pytest.fixture
def app(settings: Settings, engine: Engine) -> ASGIApp:
    return make_app(settings, engine)


@pytest.fixture(scope="session")
def event_loop_thread() -> Iterator[EventLoopThread]:
    thread = EventLoopThread()
    yield thread
    thread.stop()


@pytest.fixture
def anonymous(app: ASGIApp, event_loop_thread: EventLoopThread) -> Iterator[ConsoleClient]:
    """A client that has not logged in."""
    with ConsoleClient(app, event_loop_thread) as client:
        yield client


@pytest.fixture
def console(
    app: ASGIApp, engine: Engine, settings: Settings, event_loop_thread: EventLoopThread
) -> Iterator[NewClient]:
    clients: list[ConsoleClient] = []

    def make(role: str = "admin", name: str = "") -> ConsoleClient:
        client = ConsoleClient(app, event_loop_thread)
        clients.append(client)
        client.name = name or role
        secret = log_in_as(engine, client.name, role)
        client.cookies.set(SESSION_COOKIE, secret, domain="127.0.0.1")
        client.csrf = csrf_token(settings.secret_key, digest_of(secret))
        return client

    yield make
    for client in clients:
        client.close()


def console_settings(folder: Path, **values: str) -> Settings:
    """Settings of a console alone; the environment and the `.env` file are not looked at."""
    return load_settings(
        {"SECRET_KEY": "k" * 40, "VAR_DIR": str(folder), "CLINIC_TIMEZONE": "America/Chicago", **values}
    )


def add_account(engine: Engine, name: str, role: str, password_hash: str | None = "no hash") -> str:
    """The id of an account of this name, made if there is none. Without a real hash nobody can log in by password."""
    with transaction(engine) as session:
        known = session.execute(select(Account.id).where(Account.name == name)).scalar()
        if known:
            return str(known)
        account = Account(
            id=f"account-{name}",
            name=name,
            display_name=name.capitalize(),
            role=role,
            active=True,
            password_hash=password_hash,
            created_at=clock.now(),
        )
        session.add(account)
        return str(account.id)


def log_in_as(engine: Engine, name: str, role: str) -> str:
    """Begin a session of the account; the secret of its cookie."""
    account_id = add_account(engine, name, role)
    with transaction(engine) as session:
        return start_session(session, account_id)


class RunningConsole:
    """A real uvicorn in a thread on a free port, on the test's own database."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.engine = engine
        self.settings = console_settings(folder, CONSOLE_URL=self.url, DATABASE_URL=str(engine.url))
        config = uvicorn.Config(
            make_app(self.settings, engine), log_config=None, access_log=False, lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=30)
        self._socket.close()


@pytest.fixture
def console_server(engine: Engine, tmp_path: Path) -> Iterator[RunningConsole]:
    server = RunningConsole(engine, tmp_path)
    yield server
    server.stop()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    # Closed with the last test of this folder: while it is open no test elsewhere can have an event loop.
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = start_chromium(playwright)
    yield started
    started.close()


@pytest.fixture
def signed_in_page(console_server: RunningConsole, browser: Browser) -> Iterator[NewPage]:
    """Makes pages of people who are logged in; in the end none of them may have met a script error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(role: str = "admin", name: str = "", **options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": console_server.url, "locale": "en-US", "reduced_motion": "reduce", **options}
        )
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        secret = log_in_as(console_server.engine, name or role, role)
        context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": console_server.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert errors == []
