"""A migrated database: a real SQLite file, and PostgreSQL in a schema of its own where a server answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from tests.migrated_databases import postgresql, sqlite


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    yield from sqlite(tmp_path / "clinic.sqlite3") if request.param == "sqlite" else postgresql()
