"""The processes of an instance, each of which can be killed and started again: own ports, own state."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from clinic.encryption.keys import new_entry
from evaluation.dialogues.sms_visitor import ACCOUNT, AUTH_TOKEN, CLINIC_NUMBER
from evaluation.instance import HOST, InstanceError, free_ports, instance_environment
from evaluation.places import PROJECT_ROOT
from evaluation.soak.checks import Stored
from launcher.family import Child, Family
from launcher.logs import LogFolder
from launcher.programs import ending
from launcher.readiness import ask

BOT, ACTIONS, CONSOLE, PROJECTION = "bot", "actions", "console", "projection"
SECRET_KEY = "the key of a machine that is killed again and again"  # noqa: S105 - of a throw-away instance
SECONDS_TO_START = 120.0
SECONDS_BETWEEN_LOOKS = 0.1
MODULES = {
    BOT: ("channels.serve",),
    ACTIONS: ("actions.serve",),
    CONSOLE: ("console.serve",),
    PROJECTION: ("conversations.projection",),
}


class SoakInstance:
    """Use as a context: the processes run inside of it, and none is left afterwards, however it ends."""

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
        self.folder = folder
        self.port, self.actions_port, self.console_port = free_ports(3)
        self.address = f"http://{HOST}:{self.port}"
        self.console_address = f"http://{HOST}:{self.console_port}"
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
        self._logs = LogFolder(folder)
        self._family = Family()
        self._children: dict[str, Child] = {}

    def __enter__(self) -> "SoakInstance":
        try:
            self.run("clinic.migrate")
            for name in self.programs:
                self.start(name)
        except BaseException:
            self._family.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._family.__exit__(kind, error, trace)

    def run(self, *command: str) -> str:
        """Run a module of the project on this instance to its end, and return what it printed.

        Raises:
            InstanceError: it failed.
        """
        environment = {**os.environ, **self.settings}
        words = [sys.executable, "-m", *self._runner, *command]
        done = subprocess.run(words, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise InstanceError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def stored(self) -> Stored:
        """Its database."""
        return Stored(self.settings["DATABASE_URL"], self.settings["ENCRYPTION_KEYS"])

    def start(self, name: str) -> None:
        """Start one of the processes."""
        model = ("--model", str(self.model)) if name == BOT else ()
        settings = {**self.settings, **self._settings_of.get(name, {})}
        variables = (f"{key}={value}" for key, value in settings.items())
        runner = self._runner_of.get(name, self._runner)
        command = ("env", *variables, sys.executable, "-m", *runner, *MODULES[name], *model)
        with self._logs.open_for(name) as log:
            self._children[name] = self._family.start(command, output=log)

    def process_of(self, name: str) -> int:
        """The number of a process."""
        return self._children[name].group

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

    def ended(self) -> list[str]:
        """The processes that have ended by themselves."""
        return [name for name, child in self._children.items() if child.poll() is not None]

    def require_running(self) -> None:
        """Make sure that all processes are alive.

        Raises:
            InstanceError: one has ended by itself; the message quotes the last line it wrote.
        """
        for name in self.ended():
            code = self._children[name].poll() or 0
            raise InstanceError(f"{name} ended ({ending(code)}): {self._logs.last_line_of(name)}")

    def log_of(self, name: str) -> str:
        """What a process has written."""
        return self._logs.file_of(name).read_text(encoding="utf-8", errors="replace")

    def is_ready(self) -> bool:
        """Whether the bot calls itself ready for visitors."""
        return ask(HOST, self.port).ready

    def wait_until_ready(self, seconds: float = SECONDS_TO_START) -> None:
        """Wait until the bot is ready.

        Raises:
            InstanceError: it was not in time, or a process ended.
        """
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            self.require_running()
            if time.monotonic() > deadline:
                raise InstanceError(f"not ready within {seconds:g} s: {ask(HOST, self.port).missing}")
            time.sleep(SECONDS_BETWEEN_LOOKS)
