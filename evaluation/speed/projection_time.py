"""How many turns a second the turn log takes in from stored events, on SQLite."""

import time
from pathlib import Path

from clinic.database import make_engine
from clinic.migrate import migrate
from conversations.projection import Projection
from evaluation.speed.client import MeasurementError
from evaluation.speed.made_up_events import store_made_up_events


def turns_a_second(folder: Path, turns: int) -> float:
    """Put so many made-up turns into the log of a new database, and return how many it took a second.

    Args:
        folder: for the database; the caller removes it.
        turns: how many at least.

    Raises:
        MeasurementError: not every turn arrived in the log.
    """
    engine = make_engine(f"sqlite:///{folder / 'projection.sqlite3'}")
    migrate(engine)
    stored = store_made_up_events(engine, turns)
    projection = Projection(engine)
    started = time.perf_counter()
    written = projection.bring_up_to_date()
    seconds = time.perf_counter() - started
    engine.dispose()
    if written != stored:
        raise MeasurementError(f"Of {stored} turns {written} are in the log.")
    return written / seconds
