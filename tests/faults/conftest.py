"""An instance of real processes that a test may break, and visitors who write to it meanwhile."""

import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from evaluation.places import PROJECT_ROOT
from evaluation.soak.instance import SoakInstance
from evaluation.soak.load import Load
from evaluation.soak.private_postgresql import NoPostgresqlError, PrivatePostgresql
from evaluation.understanding.model import newest_model
from tests.faults.redis_server import NoRedisError, RedisServer

SECONDS_FOR_AN_ANSWER = 60.0
SEED = 7

NewInstance = Callable[..., SoakInstance]


@pytest.fixture
def new_instance(tmp_path: Path) -> Iterator[NewInstance]:
    """Starts an action server and a bot; the keywords are settings, and `options` those of `SoakInstance`."""
    with ExitStack() as running:

        def start(folder: Path = tmp_path / "instance", options: dict[str, Any] | None = None, **settings: str) -> Any:
            model = newest_model(PROJECT_ROOT / "models").resolve()
            return running.enter_context(SoakInstance(model, folder, settings, **(options or {})))

        yield start


@pytest.fixture
def postgresql() -> Iterator[PrivatePostgresql]:
    """A server of the test's own, which runs as another user.

    Not below `tmp_path`: each start of pytest, by whomever, closes the folder above that to other users.
    """
    with TemporaryDirectory(prefix="private-postgresql-") as folder:
        try:
            server = PrivatePostgresql(Path(folder) / "postgresql")
        except NoPostgresqlError as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(str(error))
        with server:
            yield server


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A server of the test's own."""
    try:
        server = RedisServer(tmp_path / "redis")
    except NoRedisError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    with server:
        yield server


@asynccontextmanager
async def visitors_of(instance: SoakInstance, rate: float = 2.0) -> AsyncIterator[Load]:
    """Visits to the website that begin at this rate until the load is paused."""
    load = Load(instance.address, None, random.Random(SEED), patience=SECONDS_FOR_AN_ANSWER, text_share=0.0)
    async with load:
        load.begin(rate)
        yield load
