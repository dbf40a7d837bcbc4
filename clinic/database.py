"""The database: one engine per process, short transactions, and the declarative base of every table of ours."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, create_engine, event, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool

from clinic.encryption.columns import attach_keys
from clinic.encryption.keys import KeyRing
from clinic.settings import load_settings

SQLITE_BUSY_MILLISECONDS = 5_000
SQLITE_RETRY_SECONDS = 0.02
SQLITE_SYNCHRONOUS = "FULL"

Base: Any = declarative_base(
    metadata=MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
)


class Waits(Enum):
    """How long a statement may take on PostgreSQL before its server counts as one that does not answer.

    The value is how many times DATABASE_TIMEOUT it is; SQLite has nobody to wait for but other writers.
    """

    SHORT = 1
    """Where visitors wait."""
    LONG = 12
    """Where much is read or removed at once."""
    ENDLESS = 0
    """Where tables are changed."""


def make_engine(database_url: str, keys: KeyRing | None = None, waits: Waits = Waits.SHORT) -> Engine:
    """Connect to SQLite or PostgreSQL.

    Connections are checked before use, so that a restarted server costs one reconnection and no failed turn. Errors do
    not show the values of a statement: they are names, numbers and what visitors wrote.

    Args:
        database_url: an SQLAlchemy URL, such as `sqlite:///var/milia.sqlite3` or `postgresql://...`.
        keys: what the encrypted columns are written and read with; those of the settings when left out.
        waits: how long the server may take for a statement.

    Raises:
        clinic.settings.SettingsError: the keys are left out or it is PostgreSQL, and the settings cannot be read.
    """
    engine = _connect(database_url, waits)
    attach_keys(engine, keys or load_settings().encryption_keys)
    return engine


def _connect(database_url: str, waits: Waits) -> Engine:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        pool = {} if url.database in (None, "", ":memory:") else {"poolclass": QueuePool}
        engine = create_engine(
            url, future=True, hide_parameters=True, connect_args={"check_same_thread": False}, **pool
        )
        event.listen(engine, "connect", _prepare_sqlite)
        if pool:
            _notice_another_file(engine, Path(str(url.database)))
        return engine
    return _connect_to_server(url, waits)


def _connect_to_server(url: URL, waits: Waits) -> Engine:
    engine = create_engine(url, future=True, hide_parameters=True, pool_pre_ping=True, pool_recycle=1_800)
    if waits is not Waits.ENDLESS and engine.driver == "psycopg2":
        # psycopg2 is not loaded where SQLite is used.
        from clinic.postgresql_patience import wait_at_most  # noqa: PLC0415

        wait_at_most(engine, load_settings().database_timeout * waits.value)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Let several processes read and write at once, and lose nothing that was committed.

    See https://www.sqlite.org/wal.html and https://www.sqlite.org/pragma.html#pragma_synchronous.
    """
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MILLISECONDS}")
    _use_write_ahead_log(cursor)
    cursor.execute(f"PRAGMA synchronous={SQLITE_SYNCHRONOUS}")
    # What is deleted or encrypted leaves no bytes behind in the file: https://www.sqlite.org/pragma.html#pragma_secure_delete
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _notice_another_file(engine: Engine, path: Path) -> None:
    """Never write into a file that was moved, replaced or deleted: such rows would be lost without a word.

    See https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use.
    """

    def remember(_connection: Any, record: Any) -> None:
        record.info["file"] = path.stat().st_ino

    def compare(_connection: Any, record: Any, _proxy: object) -> None:
        if _inode(path) != record.info["file"]:
            raise DisconnectionError("the database file is no longer the one that was opened")

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _inode(path: Path) -> int | None:
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - asked several times a turn, and pathlib takes twice as long
    except OSError:
        return None


def _use_write_ahead_log(cursor: Any) -> None:
    """Change the journal mode once per file. SQLite does not wait for a lock here, so two first starts must retry."""
    deadline = time.monotonic() + SQLITE_BUSY_MILLISECONDS / 1_000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(SQLITE_RETRY_SECONDS)
        else:
            return


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed as a whole on leaving, and rolled back on any error."""
    with Session(engine, future=True, expire_on_commit=False) as session, session.begin():
        yield session


def may_have_committed(error: SQLAlchemyError) -> bool:
    """Whether nobody can tell if the work before this error was kept.

    So it is when the connection was lost on the way: perhaps the server had taken the commit, and its answer never
    came. Every other error leaves nothing behind.
    """
    return isinstance(error, DBAPIError) and bool(error.connection_invalidated)


def reason_of(error: SQLAlchemyError) -> str:
    """What went wrong, in the first line of what the database says itself: the next ones may quote values."""
    return str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]


@contextmanager
def transaction_without_sync(engine: Engine) -> Iterator[Connection]:
    """A transaction that SQLite does not bring to the disk at once, which may take as long as all else of a turn.

    It is for what nobody was told of. Every process sees it once it is committed, and no crash of a process undoes
    it; a machine that loses its power may forget it, but not without all that was committed later, as the next ordinary
    transaction brings it to the disk too. See https://www.sqlite.org/pragma.html#pragma_synchronous.

    On PostgreSQL it is an ordinary transaction: a server may crash and come back while the turn is still under way.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            _sync_again(connection)


def _sync_again(connection: Connection) -> None:
    try:
        connection.exec_driver_sql(f"PRAGMA synchronous={SQLITE_SYNCHRONOUS}")
    except SQLAlchemyError:
        # Nobody may write what must last by a connection that does not wait for the disk.
        connection.invalidate()
        raise


def leave_nothing_in_the_log(engine: Engine) -> bool:
    """Bring SQLite's write-ahead log into its file and empty it: what was deleted since stands in the log until then.

    Returns:
        False when somebody read or wrote just then, so that some of it is left for the next time.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        busy, _, _ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def answers(engine: Engine) -> bool:
    """Ask the database for a trivial row; faults are raised as SQLAlchemyError."""
    with engine.connect() as connection:
        return bool(connection.execute(text("SELECT 1")).scalar() == 1)
