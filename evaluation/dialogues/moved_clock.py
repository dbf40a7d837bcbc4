"""Runs a module on a clock that can be moved: `python -m evaluation.dialogues.moved_clock FILE MODULE [ARGUMENT ...]`.

The clock file holds a number of seconds; the module's clock is ahead of the machine's by so many, from the moment the
file is replaced. Moved are `time.time` and `time.time_ns`, which give Rasa its event times and the expiry of sessions
and itsdangerous the age of tokens, and `clinic.clock.now`, from which all code of ours takes the time. Durations stay
true: `time.monotonic`, by which asyncio and the servers wait, is not touched.

No library does this better here. time-machine and freezegun move the clock of the process that calls them, so something
in the served process would still have to look for the new time. libfaketime can follow a file as this does, but it is a
C library that must be installed on each system and loaded before Python, and it moves the monotonic clock as well
unless told otherwise.
"""

import os
import runpy
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from clinic import clock

NANOSECONDS = 1_000_000_000


class MovableClock:
    """How far the clock is ahead, kept in a file that other processes read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._seconds = 0

    def set(self, seconds: int) -> None:
        """Put the clock so many seconds ahead of the machine's."""
        # Replaced as a whole: a reader finds the old number or the new one, and sees by the inode that it is another.
        draft = self._path.with_name(f"{self._path.name}.new")
        draft.write_text(str(seconds), encoding="ascii")
        draft.replace(self._path)

    def seconds(self) -> int:
        """How many seconds the clock is ahead.

        Raises:
            OSError: the file is gone.
        """
        status = os.stat(self._path)  # noqa: PTH116 - called with every look at the clock, and half as costly
        now_seen = (status.st_ino, status.st_mtime_ns)
        if now_seen != self._seen:
            self._seconds = int(self._path.read_text(encoding="ascii"))
            self._seen = now_seen
        return self._seconds


def move_time(movable: MovableClock) -> None:
    """Let this process read the time by the movable clock from now on."""
    machine_time, machine_time_ns, machine_now = time.time, time.time_ns, clock.now

    def moved_time() -> float:
        return machine_time() + movable.seconds()

    def moved_time_ns() -> int:
        return machine_time_ns() + movable.seconds() * NANOSECONDS

    def moved_now() -> datetime:
        return machine_now() + timedelta(seconds=movable.seconds())

    time.time, time.time_ns = moved_time, moved_time_ns
    _replace_now(moved_now)


def _replace_now(now: Callable[[], datetime]) -> None:
    clock.now = now


def main(arguments: list[str]) -> None:
    """Run the module as `python -m` would, with the rest of the arguments."""
    clock_file, module, *rest = arguments
    move_time(MovableClock(Path(clock_file)))
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
