import gc
import weakref
from collections.abc import Iterator

import pytest

from clinic.garbage_collection import leave_out_what_is_loaded


class _Part:
    """Something that refers to itself, as loaded models do: only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_at_again() -> None:
    part = _Part()
    leave_out_what_is_loaded()
    assert not any(tracked is part for tracked in gc.get_objects())
    assert gc.get_freeze_count() > 0


def test_a_part_that_was_replaced_is_freed() -> None:
    part = _Part()
    left = weakref.ref(part)
    leave_out_what_is_loaded()
    del part
    gc.collect()
    assert left() is not None
    leave_out_what_is_loaded()
    assert left() is None
