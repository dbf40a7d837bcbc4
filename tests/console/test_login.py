"""Logging in and out, as a browser does it: what fits, how often one may try, and what is recorded."""

from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from clinic.settings import Settings
from console import passwords
from console.known_browsers import KNOWN
from console.login_limits import FREE_TRIES, LoginLimits, wait_after
from console.second_factor import encrypted, new_secret
from console.staff import changing_staff, reset
from console.tables import Account, AuditEntry, ConsoleSession, LoginAttempt
from tests.console.app_client import ORIGIN, SESSION_COOKIE, ConsoleClient
from tests.console.conftest import PASSWORD
from tests.console.people import add_person

WRONG = "something else entirely"


@pytest.fixture
def maria(engine: Engine) -> str:
    add_person(engine, "maria", "reviewer")
    return "maria"


def log_in(client: ConsoleClient, name: str = "maria", password: str = PASSWORD, code: str = "") -> int:
    return client.post("/login", {"name": name, "password": password, "code": code}).status_code


def audited(engine: Engine) -> list[tuple[str, str, str | None]]:
    with transaction(engine) as session:
        rows = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars()
        return [(row.action, row.actor, row.subject_id) for row in rows]


def test_the_right_password_begins_a_session(anonymous: ConsoleClient, maria: str) -> None:
    answer = anonymous.post("/login", {"name": " Maria ", "password": PASSWORD, "next": "/account"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie  # the console of the tests is reached without TLS
    assert anonymous.get("/account").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_page(anonymous: ConsoleClient, maria: str) -> None:
    wrong = anonymous.post("/login", {"name": "maria", "password": WRONG})
    unknown = anonymous.post("/login", {"name": "nobody", "password": WRONG})
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace("maria", "nobody") == unknown.text
    assert SESSION_COOKIE not in anonymous.cookies


@pytest.mark.parametrize("name", ["maria", "nobody", "off", "invited"])
def test_every_name_costs_the_same_work(
    anonymous: ConsoleClient, engine: Engine, maria: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_person(engine, "off", "reader")
    add_person(engine, "invited", "reader")
    with transaction(engine) as session:
        session.execute(select(Account).where(Account.name == "off")).scalar_one().active = False
        session.execute(select(Account).where(Account.name == "invited")).scalar_one().password_hash = None
    work = []

    class Noting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the parent's name
            work.append(f"verified, of today's parameters: {not self.check_needs_rehash(hash)}")
            return super().verify(hash, password)

        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            work.append("made")
            return super().hash(password, salt=salt)

    monkeypatch.setattr(passwords, "HASHER", Noting(time_cost=1, memory_cost=8, parallelism=1))
    assert log_in(anonymous, name, WRONG) == 403
    assert work == ["verified, of today's parameters: True"]  # also for the first unknown name after a start


def test_an_unknown_name_and_a_wrong_password_ask_the_database_the_same(
    anonymous: ConsoleClient, engine: Engine, maria: str
) -> None:
    def asked(name: str) -> list[str]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert log_in(anonymous, name, WRONG) == 403
        event.remove(engine, "before_cursor_execute", note)
        return statements

    log_in(anonymous, "somebody", WRONG)  # what is read once for a process is read now
    assert asked("maria") == asked("nobody") != []


def test_a_hash_of_weaker_parameters_is_replaced_at_the_next_login(
    anonymous: ConsoleClient, engine: Engine, maria: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert log_in(anonymous) == 303
    with transaction(engine) as session:
        renewed = session.execute(select(Account.password_hash)).scalar_one()
    assert not passwords.needs_new_hash(renewed)
    assert passwords.password_matches(PASSWORD, renewed)


def test_a_login_from_another_site_is_refused(anonymous: ConsoleClient, maria: str) -> None:
    fields = {"name": "maria", "password": PASSWORD}
    assert anonymous.post_raw("/login", fields, Origin="https://evil.example").status_code == 403
    assert anonymous.post_raw("/login", fields).status_code == 403
    assert anonymous.post_raw("/login", fields, Origin=ORIGIN).status_code == 303


def test_logins_are_recorded_and_failures_name_only_accounts_that_exist(
    anonymous: ConsoleClient, engine: Engine, maria: str
) -> None:
    log_in(anonymous, "maria", WRONG)
    log_in(anonymous, "a password typed into the wrong field", WRONG)
    log_in(anonymous)
    assert audited(engine) == [
        ("login.failed", "", "maria"),
        ("login.failed", "", None),
        ("login.succeeded", "maria", "maria"),
    ]


def test_no_session_begins_that_cannot_be_recorded(
    anonymous: ConsoleClient, engine: Engine, maria: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_entries RENAME TO audit_entries_gone")
    assert log_in(anonymous) == 503
    assert SESSION_COOKIE not in anonymous.cookies
    with transaction(engine) as session:
        assert session.execute(select(func.count()).select_from(ConsoleSession)).scalar() == 0


# How often one may try


def test_after_some_failures_even_the_right_password_has_to_wait(
    anonymous: ConsoleClient, engine: Engine, maria: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    for _ in range(FREE_TRIES["account"]):
        assert log_in(anonymous, "maria", WRONG) == 403
    blocked = anonymous.post("/login", {"name": "maria", "password": PASSWORD})
    assert blocked.status_code == 429
    assert blocked.headers["Retry-After"] == "30"
    assert "too many tries" in blocked.text
    assert audited(engine)[-1] == ("login.blocked", "", "maria")
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=31))
    assert log_in(anonymous) == 303


def test_a_login_that_fits_forgets_the_failures_before(anonymous: ConsoleClient, maria: str, engine: Engine) -> None:
    for _ in range(2):
        for _ in range(FREE_TRIES["account"] - 1):
            assert log_in(anonymous, "maria", WRONG) == 403
        assert log_in(anonymous) == 303


def test_a_name_that_does_not_exist_is_blocked_alike(anonymous: ConsoleClient) -> None:
    for _ in range(FREE_TRIES["account"]):
        assert log_in(anonymous, "nobody", WRONG) == 403
    assert log_in(anonymous, "nobody", WRONG) == 429


def test_one_address_cannot_try_many_names(engine: Engine, settings: Settings) -> None:
    limits = LoginLimits(engine, settings.secret_key)
    for number in range(FREE_TRIES["address"]):
        assert limits.count(f"name{number}", "192.0.2.1") == 0
    assert limits.count("another", "192.0.2.1") > 0
    assert limits.count("another", "192.0.2.2") == 0


def test_each_further_failure_makes_the_wait_longer_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(failures, 5).total_seconds() for failures in range(12)]
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]


def test_neither_names_nor_addresses_are_kept(engine: Engine, settings: Settings) -> None:
    LoginLimits(engine, settings.secret_key).count("maria", "192.0.2.1")
    with transaction(engine) as session:
        kept = session.execute(select(LoginAttempt.subject)).scalars().all()
    assert len(kept) == 2
    assert not any("maria" in subject or "192" in subject for subject in kept)


def test_old_failures_are_forgotten_and_deleted(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = LoginLimits(engine, settings.secret_key)
    for _ in range(FREE_TRIES["account"]):
        limits.count("maria", "192.0.2.1")
    later = clock.now() + timedelta(hours=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert limits.count("maria", "192.0.2.1") == 0
    with transaction(engine) as session:
        assert session.execute(select(func.count()).select_from(LoginAttempt)).scalar() == 2


def test_nobody_waits_for_hours_because_the_clock_was_put_back(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = LoginLimits(engine, settings.secret_key)
    for _ in range(FREE_TRIES["account"]):
        limits.count("maria", "192.0.2.1")
    before = clock.now() - timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: before)
    assert 0 < limits.count("maria", "192.0.2.1") <= 30
    monkeypatch.setattr(clock, "now", lambda: before + timedelta(seconds=31))
    assert limits.count("maria", "192.0.2.1") == 0


# Browsers in which somebody has logged in before


def strangers_try(engine: Engine, settings: Settings) -> None:
    """As many failures from elsewhere, for the name and from the address of the tests, as lock both for long."""
    limits = LoginLimits(engine, settings.secret_key)
    for _ in range(FREE_TRIES["account"]):
        limits.count("maria", "192.0.2.1")
    for number in range(FREE_TRIES["address"]):
        limits.count(f"name{number}", "127.0.0.1")


def test_strangers_lock_nobody_out_of_a_browser_in_which_they_worked_before(
    anonymous: ConsoleClient, engine: Engine, settings: Settings, maria: str
) -> None:
    log_in(anonymous)
    del anonymous.cookies[SESSION_COOKIE]
    strangers_try(engine, settings)
    assert log_in(anonymous) == 303
    anonymous.cookies.clear()
    assert log_in(anonymous) == 429


def test_a_known_browser_has_to_wait_after_its_own_failures(anonymous: ConsoleClient, maria: str) -> None:
    log_in(anonymous)
    for _ in range(FREE_TRIES["browser"]):
        assert log_in(anonymous, "maria", WRONG) == 403
    assert log_in(anonymous) == 429


def test_a_browser_is_known_to_those_alone_who_logged_in_there(
    anonymous: ConsoleClient, engine: Engine, settings: Settings, maria: str
) -> None:
    add_person(engine, "robert", "reader")
    assert log_in(anonymous, "robert") == 303
    strangers_try(engine, settings)
    assert log_in(anonymous) == 429


def test_two_people_at_one_desk_are_both_known_there(
    anonymous: ConsoleClient, engine: Engine, settings: Settings, maria: str
) -> None:
    add_person(engine, "robert", "reader")
    log_in(anonymous)
    log_in(anonymous, "robert")
    strangers_try(engine, settings)
    assert log_in(anonymous) == 303


@pytest.mark.parametrize("value", ["", "made-up", "made.up", "0" * 32 + "." + "0" * 64])
def test_a_made_up_mark_makes_no_browser_known(
    anonymous: ConsoleClient, engine: Engine, settings: Settings, maria: str, value: str
) -> None:
    log_in(anonymous)
    name = next(name for name in anonymous.cookies if name.startswith(KNOWN))
    anonymous.cookies.clear()
    strangers_try(engine, settings)
    headers = {"Cookie": f"{name}={value}"}
    assert anonymous.post("/login", {"name": "maria", "password": PASSWORD}, headers=headers).status_code == 429


def test_a_browser_is_known_once_a_password_was_chosen_in_it(
    anonymous: ConsoleClient, engine: Engine, settings: Settings, maria: str
) -> None:
    """So a new link lets somebody in again whose name is being guessed at."""
    strangers_try(engine, settings)
    assert log_in(anonymous) == 429
    with changing_staff(engine) as session:
        token = reset(session, "maria")
    chosen = {"token": token, "password": PASSWORD, "again": PASSWORD}
    assert anonymous.post("/welcome", chosen).status_code == 303
    assert log_in(anonymous) == 303


def test_the_mark_of_a_browser_tells_no_name(anonymous: ConsoleClient, maria: str) -> None:
    log_in(anonymous)
    marks = [cookie for cookie in anonymous.cookies.jar if cookie.name.startswith(KNOWN)]
    assert len(marks) == 1
    assert not any("maria" in part for part in (marks[0].name, marks[0].value or ""))
    assert marks[0].has_nonstandard_attr("HttpOnly")


# Codes


@pytest.fixture
def totp(engine: Engine, settings: Settings, maria: str, monkeypatch: pytest.MonkeyPatch) -> pyotp.TOTP:
    """Maria's authenticator; the clock stands still."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    secret = new_secret()
    with transaction(engine) as session:
        session.execute(select(Account)).scalar_one().totp_secret = encrypted(settings.secret_key, secret)
    return pyotp.TOTP(secret)


def test_with_a_second_factor_the_password_alone_is_not_enough(anonymous: ConsoleClient, totp: pyotp.TOTP) -> None:
    assert log_in(anonymous) == 403
    assert log_in(anonymous, code="000000") == 403
    assert log_in(anonymous, code=totp.at(clock.now())) == 303


def test_a_missing_code_is_not_told_from_a_wrong_password(anonymous: ConsoleClient, totp: pyotp.TOTP) -> None:
    without_code = anonymous.post("/login", {"name": "maria", "password": PASSWORD})
    wrong = anonymous.post("/login", {"name": "maria", "password": WRONG})
    assert (without_code.status_code, without_code.text) == (wrong.status_code, wrong.text)


def test_a_code_is_taken_once(anonymous: ConsoleClient, totp: pyotp.TOTP) -> None:
    code = totp.at(clock.now())
    assert log_in(anonymous, code=code) == 303
    assert log_in(anonymous, code=code) == 403


def test_after_a_code_the_ones_before_it_are_not_taken(anonymous: ConsoleClient, totp: pyotp.TOTP) -> None:
    assert log_in(anonymous, code=totp.at(clock.now() + timedelta(seconds=30))) == 303
    assert log_in(anonymous, code=totp.at(clock.now())) == 403


@pytest.mark.parametrize(("seconds", "status"), [(-60, 403), (-30, 303), (30, 303), (60, 403)])
def test_a_phone_may_be_one_step_off(anonymous: ConsoleClient, totp: pyotp.TOTP, seconds: int, status: int) -> None:
    assert log_in(anonymous, code=totp.at(clock.now() + timedelta(seconds=seconds))) == status


def test_the_secret_of_the_codes_is_kept_encrypted(engine: Engine, totp: pyotp.TOTP) -> None:
    with transaction(engine) as session:
        kept = session.execute(select(Account.totp_secret)).scalar_one()
    assert totp.secret not in kept
