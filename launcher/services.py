"""A program that is kept alive."""

import time

from launcher.family import Child, Family
from launcher.logs import LogFolder
from launcher.programs import ending
from launcher.restarts import RestartPolicy
from launcher.screen import Screen
from launcher.trouble import LauncherError


class Service:
    """Starts a program, and starts it again when it dies, until its restarts are used up."""

    def __init__(self, title: str, name: str, policy: RestartPolicy, logs: LogFolder, screen: Screen) -> None:
        self.title = title
        self.starts = 0
        """How often it was started; a change tells that it is a new process."""
        self._name = name
        self._policy = policy
        self._logs = logs
        self._screen = screen
        self._command: tuple[str, ...] = ()
        self._family: Family | None = None
        self._child: Child | None = None
        self._restarts = 0
        self._restart_at = 0.0

    def start(self, family: Family, command: tuple[str, ...]) -> None:
        """Start the program for the first time.

        Raises:
            OSError: its log cannot be written, or the system cannot start it.
        """
        self._family, self._command = family, command
        self._launch(family)

    def look(self) -> None:
        """Notice a death, and start the program again when its pause is over.

        Raises:
            LauncherError: it died too often.
            OSError: its log cannot be written, or the system cannot start it.
        """
        if self._family is None:
            return
        if self._child is None:
            if time.monotonic() >= self._restart_at:
                self._launch(self._family)
            return
        exit_code = self._child.poll()
        if exit_code is not None:
            lived = time.monotonic() - self._child.started_at
            self._child = None
            self._plan_restart(exit_code, lived)

    def _launch(self, family: Family) -> None:
        with self._logs.open_for(self._name) as log:
            self._child = family.start(self._command, output=log)
        self.starts += 1

    def _plan_restart(self, exit_code: int, lived: float) -> None:
        self._restarts = 1 if lived >= self._policy.steady else self._restarts + 1
        pause = self._policy.pause_before(self._restarts)
        log = self._logs.file_of(self._name)
        said = self._logs.last_line_of(self._name) or "it said nothing"
        if pause is None:
            raise LauncherError(
                f"{self.title} died {self._restarts} times in a row, the last time with {ending(exit_code)}: {said}  "
                f"Log: {log}"
            )
        self._screen.say(
            f"{self.title} died ({ending(exit_code)}): {said}  Starting it again in {pause:g} s "
            f"({self._restarts} of {self._policy.most}). Log: {log}"
        )
        self._restart_at = time.monotonic() + pause
