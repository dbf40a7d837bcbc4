"""What is measured of each turn: its stages, its outcome, and what kind of message it was. No text and no id.

A turn runs in a context of its own, so its record need not be handed from function to function.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from channels import turn_metrics
from channels.turn_metrics import ANSWERED, LOCK, NO_GROUP, NOT_KEPT, OTHER, OUTCOMES_OF_ERRORS, REFUSALS
from monitoring.log_lines import FIELDS

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")

logger = logging.getLogger(__name__)


class TurnRecord:
    """One turn of a channel, from its message to its answer."""

    def __init__(self, channel: str) -> None:
        self.channel = turn_metrics.known_channel(channel)
        self.group = NO_GROUP
        self.safety: str | None = None
        self.outcome = ANSWERED
        self.failed_stage = ""
        self._stages: dict[str, float] = {}
        self._began = time.perf_counter()

    def understood(self, parse_data: dict[str, Any]) -> None:
        """Note what kind of message it is, and what is urgent in it."""
        understanding = parse_data.get("understanding") or {}
        self.group = turn_metrics.group_of(understanding.get("label"))
        self.safety = turn_metrics.known_safety(understanding.get("safety"))

    def add(self, name: str, seconds: float, failed: bool) -> None:
        """Note how long a stage took, and the first one that a fault ended; several goes add up."""
        self._stages[name] = self._stages.get(name, 0.0) + seconds
        if failed:
            self.failed_stage = self.failed_stage or name

    def end(self) -> None:
        """Count the turn, and say so in the log."""
        seconds = time.perf_counter() - self._began
        turn_metrics.count_turn(self.channel, self.outcome, seconds)
        if self.group != NO_GROUP:
            turn_metrics.count_understood(self.group, self.safety, self.outcome)
        known = {"channel": self.channel, "outcome": self.outcome, "seconds": round(seconds, 6), "stages": self._stages}
        if self.failed_stage:
            known["stage"] = self.failed_stage
        logger.info("turn", extra={FIELDS: known})


_current: ContextVar[TurnRecord | None] = ContextVar("turn_record", default=None)


async def recorded(channel: str, turn: Awaitable[Result]) -> Result:
    """The turn's result, or what it raises; either way the turn is counted. It needs a task of its own."""
    record = TurnRecord(channel)
    _current.set(record)
    try:
        return await turn
    except BaseException as error:
        record.outcome = _outcome_of(error)
        raise
    finally:
        record.end()


def count_not_kept(channel: str, parse_data: dict[str, Any] | None) -> None:
    """Count a message that could not even become a turn."""
    record = TurnRecord(channel)
    record.outcome = NOT_KEPT
    if parse_data is not None:
        record.understood(parse_data)
    record.end()


def note_outcome(outcome: str) -> None:
    """Note how the turn under way ends unless it raises: one of `channels.turn_metrics.OUTCOMES`."""
    record = _current.get()
    if record is not None:
        record.outcome = outcome


def note_understood(parse_data: dict[str, Any]) -> None:
    """Note what kind of message the turn under way is about, and what is urgent in it."""
    record = _current.get()
    if record is not None:
        record.understood(parse_data)


class stage:  # noqa: N801 - used as a context manager only, as those of contextlib
    """Measures a stage; an error that ends it is counted unless it is a refusal."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _places: TracebackType | None
    ) -> None:
        seconds = time.perf_counter() - self._began
        failed = error is not None and type(error).__name__ not in REFUSALS
        turn_metrics.count_stage(self._name, seconds, failed)
        record = _current.get()
        if record is not None:
            record.add(self._name, seconds, failed)


def staged(name: str) -> Callable[[Callable[Arguments, Awaitable[Result]]], Callable[Arguments, Awaitable[Result]]]:
    """Measure each call of a coroutine function as a stage."""

    def measured(function: Callable[Arguments, Awaitable[Result]]) -> Callable[Arguments, Awaitable[Result]]:
        @wraps(function)
        async def run(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Result:
            with stage(name):
                return await function(*arguments, **keywords)

        return run

    return measured


class waited_for(AbstractAsyncContextManager[Result]):  # noqa: N801 - see above
    """The lock, with the wait for it measured as a stage."""

    def __init__(self, lock: AbstractAsyncContextManager[Result]) -> None:
        self._lock = lock

    async def __aenter__(self) -> Result:
        with stage(LOCK):
            return await self._lock.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, places: TracebackType | None
    ) -> bool | None:
        return await self._lock.__aexit__(kind, error, places)


def _outcome_of(error: BaseException) -> str:
    # What is told to the visitor as "not kept" was raised while its cause was being handled.
    names = (type(error.__context__).__name__, type(error).__name__)
    return next((OUTCOMES_OF_ERRORS[name] for name in names if name in OUTCOMES_OF_ERRORS), OTHER)
