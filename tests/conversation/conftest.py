"""One instance for all conversations of this folder; those that kill something start their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.instance import RunningInstance, Visitor


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstance]:
    started = RunningInstance(tmp_path_factory.mktemp("instance"))
    started.wait_until_ready()
    yield started
    started.end()


@pytest.fixture
def own_instance(tmp_path: Path) -> Iterator[RunningInstance]:
    started = RunningInstance(tmp_path)
    started.wait_until_ready()
    yield started
    started.end()


@pytest.fixture
def visitor(instance: RunningInstance) -> Visitor:
    return instance.visitor()
