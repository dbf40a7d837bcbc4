"""Keys are changed, and encryption begins and ends, while everything works; nothing is lost or left plain."""

import base64
import hashlib
import hmac
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.engine import Engine

from clinic import migrate as migration
from clinic.database import make_engine, transaction
from clinic.encryption import rotation
from clinic.encryption.__main__ import main
from clinic.encryption.keys import KeyRing, new_entry, parse_keys
from clinic.encryption.known_keys import known_keys, remember_writing_key
from clinic.encryption.rotation import count_due, count_values, encrypt_plain, rotate
from clinic.migrate import migrate
from clinic.request_work import REQUESTS
from clinic.staff_work import ChangedMeanwhileError, change_work, find_work
from clinic.text_contacts import conversation_of, number_of
from clinic.work_lists import WorkFilters, all_work
from tests.clinic.stored_work import store_request, values
from tests.encryption_keys import ENCRYPTION_KEYS

NEXT = new_entry("next")
SECRET, NUMBER = "s" * 40, "+13125550142"


def with_keys(engine: Engine, *entries: str) -> Engine:
    """The same database as a process with these keys sees it."""
    return make_engine(engine.url, parse_keys(",".join(entries)))


@pytest.fixture
def turned(engine: Engine) -> Iterator[Engine]:
    """The database after the next key came first."""
    made = with_keys(engine, NEXT, ENCRYPTION_KEYS)
    yield made
    made.dispose()


def keys_in_use(engine: Engine) -> set[str]:
    return {key_id for by_key in count_values(engine).values() for key_id in by_key}


def stored_names(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.execute(text("SELECT contact_name FROM appointment_requests ORDER BY id")).scalars())


def everybody(engine: Engine) -> Counter[str]:
    return Counter(item.contact_name for item in all_work(engine, REQUESTS, WorkFilters()))


def test_after_a_rotation_the_old_key_is_needed_no_more(engine: Engine, turned: Engine) -> None:
    for number in range(rotation.ROWS_AT_ONCE + 5):
        store_request(engine, number, contact_name=f"Grace {number}")
    before = everybody(engine)
    assert count_due(turned) == rotation.ROWS_AT_ONCE + 5
    done = rotate(turned)
    assert (done.left, done.unreadable) == (0, [])
    assert keys_in_use(turned) == {"next"}
    alone = with_keys(engine, NEXT)
    assert everybody(alone) == before
    assert count_due(alone) == 0
    assert not rotate(alone).written
    alone.dispose()


def test_a_rotation_that_was_broken_off_goes_on_where_it_ended(
    engine: Engine, turned: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        store_request(engine, number)
    monkeypatch.setattr(rotation, "ROWS_AT_ONCE", 2)
    really, calls = rotation._batch, iter(range(100))

    def batch_until_killed(*arguments: Any) -> Any:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return really(*arguments)

    monkeypatch.setattr(rotation, "_batch", batch_until_killed)
    with pytest.raises(KeyboardInterrupt):
        rotate(turned)
    assert keys_in_use(turned) == {"tests", "next"}
    written = {name for name in stored_names(turned) if name.startswith("e1.next.")}
    monkeypatch.setattr(rotation, "_batch", really)
    assert rotate(turned).written["appointment_requests"] == 3 * (7 - len(written))
    assert written < set(stored_names(turned))


def test_a_change_between_reading_and_writing_is_kept(engine: Engine, turned: Engine) -> None:
    request_id = store_request(engine, 1)
    (stored,) = rotation._tables(turned.connect(), {"appointment_requests": ("contact_name", "note")})
    done = rotation.Round()
    with turned.begin() as connection:
        (seen,) = connection.execute(rotation._batch(stored, ("e1.next.",), None)).mappings().all()
    with transaction(engine) as session:
        session.get(REQUESTS.table, request_id).contact_name = "Changed Meanwhile"
    with turned.begin() as connection:
        rotation._renew(connection, stored, seen, ("e1.next.",), done)
    assert not done.written
    assert find_work(turned, REQUESTS, request_id).item.contact_name == "Changed Meanwhile"


def test_nothing_that_the_staff_save_during_a_rotation_is_lost(engine: Engine, turned: Engine) -> None:
    """Old processes, whose first key is still the old one, save notes all the time while the values are renewed."""
    requests = [store_request(engine, number) for number in range(12)]
    ended, saved = threading.Event(), dict.fromkeys(requests, 1)

    def save() -> None:
        while not ended.is_set():
            for request_id, version in saved.items():
                note = values("open", "maria", f"note {version}")
                change_work(old, REQUESTS, request_id, expected_version=version, values=note, changed_by="maria")
                saved[request_id] = version + 1

    old = with_keys(engine, ENCRYPTION_KEYS, NEXT)
    staff = threading.Thread(target=save)
    staff.start()
    try:
        for _ in range(5):
            rotate(turned)
    finally:
        ended.set()
        staff.join()
    assert min(saved.values()) > 1
    for request_id, version in saved.items():
        item = find_work(turned, REQUESTS, request_id).item
        assert (item.version, item.note) == (version, f"note {version - 1}")
    assert rotate(turned).left == 0
    assert keys_in_use(turned) == {"next"}
    old.dispose()


def test_a_row_that_somebody_holds_is_taken_up_later_and_nobody_waits(engine: Engine, turned: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time and locks no rows")
    held, free = store_request(engine, 1), store_request(engine, 2)
    with engine.begin() as connection:
        connection.execute(text("SELECT 1 FROM appointment_requests WHERE id = :id FOR UPDATE"), {"id": held})
        assert rotate(turned).left == 1
    assert count_due(turned) == 1
    assert rotate(turned).left == 0
    assert {held, free} == {item.id for item in all_work(turned, REQUESTS, WorkFilters())}


def test_what_cannot_be_read_is_named_and_left_as_it_is(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request_id = store_request(engine, 1)
    store_request(engine, 2)
    with transaction(engine) as session:
        session.execute(
            text("UPDATE appointment_requests SET phone = 'e1.gone.AAAA' WHERE id = :id"), {"id": request_id}
        )
    assert run(monkeypatch, engine, "rotate", NEXT, ENCRYPTION_KEYS) == 3
    told = capsys.readouterr().err
    assert f"appointment_requests.phone of row {request_id} cannot be read (key id 'gone')" in told
    assert count_values(engine)["appointment_requests", "phone"] == {"gone": 1, "next": 1}
    assert count_values(engine)["appointment_requests", "contact_name"] == {"next": 2}


def run(monkeypatch: pytest.MonkeyPatch, engine: Engine, *words: str) -> int:
    """Run the command; what looks like a key goes into the setting."""
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("ENCRYPTION_KEYS", ",".join(word for word in words if ":" in word or word == "plain"))
    return main([word for word in words if ":" not in word and word != "plain"])


def test_the_operators_way_from_one_key_to_the_next(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store_request(engine, 1)
    assert run(monkeypatch, engine, "rotate", "--dry-run", NEXT, ENCRYPTION_KEYS) == 0
    assert capsys.readouterr().out == "1 rows would be written\n"
    assert keys_in_use(engine) == {"tests"}
    assert run(monkeypatch, engine, "rotate", NEXT, ENCRYPTION_KEYS) == 0
    assert "appointment_requests: 3 values" in capsys.readouterr().out
    assert known_keys(engine) == ("next",)
    assert run(monkeypatch, engine, "status", NEXT) == 0
    told = capsys.readouterr().out
    assert "appointment_requests.contact_name      next 1" in told
    assert "writes: next; can read: next" in told
    assert "Grace" not in told


def test_the_status_names_a_key_that_is_missing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, engine, "status", NEXT) == 3
    assert "need keys that ENCRYPTION_KEYS does not have: tests" in capsys.readouterr().err


def test_a_fresh_key_can_be_used_as_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-key", "--id", "spring"]) == 0
    assert main(["new-key"]) == 0
    keys = parse_keys(capsys.readouterr().out.replace("\n", ","))
    assert keys.writing_id == "spring"
    assert main(["new-key", "--id", "Not An Id"]) == 2


def test_faults_of_settings_and_database_are_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENCRYPTION_KEYS", "broken")
    assert main(["status"]) == 1
    assert capsys.readouterr().err.startswith("ENCRYPTION_KEYS is malformed")
    monkeypatch.setenv("ENCRYPTION_KEYS", NEXT)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'missing' / 'folder.sqlite3'}")
    assert main(["rotate"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("The database could not be worked on")
    assert told.count("\n") == 1


def test_the_way_back_makes_everything_plain_for_an_earlier_release(engine: Engine) -> None:
    store_request(engine, 1, contact_name="Grace Lindqvist")
    store_request(engine, 2, contact_name="e1.tests.AAAA")
    back = with_keys(engine, "plain", ENCRYPTION_KEYS)
    done = rotate(back)
    assert not done.unreadable
    names = stored_names(back)
    assert "Grace Lindqvist" in names
    assert everybody(back) == {"Grace Lindqvist": 1, "e1.tests.AAAA": 1}
    assert not encrypt_plain(back).written
    assert encrypt_plain(engine).left == 0
    assert everybody(engine) == {"Grace Lindqvist": 1, "e1.tests.AAAA": 1}
    assert keys_in_use(engine) == {"tests"}
    back.dispose()


@pytest.fixture
def earlier(engine: Engine) -> Engine:
    """The database as the release before left it: plain, and each kind of row that this one must take over."""
    with transaction(engine) as session:
        for table, columns in {
            "appointment_requests": ("contact_name", "patient_name", "patient_relation", "phone", "email"),
            "staff_messages": ("contact_name", "phone", "email"),
            "saved_searches": ("name",),
        }.items():
            if engine.dialect.name == "postgresql":
                for column in columns:
                    session.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar(254)"))
        for table in ("content_versions", "content_proposals", "encryption_keys"):
            session.execute(text(f"DROP TABLE {table}"))
        if engine.dialect.name == "postgresql":
            session.execute(text("DROP FUNCTION refuse_change_of_content()"))
        session.execute(text(f"UPDATE {migration.VERSION_TABLE} SET version_num = '0006'"))
    plain = make_engine(engine.url, KeyRing(parse_keys(ENCRYPTION_KEYS).keys, writes_plain=True))
    for number, name in enumerate(("Zelda Canary", "e1.tests.AAAAAAAA", "Ünal Canary")):
        store_request(plain, number, contact_name=name, reason=f"canary rash {number}")
    with transaction(plain) as session:
        # As the release before stored it, which knew nothing of this form.
        session.execute(
            text("UPDATE appointment_requests SET contact_name = 'e1.tests.AAAAAAAA' WHERE reason LIKE '%1'")
        )
        session.execute(
            text("INSERT INTO text_contacts (conversation_id, number, first_seen_at) VALUES (:id, :number, :moment)"),
            {"id": conversation_of(SECRET, NUMBER), "number": fernet_token(), "moment": "2026-11-23 12:00:00"},
        )
    plain.dispose()
    return engine


def fernet_token() -> str:
    """A number as the release before encrypted it."""
    key = hmac.new(SECRET.encode(), b"sms-number-encryption", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key)).encrypt(NUMBER.encode()).decode()


@pytest.mark.parametrize("secret_key", [SECRET, None])
def test_the_migration_encrypts_what_is_there(earlier: Engine, secret_key: str | None) -> None:
    migrate(earlier, secret_key=secret_key)
    assert everybody(earlier) == {"Zelda Canary": 1, "e1.tests.AAAAAAAA": 1, "Ünal Canary": 1}
    assert keys_in_use(earlier) == {"tests"}
    assert known_keys(earlier) == ("tests",)
    assert number_of(earlier, SECRET, conversation_of(SECRET, NUMBER)) == NUMBER
    if secret_key is not None:
        assert number_of(earlier, "another" * 6, conversation_of(SECRET, NUMBER)) == NUMBER


def test_the_migration_leaves_no_plain_bytes_in_an_sqlite_file(earlier: Engine) -> None:
    if earlier.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps old versions of rows until they are vacuumed: docs/encryption.md")
    database = Path(str(earlier.url.database))
    assert b"canary rash" in database.read_bytes() + database.with_name(f"{database.name}-wal").read_bytes()
    migrate(earlier, secret_key=SECRET)
    log = database.with_name(f"{database.name}-wal")
    left = database.read_bytes() + log.read_bytes()
    assert b"canary" not in left.lower()
    assert fernet_token()[:20].encode() not in left


def test_a_migration_that_ends_in_the_middle_is_taken_up_by_the_next(
    earlier: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(migration, "encrypt_plain", lambda _engine: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            migrate(earlier)
    assert "plain" in keys_in_use(earlier)
    migrate(earlier)
    assert keys_in_use(earlier) == {"tests"}
    assert everybody(earlier)["e1.tests.AAAAAAAA"] == 1


def test_while_old_processes_run_nothing_is_encrypted_and_everybody_reads(earlier: Engine) -> None:
    meanwhile = with_keys(earlier, "plain", ENCRYPTION_KEYS)
    migrate(meanwhile, secret_key=SECRET)
    assert count_values(meanwhile)["appointment_requests", "contact_name"] == {"plain": 2, "tests": 1}
    store_request(meanwhile, 9, contact_name="Grace New")
    assert "Grace New" in stored_names(earlier)
    assert everybody(earlier) == everybody(meanwhile)
    meanwhile.dispose()


def test_the_way_back_of_the_schema_is_refused(engine: Engine) -> None:
    config = migration._config()
    with engine.begin() as connection, pytest.raises(RuntimeError, match="put 'plain' before the keys"):
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")


def test_the_same_row_is_never_saved_over_somebody_elses_by_a_rotation(engine: Engine, turned: Engine) -> None:
    """A rotation changes no version: whoever has a page open can still save."""
    request_id = store_request(engine, 1)
    rotate(turned)
    change_work(turned, REQUESTS, request_id, expected_version=1, values=values("closed"), changed_by="m")
    with pytest.raises(ChangedMeanwhileError):
        change_work(turned, REQUESTS, request_id, expected_version=1, values=values("open"), changed_by="m")


def test_a_key_is_noted_once_however_often_processes_start(engine: Engine) -> None:
    remember_writing_key(engine)
    remember_writing_key(engine)
    assert known_keys(engine) == ("tests",)
