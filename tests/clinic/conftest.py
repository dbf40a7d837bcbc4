"""A migrated database: a real SQLite file, and PostgreSQL in a schema of its own where a server answers."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from clinic.database import make_engine
from clinic.migrate import migrate

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://root@127.0.0.1:5432/test")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'clinic.sqlite3'}")
        migrate(made)
        yield made
        made.dispose()
        return
    yield from postgresql()


def postgresql() -> Iterator[Engine]:
    """A migrated schema of its own on the server, dropped in the end."""
    schema = f"clinic_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL, future=True)
    try:
        with server.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    except OperationalError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no PostgreSQL server answers")
    made = make_engine(f"{POSTGRESQL}?options=-csearch_path%3D{schema}")
    migrate(made)
    yield made
    made.dispose()
    with server.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    server.dispose()
