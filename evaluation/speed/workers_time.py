"""What a second worker brings: bots with an action server each, on one PostgreSQL and one Redis.

On a machine of two cores the measuring client, PostgreSQL and Redis take their part of both. So one worker is measured
twice: kept to one core, as a worker of a larger machine is, and free to use both.
"""

import asyncio
import base64
import os
import secrets
import statistics
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from evaluation.instance import OwnInstance
from evaluation.speed.client import Visitor, new_visitors
from evaluation.speed.plan import Plan
from evaluation.speed.questions import question

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://root@127.0.0.1:5432/test")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
SECONDS_TO_START = 90.0


@dataclass(frozen=True)
class WorkersTime:
    """Messages a second: of one worker kept to one core, of one that has two, and of two workers with a core each."""

    one_on_one_core: float
    one_on_two_cores: float
    two_on_two_cores: float


def workers_time(model: Path, folder: Path, plan: Plan) -> WorkersTime | None:
    """Measure one worker against two.

    Returns:
        The figures, or None where PostgreSQL, Redis or a second core is missing.

    Raises:
        evaluation.instance_processes.InstanceError: a worker did not start.
        evaluation.speed.client.MeasurementError: a worker did not answer as it should.
    """
    cores = _two_cores()
    if cores is None or not _redis_answers() or not _postgresql_answers():
        return None
    with _own_schema() as database:
        settings = {"DATABASE_URL": database, "REDIS_URL": REDIS, **_secrets()}
        with (
            _worker(model, folder / "worker-1", settings) as first,
            _worker(model, folder / "worker-2", settings) as second,
        ):
            return _compared((first, second), cores, plan)


def _compared(workers: tuple[OwnInstance, OwnInstance], cores: tuple[int, int], plan: Plan) -> WorkersTime:
    alone, freely, together = [], [], []
    asyncio.run(_messages_a_second(workers, plan))
    # In turns, so that what else the machine does weighs on all alike.
    for _ in range(plan.worker_rounds):
        for worker, core in zip(workers, cores, strict=True):
            _keep_to(worker, {core})
        alone.append(asyncio.run(_messages_a_second(workers[:1], plan)))
        together.append(asyncio.run(_messages_a_second(workers, plan)))
        _keep_to(workers[0], set(cores))
        freely.append(asyncio.run(_messages_a_second(workers[:1], plan)))
    return WorkersTime(*(statistics.median(rates) for rates in (alone, freely, together)))


async def _messages_a_second(workers: Sequence[OwnInstance], plan: Plan) -> float:
    """As many conversations for each worker, each sending its next question as soon as it has the answer."""
    began = time.perf_counter()
    counts = await asyncio.gather(*(_talk_with(worker, plan) for worker in workers))
    return sum(counts) / (time.perf_counter() - began)


async def _talk_with(worker: OwnInstance, plan: Plan) -> int:
    async with new_visitors(worker.port, plan.clients) as visitors:
        await asyncio.gather(*(_questions(visitor, first, plan) for first, visitor in enumerate(visitors)))
    return plan.clients * plan.turns_of_worker


async def _questions(visitor: Visitor, first: int, plan: Plan) -> None:
    for number in range(first, first + plan.turns_of_worker):
        await visitor.say(question(number))


def _keep_to(worker: OwnInstance, cores: set[int]) -> None:
    for process in (worker.bot_process, worker.actions_process):
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)


def _two_cores() -> tuple[int, int] | None:
    """Two cores of this machine; None where there are fewer, or where a process cannot be kept to one."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else None


def _secrets() -> dict[str, str]:
    """What workers on one database must have in common."""
    key = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    return {"SECRET_KEY": secrets.token_urlsafe(48), "ENCRYPTION_KEYS": f"bench:{key}"}


def _redis_answers() -> bool:
    with redis.Redis.from_url(REDIS) as client:
        try:
            return bool(client.ping())
        except redis.exceptions.ConnectionError:
            return False


def _postgresql_answers() -> bool:
    server = create_engine(POSTGRESQL, future=True, connect_args={"connect_timeout": 2})
    try:
        server.connect().close()
    except OperationalError:
        return False
    finally:
        server.dispose()
    return True


@contextmanager
def _own_schema() -> Iterator[str]:
    """The address of an empty schema of its own, which is dropped in the end."""
    schema = f"bench_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL, future=True)
    with server.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        yield f"{POSTGRESQL}{'&' if '?' in POSTGRESQL else '?'}options=-csearch_path%3D{schema}"
    finally:
        with server.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        server.dispose()


@contextmanager
def _worker(model: Path, folder: Path, settings: dict[str, str]) -> Iterator[OwnInstance]:
    folder.mkdir()
    with OwnInstance(model, folder, settings) as worker:
        worker.wait_until_ready(SECONDS_TO_START)
        yield worker
