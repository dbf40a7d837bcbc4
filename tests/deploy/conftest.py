"""The processes that deploy/ describes, on this machine: PostgreSQL, Redis, two bots, and nginx before them."""

import os
import secrets
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from clinic.database import make_engine
from clinic.migrate import migrate
from clinic.settings import PROJECT_ROOT
from tests.channels.bot_process import BotProcess
from tests.deploy.form_actions import FormActions
from tests.deploy.proxy import Proxy, nginx_program
from tests.ports import free_ports

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://root@127.0.0.1:5432/test")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


@dataclass(frozen=True)
class Worker:
    """A bot and its own action server."""

    bot: BotProcess
    actions: FormActions


@dataclass(frozen=True)
class Topology:
    """What answers the visitors."""

    workers: tuple[Worker, Worker]
    proxy: Proxy
    engine: Engine
    locks: "redis.Redis[bytes]"
    secret_key: str


@pytest.fixture(scope="package")
def database() -> Iterator[str]:
    """The address of a migrated schema of its own."""
    schema = f"deploy_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL, future=True, connect_args={"connect_timeout": 2})
    try:
        with server.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    except OperationalError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no PostgreSQL server answers on this machine")
    url = f"{POSTGRESQL}?options=-csearch_path%3D{schema}"
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    yield url
    with server.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    server.dispose()


@pytest.fixture(scope="package")
def locks() -> Iterator["redis.Redis[bytes]"]:
    """The Redis that the bots use. Nothing in it is deleted: its keys carry a secret of this run, or a random id."""
    client = redis.Redis.from_url(REDIS)
    try:
        client.ping()
    except redis.exceptions.ConnectionError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no Redis server answers on this machine")
    yield client
    client.close()


@pytest.fixture(scope="package")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "form.tar.gz"
    command = [sys.executable, "-W", "ignore", "-m", "tests.deploy.form_model", str(path)]
    subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True)
    return path


@pytest.fixture(scope="package")
def running(
    database: str, locks: "redis.Redis[bytes]", model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Topology]:
    nginx_program()
    settings = {
        "DATABASE_URL": database,
        "REDIS_URL": REDIS,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SANIC_PROXIES_COUNT": "1",
        "TWILIO_AUTH_TOKEN": "",
        "CLINIC_PHONE": "312 555 0199",
    }
    ports = free_ports(7)
    first, second = (
        _worker(tmp_path_factory.mktemp("worker"), model, own, settings) for own in (ports[:2], ports[2:4])
    )
    proxy = Proxy(tmp_path_factory.mktemp("proxy"), (ports[4], ports[5]), [first.bot.port, second.bot.port], ports[6])
    engine = make_engine(database)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(BotProcess.start, (first.bot, second.bot)))
    proxy.start()
    yield Topology((first, second), proxy, engine, locks, settings["SECRET_KEY"])
    proxy.stop()
    engine.dispose()
    for worker in (first, second):
        worker.actions.let_go()
        worker.bot.stop()
        worker.actions.stop()


@pytest.fixture
def topology(running: Topology) -> Topology:
    for worker in running.workers:
        worker.actions.let_go()
        worker.actions.calls.clear()
    return running


@pytest.fixture(scope="module")
def lone_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy before nothing: its bots are not there."""
    nginx_program()
    http, https, *away = free_ports(5)
    proxy = Proxy(tmp_path_factory.mktemp("proxy"), (http, https), away[:2], away[2])
    proxy.start()
    yield proxy
    proxy.stop()


def _worker(folder: Path, model: Path, ports: list[int], settings: dict[str, str]) -> Worker:
    actions_port, bot_port = ports
    actions = FormActions(actions_port)
    actions.start()
    return Worker(BotProcess(folder, model, actions_port, bot_port, **settings), actions)
