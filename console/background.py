"""Work that the console's process does besides answering: each piece in a thread of its own, ended with the process."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

SECONDS_TO_END = 10.0

logger = logging.getLogger(__name__)


def _never_fails() -> bool:
    return False


@dataclass(frozen=True)
class Work:
    """One piece of work.

    `run` works until the event is set, and outlives faults of the database by itself. `fails` says whether it has
    trouble at the moment; a piece whose thread has ended has trouble in any case. `degrades` says the same of trouble
    that the pages can be worked with.
    """

    run: Callable[[threading.Event], None]
    fails: Callable[[], bool] = _never_fails
    degrades: Callable[[], bool] = _never_fails


class Background:
    """Runs pieces of work, and knows which of them have trouble."""

    def __init__(self, works: Mapping[str, Work]) -> None:
        """Take the pieces by their names; `start` begins them."""
        self._stop = threading.Event()
        self._works = dict(works)
        self._threads = {
            name: threading.Thread(target=work.run, args=(self._stop,), name=name, daemon=True)
            for name, work in works.items()
        }

    def start(self) -> None:
        """Begin all of them."""
        for thread in self._threads.values():
            thread.start()

    def stop(self) -> None:
        """Let all of them end, and wait for it."""
        self._stop.set()
        for name, thread in self._threads.items():
            thread.join(SECONDS_TO_END)
            if thread.is_alive():
                logger.error("%s did not end in time", name)

    def failing(self) -> list[str]:
        """The names of those that have trouble."""
        return [name for name, thread in self._threads.items() if not thread.is_alive() or self._works[name].fails()]

    def degraded(self) -> list[str]:
        """The names of those that have trouble with which the pages can be worked with."""
        return [name for name, work in self._works.items() if work.degrades()]
