"""The admin's pages of accounts, and the one-time links."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from console.accounts import main
from console.app import make_app
from console.keys import digest_of
from console.passwords import password_matches
from console.roles import Role
from console.staff import StaffError, changing_staff, has_admin, set_role, switch_off
from console.tables import Account, Invitation
from tests.clinic.conftest import engine as database  # noqa: F401 - a migrated database of each kind
from tests.console.app_client import ConsoleClient, EventLoopThread
from tests.console.audit_rows import audit_rows
from tests.console.conftest import PASSWORD, NewClient, add_account, console_settings
from tests.console.moved_clock import MovedClock

LINK = re.compile(r"http://127\.0\.0\.1:8000/welcome\?token=([\w-]{43})")


def token_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found.group(1)


def take_up(client: ConsoleClient, token: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    fields = {"token": token, "password": password, "again": password, **more}
    return client.post("/welcome", fields)


def account(engine: Engine, name: str) -> Account:
    with transaction(engine) as session:
        return session.execute(select(Account).where(Account.name == name)).scalar_one()


# Invitations


def test_an_invited_person_chooses_a_password_and_logs_in(
    console: NewClient, anonymous: ConsoleClient, engine: Engine
) -> None:
    page = console("admin").post("/accounts", {"name": "Maria", "display_name": "María López", "role": "scheduler"})
    token = token_in(page.text)
    assert "maria" in anonymous.get(f"/welcome?token={token}").text
    done = take_up(anonymous, token)
    assert (done.status_code, done.headers["Location"]) == (303, "/login")
    assert anonymous.post("/login", {"name": "maria", "password": PASSWORD}).status_code == 303
    assert "María López" in anonymous.get("/account").text
    assert [(row.action, row.actor, row.subject) for row in audit_rows(engine)][:3] == [
        ("account.invited", "admin", "maria"),
        ("account.password_chosen", "maria", "maria"),
        ("login.succeeded", "maria", "maria"),
    ]


def test_a_link_works_once(console: NewClient, anonymous: ConsoleClient, engine: Engine) -> None:
    token = token_in(console("admin").post("/accounts", {"name": "maria", "role": "reader"}).text)
    assert take_up(anonymous, token).status_code == 303
    assert take_up(anonymous, token, "somebody else's password").status_code == 410
    assert anonymous.get(f"/welcome?token={token}").status_code == 410
    assert password_matches(PASSWORD, account(engine, "maria").password_hash)


def test_a_link_is_over_after_a_day(
    console: NewClient, anonymous: ConsoleClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_in(console("admin").post("/accounts", {"name": "maria", "role": "reader"}).text)
    moved = MovedClock(monkeypatch)
    moved.forward(hours=23, minutes=59)
    assert anonymous.get(f"/welcome?token={token}").status_code == 200
    moved.forward(minutes=1)
    assert anonymous.get(f"/welcome?token={token}").status_code == 410
    assert take_up(anonymous, token).status_code == 410


def test_a_newer_link_voids_the_older_one(console: NewClient, anonymous: ConsoleClient) -> None:
    admin = console("admin")
    older = token_in(admin.post("/accounts", {"name": "maria", "role": "reader"}).text)
    newer = token_in(admin.post("/accounts/maria/reset").text)
    assert take_up(anonymous, older).status_code == 410
    assert take_up(anonymous, newer).status_code == 303


def test_an_easy_password_is_refused_and_the_link_stays_good(console: NewClient, anonymous: ConsoleClient) -> None:
    token = token_in(console("admin").post("/accounts", {"name": "maria", "role": "reader"}).text)
    refused = take_up(anonymous, token, "short")
    assert refused.status_code == 400
    assert "at least 12" in refused.text
    assert take_up(anonymous, token).status_code == 303


def test_made_up_links_are_refused(anonymous: ConsoleClient) -> None:
    for token in ("", "x", "x" * 43, "'; drop table accounts; --"):
        assert anonymous.get("/welcome", params={"token": token}).status_code == 410
        assert take_up(anonymous, token, name="maria").status_code == 410


def test_the_database_holds_no_token(console: NewClient, engine: Engine) -> None:
    token = token_in(console("admin").post("/accounts", {"name": "maria", "role": "reader"}).text)
    with transaction(engine) as session:
        assert session.execute(select(Invitation.digest)).scalars().all() == [digest_of(token)]


@pytest.mark.parametrize("name", ["", "x", "maria lopez", "María", "a" * 41, "-maria", "visitor", "command", "<b>"])
def test_a_name_that_cannot_be_taken_is_refused_and_what_was_typed_stays(console: NewClient, name: str) -> None:
    page = console("admin").post("/accounts", {"name": name, "display_name": "Maria L.", "role": "reader"})
    assert page.status_code == 400
    assert 'value="Maria L."' in page.text


def test_a_name_is_given_once(console: NewClient) -> None:
    page = console("admin").post("/accounts", {"name": "ADMIN", "role": "reader"})
    assert page.status_code == 400
    assert "already" in page.text


# Roles, access, resets


def test_a_new_role_holds_at_once_and_ends_the_sessions(console: NewClient, engine: Engine) -> None:
    admin, maria = console("admin"), console("reader", "maria")
    answer = admin.post("/accounts/maria/role", {"role": "scheduler"})
    assert answer.headers["Location"] == "/accounts/maria"
    assert account(engine, "maria").role == "scheduler"
    assert maria.get("/account").status_code == 303
    row = audit_rows(engine)[0]
    assert (row.action, row.subject, row.details) == (
        "account.role_changed",
        "maria",
        {"role_before": "reader", "role": "scheduler"},
    )


def test_an_unknown_role_is_refused(console: NewClient, engine: Engine) -> None:
    admin, _maria = console("admin"), console("reader", "maria")
    assert admin.post("/accounts/maria/role", {"role": "owner"}).status_code == 400
    assert account(engine, "maria").role == "reader"


def test_who_is_switched_off_is_out_at_once_and_comes_back_when_switched_on(console: NewClient, engine: Engine) -> None:
    admin, maria = console("admin"), console("reader", "maria")
    assert admin.post("/accounts/maria/off").status_code == 303
    assert maria.get("/account").status_code == 303
    assert admin.post("/accounts/maria/on").status_code == 303
    assert console("reader", "maria").get("/account").status_code == 200
    assert maria.get("/account").status_code == 303  # the sessions from before stay ended


def test_an_admin_ends_the_sessions_of_others(console: NewClient) -> None:
    admin, maria = console("admin"), console("reader", "maria")
    assert admin.post("/accounts/maria/sessions/end").status_code == 303
    assert maria.get("/account").status_code == 303


def test_a_reset_ends_password_codes_and_sessions_at_once(
    console: NewClient, anonymous: ConsoleClient, engine: Engine
) -> None:
    admin, maria = console("admin"), console("reader", "maria")
    with transaction(engine) as session:
        session.execute(select(Account).where(Account.name == "maria")).scalar_one().totp_secret = "sealed"
    token = token_in(admin.post("/accounts/maria/reset").text)
    assert maria.get("/account").status_code == 303
    assert (account(engine, "maria").password_hash, account(engine, "maria").totp_secret) == (None, None)
    assert take_up(anonymous, token).status_code == 303
    assert password_matches(PASSWORD, account(engine, "maria").password_hash)


def test_nobody_resets_themselves_by_this_page(console: NewClient, engine: Engine) -> None:
    assert console("admin").post("/accounts/admin/reset").status_code == 400
    assert account(engine, "admin").password_hash


@pytest.mark.parametrize(("change", "fields"), [("off", {}), ("role", {"role": "reader"})])
def test_the_last_admin_stays(console: NewClient, engine: Engine, change: str, fields: dict[str, str]) -> None:
    admin = console("admin")
    add_account(engine, "invited", "admin", password_hash=None)  # cannot log in yet, so does not count
    answer = admin.post(f"/accounts/admin/{change}", fields)
    assert answer.status_code == 400
    assert "only admin" in answer.text
    assert (account(engine, "admin").active, account(engine, "admin").role) == (True, "admin")
    console("admin", "second")
    assert admin.post(f"/accounts/admin/{change}", fields).status_code == 303


def test_two_admins_who_remove_each_other_at_once_leave_one(database: Engine) -> None:  # noqa: F811
    for name in ("one", "two"):
        add_account(database, name, "admin")

    def remove(name: str) -> bool:
        try:
            with changing_staff(database) as session:
                (switch_off(session, name) if name == "one" else set_role(session, name, Role.READER))
        except StaffError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, ("one", "two"))) == [False, True]
    with transaction(database) as session:
        assert has_admin(session)


def test_unknown_accounts_are_not_found(console: NewClient) -> None:
    admin = console("admin")
    assert admin.get("/accounts/nobody").status_code == 404
    assert admin.post("/accounts/nobody/off").status_code == 404


# The command line


@pytest.fixture
def commands(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configured deployment is the one of the test."""
    for name, value in {"SECRET_KEY": "k" * 40, "VAR_DIR": str(tmp_path), "DATABASE_URL": str(engine.url)}.items():
        monkeypatch.setenv(name, value)


def test_the_first_link_makes_the_first_admin(
    commands: None, anonymous: ConsoleClient, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["first-link"]) == 0
    token = token_in(capsys.readouterr().out)
    assert "first account" in anonymous.get(f"/welcome?token={token}").text
    assert take_up(anonymous, token, name="Anna", display_name="Anna A.").status_code == 303
    made = account(engine, "anna")
    assert (made.role, made.display_name, made.active) == ("admin", "Anna A.", True)
    assert main(["first-link"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "admin already" in printed.err


def test_a_newer_first_link_voids_the_older_one(
    commands: None, anonymous: ConsoleClient, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = []
    for _ in range(2):
        main(["first-link"])
        tokens.append(token_in(capsys.readouterr().out))
    assert take_up(anonymous, tokens[0], name="anna").status_code == 410
    assert take_up(anonymous, tokens[1], name="anna").status_code == 303


def test_a_first_link_is_void_once_there_is_an_admin(
    commands: None, anonymous: ConsoleClient, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["first-link"])
    token = token_in(capsys.readouterr().out)
    add_account(engine, "somebody", "admin")
    assert anonymous.get(f"/welcome?token={token}").status_code == 410
    assert take_up(anonymous, token, name="anna").status_code == 410


def test_one_link_taken_up_twice_at_once_makes_one_admin(
    database: Engine,  # noqa: F811
    tmp_path: Path,
    event_loop_thread: EventLoopThread,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = console_settings(tmp_path)
    for name, value in {"SECRET_KEY": settings.secret_key, "DATABASE_URL": str(database.url)}.items():
        monkeypatch.setenv(name, value)
    main(["first-link"])
    token = token_in(capsys.readouterr().out)
    app = make_app(settings, database)

    def take(name: str) -> int:
        with ConsoleClient(app, event_loop_thread) as client:
            return int(take_up(client, token, name=name).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, ("anna", "berta"))) == [303, 410]


def test_the_command_line_does_what_the_pages_do_and_is_recorded(
    commands: None, engine: Engine, anonymous: ConsoleClient, capsys: pytest.CaptureFixture[str]
) -> None:
    add_account(engine, "root", "admin")
    assert main(["invite", "Maria", "--role", "reader"]) == 0
    assert take_up(anonymous, token_in(capsys.readouterr().out)).status_code == 303
    assert main(["role", "maria", "reviewer"]) == 0
    assert account(engine, "maria").role == "reviewer"
    assert main(["disable", "maria"]) == 0
    assert not account(engine, "maria").active
    assert main(["enable", "maria"]) == 0
    assert anonymous.post("/login", {"name": "maria", "password": PASSWORD}).status_code == 303
    assert main(["sessions", "maria", "--end"]) == 0
    assert anonymous.get("/account").status_code == 303
    capsys.readouterr()
    assert main(["reset", "maria"]) == 0
    assert token_in(capsys.readouterr().out)
    assert main(["list"]) == 0
    assert "maria\treviewer\tinvited\tno codes\t0 sessions" in capsys.readouterr().out
    by_command = [row.action for row in audit_rows(engine) if row.actor == "command"]
    assert by_command == [
        "account.invited",
        "account.role_changed",
        "account.switched_off",
        "account.switched_on",
        "account.sessions_ended",
        "account.reset",
    ]


@pytest.mark.parametrize(
    "arguments", [["role", "nobody", "reader"], ["disable", "root"], ["invite", "x y", "--role", "reader"]]
)
def test_what_cannot_be_done_is_one_clear_line_and_no_row(
    commands: None, engine: Engine, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    add_account(engine, "root", "admin")
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert audit_rows(engine) == []


def test_a_database_that_is_not_migrated_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    assert main(["first-link"]) == 1
    assert "clinic.migrate" in capsys.readouterr().err


def test_links_are_made_with_the_address_that_people_use(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", str(engine.url))
    monkeypatch.setenv("CONSOLE_URL", "https://console.example.com/")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert main(["first-link"]) == 0
    assert capsys.readouterr().out.startswith("https://console.example.com/welcome?token=")


def test_an_expired_first_link_makes_no_admin(
    commands: None,
    anonymous: ConsoleClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["first-link"])
    token = token_in(capsys.readouterr().out)
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert take_up(anonymous, token, name="anna").status_code == 410
