"""What the operator sees: lines, and one line of progress that is renewed in place on a terminal."""

import contextlib
import os
import sys
import time
from typing import TextIO

SECONDS_BETWEEN_PLAIN_LINES = 10.0
ERASE_LINE = "\r\033[K"


class Screen:
    """Writes for the operator; a terminal that went away is no reason to stop supervising."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._in_place = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._progress_shown = False
        self._last_plain_line = time.monotonic()

    def say(self, line: str) -> None:
        """Show a line that stays."""
        self._write(f"{self._erasure()}{line}\n")

    def show_progress(self, line: str) -> None:
        """Show a line that the next one replaces; where lines cannot be replaced, one every ten seconds."""
        if self._in_place:
            self._write(f"{ERASE_LINE}{line}")
            self._progress_shown = True
        elif time.monotonic() - self._last_plain_line >= SECONDS_BETWEEN_PLAIN_LINES:
            self._last_plain_line = time.monotonic()
            self._write(f"{line}\n")

    def pass_on(self, text: str) -> None:
        """Show a program's output as it is."""
        self._write(text)

    def _erasure(self) -> str:
        shown, self._progress_shown = self._progress_shown, False
        return ERASE_LINE if shown else ""

    def _write(self, text: str) -> None:
        # The terminal may be closed (EIO), the reader of a pipe gone (EPIPE), or the disk behind a redirection full.
        with contextlib.suppress(OSError):
            self._stream.write(text)
            self._stream.flush()
