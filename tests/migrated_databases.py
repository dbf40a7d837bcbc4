"""Databases at the newest schema for tests: migrated once in each process of the tests, then copied or emptied.

Migrating takes longer than most tests: every revision is run. What migrations do is tested by their own tests.
"""

import os
import tempfile
import uuid
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from clinic.database import make_engine
from clinic.migrate import migrate

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://root@127.0.0.1:5432/test")

_SHAPE = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
    SELECT concat_ws(' ', table_name, column_name, data_type, column_default, is_nullable) AS line
        FROM information_schema.columns WHERE table_schema = '{schema}'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = '{schema}'
    UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = '{schema}'::regnamespace
    UNION ALL SELECT concat_ws(' ', tgname, tgenabled) FROM pg_trigger
        WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = '{schema}'::regnamespace) AND NOT tgisinternal
) AS lines
"""
"""Changes when a test changes the tables, their columns, indexes, constraints or triggers."""


@lru_cache(maxsize=1)
def migrated_sqlite() -> bytes:
    """What a file of SQLite at the newest schema holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.sqlite3"
        engine = make_engine(f"sqlite:///{path}")
        migrate(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return path.read_bytes()


def sqlite(path: Path) -> Iterator[Engine]:
    """A file of its own at that path."""
    path.write_bytes(migrated_sqlite())
    made = make_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


def postgresql() -> Iterator[Engine]:
    """A schema of its own on the server; without a server the test is skipped, and fails where `CI` is `true`."""
    schema = _unused.pop() if _unused else _Schema()
    # Each test listens for itself; what was compiled for another test is there already.
    made = schema.engine.execution_options()
    yield made
    made.dispose()
    if schema.is_empty_again():
        _unused.append(schema)
    else:
        schema.drop()


def drop_unused() -> None:
    """Leave nothing on the server; for the end of a run."""
    while _unused:
        _unused.pop().drop()


class _Schema:
    """A migrated schema, and what must be in it for the next test."""

    def __init__(self) -> None:
        self.name = f"clinic_{uuid.uuid4().hex[:12]}"
        self.url = f"{POSTGRESQL}?options=-csearch_path%3D{self.name}"
        self._server = create_engine(POSTGRESQL, future=True, poolclass=NullPool)
        try:
            with self._server.begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA {self.name}")
        except OperationalError:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip("no PostgreSQL server answers")
        self.engine = make_engine(self.url)
        migrate(self.engine)
        self.engine.dispose()
        with self._server.begin() as connection:
            self._shape = self._shape_now(connection)
            self._tables = self._all_tables(connection)
            self._keep_rows(connection)

    def is_empty_again(self) -> bool:
        """Bring it back to what it was after migrating; False where a test has made that impossible."""
        try:
            with self._server.begin() as connection:
                # A transaction that a test left open may hold rows.
                connection.exec_driver_sql("SET LOCAL lock_timeout = 2000")
                # No triggers: those of the audit refuse, and foreign keys would ask for an order.
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                if self._shape_now(connection) != self._shape:
                    return False
                connection.exec_driver_sql("; ".join(self._statements()))
        except DBAPIError:
            return False
        return True

    def drop(self) -> None:
        with self._server.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {self.name}, {self._kept} CASCADE")
        self._server.dispose()

    @property
    def _kept(self) -> str:
        return f"{self.name}_kept"

    def _statements(self) -> Iterator[str]:
        for table in self._tables:
            yield f"DELETE FROM {self.name}.{table}"
            yield f"INSERT INTO {self.name}.{table} SELECT * FROM {self._kept}.{table}"
        sequences = f"pg_class WHERE relkind = 'S' AND relnamespace = '{self.name}'::regnamespace"
        yield f"SELECT setval(oid, 1, false) FROM {sequences}"

    def _keep_rows(self, connection: Connection) -> None:
        copies = (f"CREATE TABLE {self._kept}.{table} AS TABLE {self.name}.{table}" for table in self._tables)
        connection.exec_driver_sql("; ".join([f"CREATE SCHEMA {self._kept}", *copies]))

    def _shape_now(self, connection: Connection) -> str:
        return str(connection.exec_driver_sql(_SHAPE.format(schema=self.name)).scalar())

    def _all_tables(self, connection: Connection) -> list[str]:
        found = connection.exec_driver_sql(f"SELECT tablename FROM pg_tables WHERE schemaname = '{self.name}'")
        return [str(table) for table in found.scalars()]


_unused: list[_Schema] = []
