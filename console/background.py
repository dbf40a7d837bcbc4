"""Work that the console's process does besides answering: each piece in a thread of its own, ended with the process."""

import logging
import threading
from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError

SECONDS_TO_END = 10.0
SECONDS_BEFORE_RESTART = 5.0

Work = Callable[[threading.Event], None]
"""Works until the event is set."""

logger = logging.getLogger(__name__)


class Background:
    """Runs pieces of work, and knows which of them still do."""

    def __init__(self, works: Mapping[str, Work]) -> None:
        """Take the pieces by their names; `start` begins them."""
        self._stop = threading.Event()
        self._threads = {
            name: threading.Thread(target=self._keep_running, args=(name, work), name=name, daemon=True)
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
        """The names of those that do not run."""
        return [name for name, thread in self._threads.items() if not thread.is_alive()]

    def _keep_running(self, name: str, work: Work) -> None:
        """A fault of the database ends no work: it begins again where it was. Any other fault is ours, and shows."""
        while not self._stop.is_set():
            try:
                work(self._stop)
            except SQLAlchemyError as error:
                logger.error("%s waits for the database", name, exc_info=error)
                self._stop.wait(SECONDS_BEFORE_RESTART)
            else:
                return
