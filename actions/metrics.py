"""The metrics of the action server: which action ran, how it ended and how long it took."""

import logging
import time
from collections.abc import AsyncGenerator, Container
from contextlib import asynccontextmanager

from prometheus_client import Counter, Histogram
from rasa_sdk.interfaces import ActionExecutionRejection

from monitoring.log_lines import FIELDS

DONE = "done"
REJECTED = "rejected"
FAILED = "failed"
OUTCOMES = (DONE, REJECTED, FAILED)
UNKNOWN = "unknown"
"""An action that there is none of."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

logger = logging.getLogger(__name__)

RUNS = Counter("milia_action_runs", "Runs of actions", ("action", "result"))
SECONDS = Histogram("milia_action_seconds", "Time of an action", ("action",), buckets=BUCKETS)


@asynccontextmanager
async def measured(name: object, known: Container[str]) -> AsyncGenerator[None, None]:
    """Count a run of an action by its name, if it is one of the known."""
    action = str(name) if name in known else UNKNOWN
    began = time.perf_counter()
    outcome = FAILED
    try:
        yield
        outcome = DONE
    except ActionExecutionRejection:
        outcome = REJECTED
        raise
    finally:
        seconds = time.perf_counter() - began
        RUNS.labels(action, outcome).inc()
        SECONDS.labels(action).observe(seconds)
        known_of_it = {"action": action, "outcome": outcome, "seconds": round(seconds, 6)}
        logger.debug("action", extra={FIELDS: known_of_it})
