"""The operator's wish to stop: Ctrl-C, SIGTERM, or a terminal that was closed."""

import signal
from collections.abc import Callable
from types import FrameType


class StopRequest:
    """Remembers that a stop was asked for; a second request while the first is carried out does it at once."""

    def __init__(self, at_once: Callable[[], None]) -> None:
        """Listen from now on.

        Args:
            at_once: ends everything without delay; called from the signal handler.
        """
        self._at_once = at_once
        self.requested = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._receive)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup has it ignored, and means it
            signal.signal(signal.SIGHUP, self._receive)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        # A closing terminal may send SIGHUP more than once, which is not an operator in a hurry.
        if self.requested and number != signal.SIGHUP:
            self._at_once()
        self.requested = True
