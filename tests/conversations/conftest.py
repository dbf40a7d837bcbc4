import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

import conversations.erasure
import conversations.web_sessions  # noqa: F401
from clinic.database import Base, make_engine
from conversations.tracker_store import ConversationStore, create_event_tables

POSTGRESQL_URL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://root@localhost:5432/test")

DOMAIN = """
version: "3.1"
intents: [greet, inform]
slots:
  name: {type: any, initial_value: null, mappings: [{type: custom}]}
  color: {type: any, initial_value: blue, mappings: [{type: custom}]}
  noted: {type: any, mappings: [{type: custom}]}
forms:
  some_form: {required_slots: [name]}
actions: [action_answer]
"""


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain.from_yaml(DOMAIN)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind that a deployment may have."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def sqlite_engine(tmp_path: Path, empty_sqlite_file: Path) -> Iterator[Engine]:
    path = shutil.copy(empty_sqlite_file, tmp_path / "test.sqlite3")
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def empty_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    create_event_tables(engine)
    engine.dispose()
    return path


@pytest.fixture
def postgresql_engine(postgresql_schema: Engine) -> Iterator[Engine]:
    yield postgresql_schema
    # Making the tables takes a second, and truncating them half a one.
    tables = [*(table.name for table in reversed(Base.metadata.sorted_tables)), "events"]
    with postgresql_schema.begin() as connection:
        connection.execute(text("; ".join(f"DELETE FROM {name}" for name in tables)))


@pytest.fixture(scope="session")
def postgresql_schema() -> Iterator[Engine]:
    schema = f"milia_{uuid.uuid4().hex[:12]}"
    admin = create_engine(POSTGRESQL_URL, future=True, connect_args={"connect_timeout": 2})
    try:
        with admin.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no PostgreSQL server answers on this machine")
    engine = make_engine(f"{POSTGRESQL_URL}?options=-csearch_path%3D{schema}")
    Base.metadata.create_all(engine)
    create_event_tables(engine)
    yield engine
    engine.dispose()
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def store(engine: Engine, domain: Domain) -> ConversationStore:
    return ConversationStore(domain, engine=engine)
