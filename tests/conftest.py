"""What holds for all tests: one set of keys, and how several processes share the tests."""

import os
from typing import Any

import pytest

import tests.fuzzing  # noqa: F401 - its profile must be known before pytest asks for it
from tests import migrated_databases
from tests.encryption_keys import ENCRYPTION_KEYS
from tests.scheduling import TogetherScheduling, place

# Tests and the processes that they start read what the others have stored.
os.environ["ENCRYPTION_KEYS"] = ENCRYPTION_KEYS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherScheduling:
    return TogetherScheduling(config, log)


def pytest_sessionfinish() -> None:
    migrated_databases.drop_unused()
