"""An instance of the real bot and action server for evaluation: own ports, own state, nothing that reaches anybody."""

import socket
import time
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from clinic.encryption.keys import KeyRing, new_entry, parse_keys
from evaluation.instance_processes import HOST, InstanceError, InstanceProcesses, address_of
from evaluation.places import PROJECT_ROOT


class OwnInstance(InstanceProcesses):
    """A bot and an action server that run undisturbed; use as a context."""

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
        super().__init__(folder)
        self.port = 0
        self.started_at = 0.0
        """When its two processes were started, on the clock of `time.perf_counter`."""
        self._model = model
        self._settings = dict(settings or {})
        self._runner = runner
        self._keys: KeyRing | None = None

    @property
    def database_url(self) -> str:
        """The instance's database as an SQLAlchemy URL."""
        return _database_url(self.folder)

    @property
    def encryption_keys(self) -> KeyRing:
        """With these its database can be read."""
        if self._keys is None:
            raise InstanceError("The instance was not started.")
        return self._keys

    @property
    def bot_process(self) -> int:
        """The number of the bot's process."""
        return self.process_of("bot")

    @property
    def actions_process(self) -> int:
        """The number of the action server's process."""
        return self.process_of("actions")

    def _begin(self) -> None:
        self.port, actions_port = free_ports(2)
        settings = instance_environment(self.folder, self.port, actions_port) | self._settings
        self._keys = parse_keys(settings["ENCRYPTION_KEYS"])
        self._run_to_end(settings, ("clinic.migrate",))
        self.started_at = time.perf_counter()
        self._launch("actions", settings, (*self._runner, "actions.serve"))
        self._launch("bot", settings, (*self._runner, "channels.serve", "--model", str(self._model)))

    def _waits_from(self) -> float:
        return self.started_at


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
        "PUBLIC_URL": address_of(port),
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


def _database_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'milia.sqlite3'}"
