"""What is done once before the programs start: a command that runs to its end."""

import subprocess

from launcher.family import Child, Family
from launcher.logs import LONGEST_QUOTE, LogFolder
from launcher.pipes import Lines, OutputReader
from launcher.programs import ending
from launcher.screen import Screen
from launcher.trouble import LauncherError


class SetUpStep:
    """A command that must succeed; its lines are shown as they come, its errors go to its log."""

    def __init__(
        self,
        title: str,
        name: str,
        command: tuple[str, ...],
        logs: LogFolder,
        screen: Screen,
        *,
        nothing_to_do: int | None = None,
    ) -> None:
        """Prepare a step; `nothing_to_do` is an exit code that is no failure, and after which nothing was said."""
        self.title = title
        self.last_line = ""
        self.finished = False
        self._name = name
        self._nothing_to_do = nothing_to_do
        self._command = command
        self._logs = logs
        self._screen = screen
        self._lines = Lines()
        self._child: Child | None = None
        self._reader: OutputReader | None = None

    def start(self, family: Family) -> None:
        """Start the command.

        Raises:
            OSError: its log cannot be written, or the system cannot start it.
        """
        with self._logs.open_for(self._name) as log:
            self._child = family.start(self._command, output=subprocess.PIPE, errors=log)
        self._reader = OutputReader(self._child.output)

    def look(self) -> None:
        """Show what is new, and notice the end.

        Raises:
            LauncherError: the command failed.
        """
        if self.finished or self._child is None or self._reader is None:
            return
        exit_code = self._child.poll()  # first, so that the reading below gets all it wrote
        self._show(self._lines.add(self._reader.read()))
        if exit_code is None:
            return
        self._show(self._lines.end())
        self._reader.close()
        if exit_code not in (0, self._nothing_to_do):
            raise LauncherError(self._failure(exit_code))
        self.finished = True

    def _show(self, lines: list[str]) -> None:
        for line in lines:
            self.last_line = line
            self._screen.say(f"  {self.title}: {line}")

    def _failure(self, exit_code: int) -> str:
        said = self._logs.last_line_of(self._name) or self.last_line[:LONGEST_QUOTE] or "it said nothing"
        return f"{self.title} failed ({ending(exit_code)}): {said}  Log: {self._logs.file_of(self._name)}"
