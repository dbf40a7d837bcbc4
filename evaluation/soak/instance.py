"""The processes of an instance, each of which can be killed and started again: own ports, own state."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from clinic.encryption.keys import new_entry
from evaluation.dialogues.sms_visitor import ACCOUNT, AUTH_TOKEN, CLINIC_NUMBER
from evaluation.instance import free_ports, instance_environment
from evaluation.instance_processes import InstanceProcesses, address_of
from evaluation.soak.checks import Stored

BOT, ACTIONS, CONSOLE, PROJECTION = "bot", "actions", "console", "projection"
SECRET_KEY = "the key of a machine that is killed again and again"  # noqa: S105 - of a throw-away instance
SECONDS_TO_START = 120.0
MODULES = {
    BOT: ("channels.serve",),
    ACTIONS: ("actions.serve",),
    CONSOLE: ("console.serve",),
    PROJECTION: ("conversations.projection",),
}


class SoakInstance(InstanceProcesses):
    """An instance whose processes are killed and started again one by one; use as a context."""

    def __init__(
        self,
        model: Path,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        *,
        programs: Sequence[str] = (ACTIONS, BOT),
        runner: tuple[str, ...] = (),
        runner_of: Mapping[str, tuple[str, ...]] | None = None,
        settings_of: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Prepare an instance.

        Args:
            model: the trained model.
            folder: for all of the instance's state; the caller removes it.
            settings: what it is set to beyond the defaults.
            programs: which of its processes run.
            runner: a module, with its first arguments, that runs the modules of all processes; none by default.
            runner_of: by program, what runs that one's module instead.
            settings_of: by program, what that one alone is set to.
        """
        super().__init__(folder)
        self.port, self.actions_port, self.console_port = free_ports(3)
        self.console_address = address_of(self.console_port)
        self.programs = tuple(programs)
        self.model = model
        self._runner = runner
        self._runner_of = runner_of or {}
        self._settings_of = settings_of or {}
        self.settings = {
            **instance_environment(folder, self.port, self.actions_port),
            "CONSOLE_PORT": str(self.console_port),
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_NUMBER": CLINIC_NUMBER,
            "SECRET_KEY": SECRET_KEY,
            "ENCRYPTION_KEYS": new_entry("soak"),
            **(settings or {}),
        }

    def run(self, *command: str) -> str:
        """Run a module of the project on this instance to its end, and return what it printed.

        Raises:
            InstanceError: it failed.
        """
        return self._run_to_end(self.settings, (*self._runner, *command))

    def stored(self) -> Stored:
        """Its database."""
        return Stored(self.settings["DATABASE_URL"], self.settings["ENCRYPTION_KEYS"])

    def start(self, name: str) -> None:
        """Start one of the processes."""
        model = ("--model", str(self.model)) if name == BOT else ()
        settings = {**self.settings, **self._settings_of.get(name, {})}
        runner = self._runner_of.get(name, self._runner)
        self._launch(name, settings, (*runner, *MODULES[name], *model))

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a process."""
        self._children[name].signal(number)

    def kill(self, name: str) -> None:
        """End a process at once, as a power cut would, and wait until it is gone."""
        child = self._children[name]
        child.signal(signal.SIGKILL)
        while child.poll() is None:
            time.sleep(0.005)

    def has_within(self, name: str, part: str) -> bool:
        """Whether one of the processes has started another one with this in its command."""
        return bool(self._within(name, part))

    def kill_within(self, name: str, part: str) -> bool:
        """End at once what one of the processes has started, by a part of its command; False where it is not there."""
        found = self._within(name, part)
        for process in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return bool(found)

    def _within(self, name: str, part: str) -> list[int]:
        shown = subprocess.run(
            ["ps", "-A", "-o", "pid=,pgid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(maxsplit=2) for line in shown.splitlines()]
        group = str(self.process_of(name))
        return [int(row[0]) for row in rows if len(row) == 3 and row[1] == group != row[0] and part in row[2]]

    def wait_until_ready(self, seconds: float = SECONDS_TO_START) -> None:
        """As the parent's, from now on."""
        super().wait_until_ready(seconds)

    def _begin(self) -> None:
        self.run("clinic.migrate")
        for name in self.programs:
            self.start(name)
