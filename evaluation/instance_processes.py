"""The processes of an instance for evaluation: how they are started, watched, waited for and ended."""

import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from evaluation.places import PROJECT_ROOT
from launcher.family import Child, Family
from launcher.logs import LogFolder
from launcher.programs import ending
from launcher.readiness import ask

HOST = "127.0.0.1"
SECONDS_BETWEEN_LOOKS = 0.1
Instance = TypeVar("Instance", bound="InstanceProcesses")


class InstanceError(RuntimeError):
    """An instance did not start or has ended; the message is meant for whoever runs the command."""


class InstanceProcesses(ABC):
    """Use as a context: the processes run inside of it, and none is left afterwards, however it ends."""

    port: int
    """Where the bot answers."""

    def __init__(self, folder: Path) -> None:
        """Prepare; `folder` is for all of the instance's state, and the caller removes it."""
        self.folder = folder
        self._logs = LogFolder(folder)
        self._family = Family()
        self._children: dict[str, Child] = {}

    def __enter__(self: Instance) -> Instance:
        try:
            self._begin()
        except BaseException:
            self._family.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._family.__exit__(kind, error, trace)

    @property
    def address(self) -> str:
        """Where the bot is reached, without a closing slash; also its PUBLIC_URL."""
        return address_of(self.port)

    def process_of(self, name: str) -> int:
        """The number of a process."""
        return self._children[name].group

    def ended(self) -> list[str]:
        """The processes that have ended by themselves."""
        return [name for name, child in self._children.items() if child.poll() is not None]

    def require_running(self) -> None:
        """Make sure that all processes are alive.

        Raises:
            InstanceError: one has ended by itself; the message quotes the last line it wrote.
        """
        for name in self.ended():
            said = self._logs.last_line_of(name) or "it said nothing"
            raise InstanceError(f"The {name} process ended ({ending(self._children[name].poll() or 0)}): {said}")

    def is_ready(self) -> bool:
        """Whether the bot calls itself ready for visitors."""
        return ask(HOST, self.port).ready

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until the bot is ready for visitors.

        Raises:
            InstanceError: a process ended, or the bot was not ready in time.
        """
        deadline = self._waits_from() + seconds
        while not self.is_ready():
            self.require_running()
            if time.perf_counter() > deadline:
                raise InstanceError(f"The bot was not ready within {seconds:g} s: {ask(HOST, self.port).missing}")
            time.sleep(SECONDS_BETWEEN_LOOKS)

    @abstractmethod
    def _begin(self) -> None:
        """Make the database and start the processes."""

    def _waits_from(self) -> float:
        """From when on the time until it is ready counts, on the clock of `time.perf_counter`."""
        return time.perf_counter()

    def _run_to_end(self, settings: Mapping[str, str], words: Sequence[str]) -> str:
        """Run a module with its arguments, and return what it printed.

        Raises:
            InstanceError: it failed.
        """
        command = _command(settings, words)
        done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise InstanceError(f"{' '.join(words)} ended ({ending(done.returncode)}): {done.stderr.strip()[-300:]}")
        return done.stdout

    def _launch(self, name: str, settings: Mapping[str, str], words: Sequence[str]) -> None:
        with self._logs.open_for(name) as log:
            self._children[name] = self._family.start(_command(settings, words), output=log)


def address_of(port: int) -> str:
    """Where something on this machine is reached, without a closing slash."""
    return f"http://{HOST}:{port}"


def _command(settings: Mapping[str, str], words: Sequence[str]) -> tuple[str, ...]:
    """`env` adds to this process's environment, which is handed on, and then becomes the program itself."""
    variables = (f"{name}={value}" for name, value in settings.items())
    return ("env", *variables, sys.executable, "-m", *words)
