"""One part of the gate while it runs: its commands one after the other, and all that they write."""

import subprocess
import time
from pathlib import Path

from launcher.family import Child, Family
from launcher.gate_parts import Part
from launcher.pipes import OutputReader
from launcher.programs import ending


class PartRun:
    """A part that is begun at once. It goes on with its next command only when it is looked at."""

    def __init__(self, part: Part, family: Family) -> None:
        """Begin with the first command.

        Raises:
            OSError: the system cannot start it.
        """
        self._family = family
        self._waiting = list(part.commands)
        self._began = time.monotonic()
        self._shown = 0
        self.said = ""
        """All that its commands have written, each after a line that names it."""
        self.problem = ""
        """What was wrong with the first command that failed; empty while none has."""
        self.seconds = 0.0
        """How long it took, once it is over."""
        self._begin_next()

    def look(self) -> bool:
        """Take in what was written, begin the next command where one has ended, and tell whether all are over.

        Raises:
            OSError: the system cannot start the next command.
        """
        if self._child is None:
            return True
        exit_code = self._child.poll()  # first, so that the reading below gets all it wrote
        self.said += self._reader.read()
        if exit_code is None:
            return False
        self._reader.close()
        self.problem = self.problem or (ending(exit_code) if exit_code else "")
        self._begin_next()
        return self._child is None

    def give_up(self) -> None:
        """Begin no further command."""
        self._waiting.clear()

    def not_yet_shown(self) -> str:
        """What was written since this was last asked for."""
        new = self.said[self._shown :]
        self._shown = len(self.said)
        return new

    def _begin_next(self) -> None:
        self._child: Child | None = None
        if not self._waiting:
            self.seconds = time.monotonic() - self._began
            return
        command = self._waiting.pop(0)
        self.said += f"{_shown(command)}\n"
        self._child = self._family.start(command, output=subprocess.PIPE)
        self._reader = OutputReader(self._child.output)


def _shown(command: tuple[str, ...]) -> str:
    words = command[2:] if command[1:2] == ("-m",) else (Path(command[0]).name, *command[1:])
    return " ".join(words)
