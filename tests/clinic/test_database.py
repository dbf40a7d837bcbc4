"""The database is the file that was opened, or the fault is seen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import answers, make_engine, may_have_committed, transaction, transaction_without_sync
from clinic.flags import Flag, flag_turn
from clinic.migrate import migrate
from tests.migrated_databases import postgresql
from tests.ports import free_port


def test_a_database_file_that_is_moved_away_is_noticed_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "clinic.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    flag_turn(engine, "conversation", "turn-1", "safety/emergency", "web")
    moved = [found.rename(found.with_name(f"away-{found.name}")) for found in tmp_path.iterdir()]
    with pytest.raises(SQLAlchemyError):
        flag_turn(engine, "conversation", "turn-2", "safety/emergency", "web")
    for found in tmp_path.glob("clinic.sqlite3*"):
        found.unlink()
    for found in moved:
        found.rename(found.with_name(found.name.removeprefix("away-")))
    flag_turn(engine, "conversation", "turn-3", "safety/emergency", "web")
    with transaction(engine) as session:
        assert sorted(flag.turn_id for flag in session.query(Flag)) == ["turn-1", "turn-3"]
    assert answers(engine)
    engine.dispose()


def test_a_database_in_memory_works(tmp_path: Path) -> None:
    engine = make_engine("sqlite://")
    assert answers(engine)
    engine.dispose()


@pytest.fixture
def server() -> Iterator[Engine]:
    yield from postgresql()


def _lose_the_next_commit(engine: Engine, *, after_it: bool) -> None:
    """The next commit reaches the server or does not, and nobody gets to know which."""

    def lose(connection: Any) -> None:
        inside = connection.connection.dbapi_connection
        number = inside.get_backend_pid()
        if after_it:
            inside.commit()
            inside.cursor().execute("SELECT 1")  # a transaction is open again, so that the driver asks the server
        with engine.connect() as outside:
            outside.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})

    event.listen(engine, "commit", lose, once=True)


@pytest.mark.parametrize("after_it", [True, False])
def test_a_commit_whose_answer_was_lost_is_known_as_such(server: Engine, after_it: bool) -> None:
    _lose_the_next_commit(server, after_it=after_it)
    with pytest.raises(SQLAlchemyError) as lost:
        flag_turn(server, "conversation", "turn-1", "safety/emergency", "web")
    assert may_have_committed(lost.value)
    with transaction(server) as session:
        assert session.query(Flag).count() == int(after_it)
    flag_turn(server, "conversation", "turn-1", "safety/emergency", "web")
    with transaction(server) as session:
        assert session.query(Flag).count() == 1


def test_what_never_reached_the_database_is_known_not_to_be_stored(tmp_path: Path) -> None:
    for url in (
        f"postgresql://nobody@127.0.0.1:{free_port()}/nothing",
        f"sqlite:///{tmp_path / 'no' / 'file.sqlite3'}",
    ):
        with pytest.raises(SQLAlchemyError) as away:
            flag_turn(make_engine(url), "conversation", "turn-1", "safety/emergency", "web")
        assert not may_have_committed(away.value)


def test_what_need_not_last_is_committed_and_everything_after_it_waits_for_the_disk_again(engine: Engine) -> None:
    with transaction_without_sync(engine) as connection:
        connection.execute(text("CREATE TABLE notes (words TEXT)"))
        connection.execute(text("INSERT INTO notes VALUES ('kept')"))
    with pytest.raises(KeyError), transaction_without_sync(engine) as connection:
        connection.execute(text("INSERT INTO notes VALUES ('undone')"))
        raise KeyError
    with engine.connect() as connection:
        assert connection.execute(text("SELECT words FROM notes")).scalars().all() == ["kept"]
        if engine.dialect.name == "sqlite":
            full = 2
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == full


def test_sqlite_does_not_wait_for_the_disk_within_such_a_transaction(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'clinic.sqlite3'}")
    normal = 1
    with transaction_without_sync(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == normal
    engine.dispose()
