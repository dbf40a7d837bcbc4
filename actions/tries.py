"""Tries to store something that may have succeeded without anybody knowing.

Where the answer of one try was lost, or the visitor was told so before it came, the same is asked for again. When that
try fails for certain, the earlier one may still have stored it, so nobody is told that nothing was sent. What is kept
here is kept by one process until it ends: another process, or the same one started again, knows of its own tries alone.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import may_have_committed

MOST_KEPT = 10_000

_lock = threading.Lock()
_tries: WeakKeyDictionary[Engine, OrderedDict[Hashable, int]] = WeakKeyDictionary()


def begin_try(engine: Engine, key: Hashable) -> None:
    """Note that something is about to be stored.

    Args:
        engine: where.
        key: the same for each try at the same thing.
    """
    with _lock:
        of_engine = _tries.setdefault(engine, OrderedDict())
        of_engine[key] = of_engine.pop(key, 0) + 1
        if len(of_engine) > MOST_KEPT:
            of_engine.popitem(last=False)


def nothing_was_stored(engine: Engine, key: Hashable, error: SQLAlchemyError) -> bool:
    """Whether it is certain, after this error ended a try, that neither it nor one before it has stored anything."""
    if may_have_committed(error):
        return False
    with _lock:
        of_engine = _tries[engine]
        others = of_engine.pop(key, 1) - 1
        if others:
            of_engine[key] = others
        return not others
