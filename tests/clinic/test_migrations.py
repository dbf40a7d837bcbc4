"""The migrations make exactly the tables that the code expects, and can run twice, or at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from clinic import (
    appointment_requests,
    consents,
    erasures,
    flags,
    outbox,
    outgoing_texts,
    request_changes,
    staff_messages,
    text_contacts,
)
from clinic.answers import tables as answer_tables
from clinic.database import Base, make_engine, transaction
from clinic.migrate import VERSION_TABLE, is_current, main, migrate
from console import tables
from conversations import (
    conversation_states,
    feedback,
    incoming_texts,
    offered_choices,
    reviews,
    teaching,
    turn_log,
    turns,
    web_sessions,
)
from conversations.retention import tables as retention_tables

# Each import adds its tables to the metadata.
DESCRIBED = (
    answer_tables,
    appointment_requests,
    consents,
    erasures,
    flags,
    outbox,
    outgoing_texts,
    request_changes,
    staff_messages,
    text_contacts,
    conversation_states,
    feedback,
    incoming_texts,
    offered_choices,
    retention_tables,
    reviews,
    tables,
    teaching,
    turn_log,
    turns,
    web_sessions,
)


def test_the_migrated_schema_is_the_one_the_code_describes(engine: Engine) -> None:
    def ours(_object: object, name: str, kind: str, *_rest: object) -> bool:
        return not (kind == "table" and name in (VERSION_TABLE, "events", "sqlite_sequence"))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)


def test_two_processes_that_start_at_once_both_succeed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(migrate, make_engine(url)) for _ in range(2)]:
            future.result()


def test_the_check_asks_for_the_newest_schema_and_changes_nothing(monkeypatch, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["--check"]) == 3
    engine = make_engine(url)
    assert not inspect(engine).get_table_names()
    migrate(engine, "+1")
    assert main(["--check"]) == 3
    migrate(engine)
    assert main(["--check"]) == 0


def test_the_schema_of_a_newer_release_will_do(engine: Engine) -> None:
    """A release that is taken back starts again."""
    with transaction(engine) as session:
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'of_a_newer_one'"))
    assert is_current(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == "of_a_newer_one"


def test_a_release_that_is_taken_back_starts_on_the_newer_schema_and_leaves_it(
    monkeypatch, tmp_path: Path, capsys
) -> None:
    url = f"sqlite:///{tmp_path / 'milia.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    engine = make_engine(url)
    migrate(engine)
    with transaction(engine) as session:
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'of_a_newer_one'"))
        session.execute(text("ALTER TABLE feedback ADD COLUMN of_a_newer_one TEXT"))
    assert main([]) == 0
    assert "newer release" in capsys.readouterr().out
    assert "of_a_newer_one" in {column["name"] for column in inspect(engine).get_columns("feedback")}
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == "of_a_newer_one"


def test_a_database_that_cannot_be_opened_is_one_clear_line(monkeypatch, tmp_path: Path, capsys) -> None:
    (tmp_path / "folder.sqlite3").mkdir()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'folder.sqlite3'}")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert main([]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("The database could not be migrated:")
    assert printed.count("\n") == 1
