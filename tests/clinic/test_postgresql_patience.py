"""A PostgreSQL server that says nothing is given up; one that is only slow with one statement is not."""

import socket
import time
from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from clinic import postgresql_patience
from clinic.database import Waits, answers, make_engine
from tests.migrated_databases import postgresql

ENOUGH = 30.0


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Where every connection is taken, by the operating system, and nobody ever says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.fixture(autouse=True)
def _one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_TIMEOUT", "1")


@pytest.fixture
def server() -> Iterator[Engine]:
    for engine in postgresql():
        impatient = make_engine(engine.url.render_as_string(hide_password=False))
        yield impatient
        impatient.dispose()


def test_a_silent_server_is_given_up_and_then_left_alone_until_it_is_tried_again(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_patience, "SECONDS_TO_CONNECT", 2)
    monkeypatch.setattr(postgresql_patience, "SECONDS_LEFT_ALONE", ENOUGH)
    engine = make_engine(f"postgresql://nobody@127.0.0.1:{silent_port}/nothing")
    for reason in ("timeout expired", "a moment ago", "a moment ago"):
        with pytest.raises(OperationalError, match=reason):
            answers(engine)
    monkeypatch.setattr(time, "monotonic", lambda real=time.monotonic: real() + 2 * ENOUGH)
    with pytest.raises(OperationalError, match="timeout expired"):
        answers(engine)


def test_a_server_that_refuses_at_once_is_tried_again_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    engine = make_engine(f"postgresql://nobody@127.0.0.1:{port}/nothing")
    for _ in range(2):
        with pytest.raises(OperationalError, match="refused"):
            answers(engine)


def test_a_slow_statement_is_ended_and_the_server_is_used_on(server: Engine) -> None:
    with server.connect() as held:
        assert held.exec_driver_sql("SELECT 1").scalar() == 1
        with pytest.raises(OperationalError), server.begin() as connection:
            connection.exec_driver_sql("SELECT pg_sleep(5)")
        assert connection.closed
        assert answers(server)
        assert held.exec_driver_sql("SELECT 2").scalar() == 2
    assert answers(server)


def test_what_takes_long_by_its_nature_has_longer(server: Engine) -> None:
    patient = make_engine(server.url.render_as_string(hide_password=False), waits=Waits.LONG)
    with patient.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_sleep(1.5)").one()
    patient.dispose()
