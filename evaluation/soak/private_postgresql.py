"""A PostgreSQL server of one's own: its files in a folder, its own port, nobody else's server touched."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from evaluation.instance import free_ports
from evaluation.instance_processes import HOST

INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"
SECONDS_TO_START = 60
SECONDS_BETWEEN_TRIES = 0.2


class NoPostgresqlError(RuntimeError):
    """No server's programs are installed here."""


def programs_folder() -> Path:
    """Where the newest installed server's programs are (Debian's place, or that of `initdb` in PATH).

    Raises:
        NoPostgresqlError: nowhere.
    """
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    known = str(found[-1]) if found else shutil.which("initdb")
    if known is None:
        raise NoPostgresqlError("PostgreSQL's own programs are not installed (Debian: apt-get install postgresql)")
    return Path(known).parent


class PrivatePostgresql:
    """Use as a context: the server runs inside of it. As root it runs as the user `postgres`, as it asks for."""

    def __init__(self, folder: Path) -> None:
        """Prepare; `folder` is empty or not there yet, and the caller removes it."""
        self._folder = folder
        self._programs = programs_folder()
        (self.port,) = free_ports(1)

    @property
    def url(self) -> str:
        """The database as an SQLAlchemy URL."""
        return f"postgresql://{USER}@{HOST}:{self.port}/postgres"

    def __enter__(self) -> "PrivatePostgresql":
        self._folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self._folder, USER)
            # Temporary folders are their owner's alone; the other user has to pass through them.
            for parent in self._folder.parents[: len(self._folder.parents) - 2]:
                parent.chmod(parent.stat().st_mode | 0o011)
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", USER, "--no-sync", "--encoding", "UTF8")
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"port = {self.port}\nlisten_addresses = '{HOST}'\nunix_socket_directories = ''\n")
            settings.write("max_connections = 60\nshared_buffers = 32MB\nmax_wal_size = 128MB\n")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process_file.exists():
            self.go_on()
            self.stop("immediate")

    def start(self) -> None:
        """Start, and wait until it takes connections; after a kill it recovers by its log first."""
        log = str(self._folder / "server.log")
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                self._control("start", "-t", str(SECONDS_TO_START), "-l", log)
                return
            except subprocess.CalledProcessError:
                # After a kill the children of the old server take a moment to end, and hold its memory until then.
                if time.monotonic() > deadline:
                    raise
                time.sleep(SECONDS_BETWEEN_TRIES)

    def stop(self, mode: str) -> None:
        """Stop: `fast` rolls back what is under way, `immediate` ends as a crash does."""
        self._control("stop", "-m", mode)

    def kill(self) -> None:
        """End the server at once; its children see to it that they end too."""
        os.kill(self._process, signal.SIGKILL)

    def freeze(self) -> None:
        """Let it say nothing any more, as when its machine stands still: no connection is ended and none is taken."""
        self._signal_all(signal.SIGSTOP)

    def go_on(self) -> None:
        """End that."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        """Signal the server first, so that it starts no more children, and then its children."""
        with suppress(ProcessLookupError):
            os.kill(self._process, number)
            for child in Path(f"/proc/{self._process}/task/{self._process}/children").read_text("ascii").split():
                with suppress(ProcessLookupError):
                    os.kill(int(child), number)

    @property
    def _process(self) -> int:
        return int(self._process_file.read_text(encoding="ascii").splitlines()[0])

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _process_file(self) -> Path:
        return self._data / "postmaster.pid"

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        # Its output goes to a file: a server that is started inherits it, and a pipe would never end.
        with (self._folder / "programs.log").open("ab") as output:
            subprocess.run([*as_user, *command], check=True, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
