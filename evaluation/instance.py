"""An instance of the real bot and action server for evaluation: own ports, own state, nothing that reaches anybody."""

import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from dotenv import dotenv_values

from clinic.encryption.keys import KeyRing, new_entry, parse_keys
from evaluation.places import PROJECT_ROOT
from launcher.family import Child, Family
from launcher.logs import LogFolder
from launcher.programs import ending
from launcher.readiness import ask

HOST = "127.0.0.1"
SECONDS_BETWEEN_LOOKS = 0.1


class InstanceError(RuntimeError):
    """An instance did not start or has ended; the message is meant for whoever runs the command."""


class OwnInstance:
    """Use as a context: the processes run inside of it, and none is left afterwards, however it ends."""

    def __init__(
        self, model: Path, folder: Path, settings: Mapping[str, str] | None = None, runner: tuple[str, ...] = ()
    ) -> None:
        """Prepare an instance.

        Args:
            model: the trained model.
            folder: for all of the instance's state; the caller removes it.
            settings: what the instance is set to beyond the defaults.
            runner: a module, with its first arguments, that runs the modules of both processes; none by default.
        """
        self.port = 0
        self.started_at = 0.0
        """When its two processes were started, on the clock of `time.perf_counter`."""
        self._model = model
        self._folder = folder
        self._settings = dict(settings or {})
        self._runner = runner
        self._logs = LogFolder(folder)
        self._family = Family()
        self._children: dict[str, Child] = {}
        self._keys: KeyRing | None = None

    def __enter__(self) -> "OwnInstance":
        try:
            self._start()
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
        return _address(self.port)

    @property
    def database_url(self) -> str:
        """The instance's database as an SQLAlchemy URL."""
        return _database_url(self._folder)

    @property
    def encryption_keys(self) -> KeyRing:
        """With these its database can be read."""
        if self._keys is None:
            raise InstanceError("The instance was not started.")
        return self._keys

    @property
    def bot_process(self) -> int:
        """The number of the bot's process."""
        return self._children["bot"].group

    @property
    def actions_process(self) -> int:
        """The number of the action server's process."""
        return self._children["actions"].group

    def require_running(self) -> None:
        """Make sure that both processes are alive.

        Raises:
            InstanceError: one has ended; the message quotes the last line it wrote.
        """
        for name, child in self._children.items():
            exit_code = child.poll()
            if exit_code is not None:
                said = self._logs.last_line_of(name) or "it said nothing"
                raise InstanceError(f"The {name} process ended ({ending(exit_code)}): {said}")

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until the bot is ready for visitors.

        Raises:
            InstanceError: a process ended, or the bot was not ready in time.
        """
        while True:
            self.require_running()
            readiness = ask(HOST, self.port)
            if readiness.ready:
                return
            if time.perf_counter() - self.started_at > seconds:
                raise InstanceError(f"The bot was not ready within {seconds:g} s: {readiness.missing}")
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _start(self) -> None:
        self.port, actions_port = free_ports(2)
        variables = instance_environment(self._folder, self.port, actions_port) | self._settings
        self._keys = parse_keys(variables["ENCRYPTION_KEYS"])
        # The family hands on this process's environment; `env` changes it and then becomes the program itself.
        self._prefix = ("env", *(f"{name}={value}" for name, value in variables.items()), sys.executable, "-m")
        self._migrate()
        self.started_at = time.perf_counter()
        self._launch("actions", "actions.serve")
        self._launch("bot", "channels.serve", "--model", str(self._model))

    def _migrate(self) -> None:
        command = (*self._prefix, "clinic.migrate")
        done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise InstanceError(f"The database could not be made: {done.stderr.strip()[-300:]}")

    def _launch(self, name: str, *command: str) -> None:
        with self._logs.open_for(name) as log:
            self._children[name] = self._family.start((*self._prefix, *self._runner, *command), output=log)


def instance_environment(folder: Path, port: int, actions_port: int) -> dict[str, str]:
    """The settings of such an instance.

    Every setting there is gets its default, whatever the environment and `.env` say: nothing is written to a real
    database and nobody is notified of what evaluating visitors send.
    """
    settings = dict.fromkeys(dotenv_values(PROJECT_ROOT / ".env.example"), "")
    return settings | {
        "BOT_HOST": HOST,
        "BOT_PORT": str(port),
        "ACTIONS_PORT": str(actions_port),
        "PUBLIC_URL": _address(port),
        "VAR_DIR": str(folder),
        "DATABASE_URL": _database_url(folder),
        "ENCRYPTION_KEYS": new_entry("own"),
        "RATE_LIMITS": "off",
    }


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses at the moment, all different."""
    listeners = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [int(listener.getsockname()[1]) for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def _address(port: int) -> str:
    return f"http://{HOST}:{port}"


def _database_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'milia.sqlite3'}"
