"""What holds for all tests: one set of keys, and an order in which several processes are done soonest."""

import os

import pytest

import tests.fuzzing  # noqa: F401 - its profile must be known before pytest asks for it
from tests import migrated_databases
from tests.encryption_keys import ENCRYPTION_KEYS

# Tests and the processes that they start read what the others have stored.
os.environ["ENCRYPTION_KEYS"] = ENCRYPTION_KEYS

# Rooms whose single tests take longest: begun first, no process is left alone with one of them in the end.
LONGEST_FIRST = ("faults", "second_topic", "conversation", "evaluation", "deploy", "channels", "launcher", "widget")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def pytest_sessionfinish() -> None:
    migrated_databases.drop_unused()


def _place(item: pytest.Item) -> int:
    room = item.nodeid.split("/")[1]
    return LONGEST_FIRST.index(room) if room in LONGEST_FIRST else len(LONGEST_FIRST)
