"""Reading a child's output as it comes, without ever waiting for it."""

import codecs
import os
import re
from typing import IO

CHUNK = 65536
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def without_colour(text: str) -> str:
    """The text without the control sequences that colour it on a terminal (ECMA-48, "select graphic rendition")."""
    return COLOUR.sub("", text)


class OutputReader:
    """What a child has written since the last look."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        os.set_blocking(output.fileno(), False)

    def read(self) -> str:
        """The text that has arrived; empty when there is none, and after `close`."""
        text = ""
        while not self._output.closed:
            try:
                chunk = os.read(self._output.fileno(), CHUNK)
            except BlockingIOError:
                break
            if not chunk:
                self.close()
                break
            text += self._decoder.decode(chunk)
        return text

    def close(self) -> None:
        """Read no more; what the child's own children still write is of no interest."""
        self._output.close()


class Lines:
    """Cuts text that comes in pieces into lines, without the colours meant for a terminal of the program's own."""

    def __init__(self) -> None:
        self._rest = ""

    def add(self, text: str) -> list[str]:
        """The lines that are complete now and not blank."""
        *complete, self._rest = (self._rest + text).split("\n")
        plain = (without_colour(line).rstrip() for line in complete)
        return [line for line in plain if line]

    def end(self) -> list[str]:
        """The line that was begun and never ended, if any."""
        return self.add("\n") if self._rest else []
