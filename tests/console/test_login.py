"""Logging in and out, as a browser does it: what fits, how often one may try, and what is recorded."""

from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from clinic.settings import Settings
from console import passwords
from console.login_limits import FREE_TRIES, LoginLimits, wait_after
from console.second_factor import encrypted, new_secret
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
    verified = []

    class Noting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the parent's name
            verified.append(self.check_needs_rehash(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Noting(time_cost=1, memory_cost=8, parallelism=1))
    assert log_in(anonymous, name, WRONG) == 403
    assert verified == [False]  # one hash, and one of today's parameters


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
