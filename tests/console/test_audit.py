"""The audit: append-only, one chain whoever writes, and every meddling with it shows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from clinic.database import make_engine, transaction
from console import audit_log
from console.audit import main
from console.audit_chain import check_chain
from console.keys import key_for
from console.tables import AuditEntry
from tests.clinic.conftest import engine as database  # noqa: F401 - a migrated database of each kind

KEY = "k" * 40
WRITERS = 4
ROWS_EACH = 10


def add_rows(engine: Engine, count: int) -> None:
    for number in range(count):
        audit_log.record(
            engine,
            KEY,
            actor="maria",
            action="conversation.viewed",
            subject_kind="conversation",
            subject_id=f"sms-{number}",
            details={"turns": number},
        )


def without_triggers(engine: Engine, meddle: Callable[[Connection], object]) -> None:
    """Do what somebody with all rights in the database could do."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
            for (name,) in rows:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entries DISABLE TRIGGER ALL")
        meddle(connection)


def run(statement: str) -> Callable[[Connection], object]:
    return lambda connection: connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'omar' WHERE id = 1",
        "DELETE FROM audit_entries WHERE id = 2",
        "DELETE FROM audit_entries",
    ],
)
def test_the_database_refuses_to_change_and_delete_rows(database: Engine, statement: str) -> None:  # noqa: F811
    add_rows(database, 2)
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as connection:
        connection.exec_driver_sql(statement)
    assert check_chain(database, KEY).rows == 2


def test_emptying_and_replacing_are_refused_too(database: Engine) -> None:  # noqa: F811
    add_rows(database, 2)
    statement = (
        "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE id = 1"
        if database.dialect.name == "sqlite"
        else "TRUNCATE audit_entries"
    )
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as connection:
        connection.exec_driver_sql(statement)


def test_an_empty_and_an_untouched_audit_are_whole(engine: Engine) -> None:
    assert check_chain(engine, KEY).is_whole
    add_rows(engine, 3)
    report = check_chain(engine, KEY)
    assert (report.is_whole, report.rows, len(report.head)) == (True, 3, 64)


def test_writers_at_the_same_time_make_one_chain(database: Engine) -> None:  # noqa: F811
    with ThreadPoolExecutor(WRITERS) as pool:
        for written in [pool.submit(add_rows, database, ROWS_EACH) for _ in range(WRITERS)]:
            written.result()
    report = check_chain(database, KEY)
    assert (report.problem, report.rows) == ("", WRITERS * ROWS_EACH)


@pytest.mark.parametrize(
    "column",
    ["actor", "action", "subject_kind", "subject_id", "details", "previous_hash", "hash", "recorded_at"],
)
def test_a_change_of_any_column_shows(engine: Engine, column: str) -> None:
    add_rows(engine, 3)
    value = "2020-01-01 00:00:00.000000" if column == "recorded_at" else "0" * 64 if "hash" in column else "x"
    without_triggers(engine, run(f"UPDATE audit_entries SET {column} = '{value}' WHERE id = 2"))
    report = check_chain(engine, KEY)
    assert (report.broken_id, report.rows) == (2, 1)


@pytest.mark.parametrize(("deleted", "found"), [(1, 2), (2, 3)])
def test_a_deleted_row_shows(engine: Engine, deleted: int, found: int) -> None:
    add_rows(engine, 3)
    without_triggers(engine, run(f"DELETE FROM audit_entries WHERE id = {deleted}"))
    report = check_chain(engine, KEY)
    assert report.broken_id == found
    assert f"row {deleted} is missing" in report.problem


def test_a_deleted_row_shows_when_the_others_are_renumbered(database: Engine) -> None:  # noqa: F811
    add_rows(database, 3)

    def close_the_gap(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM audit_entries WHERE id = 2")
        connection.exec_driver_sql("UPDATE audit_entries SET id = 2 WHERE id = 3")

    without_triggers(database, close_the_gap)
    assert check_chain(database, KEY).broken_id == 2


@pytest.mark.parametrize(("row", "found"), [(3, 3), (0, 0), (-1, -1)])
def test_a_row_that_was_put_in_shows(engine: Engine, row: int, found: int) -> None:
    add_rows(engine, 2)
    columns = "recorded_at, actor, action, subject_kind, subject_id, details, previous_hash, hash"
    copy = f"INSERT INTO audit_entries (id, {columns}) SELECT {row}, {columns} FROM audit_entries WHERE id = 2"
    without_triggers(engine, run(copy))
    assert check_chain(engine, KEY).broken_id == found


def test_a_chain_that_was_made_anew_without_the_key_shows(engine: Engine) -> None:
    add_rows(engine, 2)
    audit_log.record(engine, "another key" * 4, actor="omar", action="conversation.viewed")
    assert check_chain(engine, KEY).broken_id == 3


def test_a_cut_off_end_shows_when_the_head_was_noted(engine: Engine) -> None:
    add_rows(engine, 3)
    noted = check_chain(engine, KEY).head
    without_triggers(engine, run("DELETE FROM audit_entries WHERE id = 3"))
    assert check_chain(engine, KEY).is_whole  # from within, nobody can tell
    report = check_chain(engine, KEY, noted)
    assert not report.is_whole
    assert "after row 2" in report.problem


def test_a_head_that_was_noted_stays_valid_as_rows_are_added(engine: Engine) -> None:
    add_rows(engine, 2)
    noted = check_chain(engine, KEY).head
    add_rows(engine, 2)
    assert check_chain(engine, KEY, noted).is_whole


@pytest.mark.parametrize(
    "value",
    ["my eye hurts", "maria@example.com, 312", "a" * 121, "ñ", {"text": "x"}, ["a text"], "line\nbreak", object()],
)
def test_texts_cannot_be_recorded(engine: Engine, value: object) -> None:
    with pytest.raises(ValueError, match="not the value of what"):
        audit_log.record(engine, KEY, actor="maria", action="x", details={"what": value})
    assert check_chain(engine, KEY).rows == 0


def test_ids_numbers_and_names_of_fields_are_recorded_in_order(engine: Engine) -> None:
    audit_log.record(engine, KEY, actor="maria", action="x", details={"b": 1, "a": ["status", "assignee"], "c": None})
    with transaction(engine) as session:
        assert session.execute(select(AuditEntry.details)).scalar_one() == '{"a":["status","assignee"],"b":1,"c":null}'


def test_a_row_and_the_change_it_tells_of_are_kept_together_or_not_at_all(database: Engine) -> None:  # noqa: F811
    def change() -> None:
        with transaction(database) as session:
            audit_log.append(session, KEY, actor="maria", action="account.invited")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert check_chain(database, KEY).rows == 0


def test_the_keys_of_different_purposes_differ() -> None:
    assert key_for(KEY, "audit") != key_for(KEY, "csrf")


# The command


@pytest.fixture
def configured(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    for name, value in {"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path), "DATABASE_URL": str(engine.url)}.items():
        monkeypatch.setenv(name, value)
    return engine


def test_the_command_says_whole_and_prints_the_head(configured: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    add_rows(configured, 2)
    assert main(["verify"]) == 0
    said, head = capsys.readouterr().out.splitlines()
    assert said == "The audit is whole: 2 rows."
    assert head == f"head {check_chain(configured, KEY).head}"
    assert main(["verify", "--head", head.removeprefix("head ")]) == 0


def test_the_command_names_the_first_row_that_does_not_fit(
    configured: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    add_rows(configured, 3)
    without_triggers(configured, run("UPDATE audit_entries SET actor = 'omar' WHERE id = 2"))
    assert main(["verify"]) == 1
    assert "row 2 was changed" in capsys.readouterr().err


def test_the_command_finds_a_cut_off_end(configured: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    add_rows(configured, 2)
    assert main(["verify", "--head", "f" * 64]) == 1
    assert "missing" in capsys.readouterr().err


def test_an_audit_that_cannot_be_read_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    make_engine(url).connect().close()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", KEY)
    assert main(["verify"]) == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_a_long_audit_is_followed_to_its_end(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.audit_chain.ROWS_AT_ONCE", 2)
    add_rows(engine, 5)
    assert check_chain(engine, KEY).rows == 5
