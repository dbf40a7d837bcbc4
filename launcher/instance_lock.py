"""One instance for each VAR_DIR: a lock that the system lets go of when its holder ends, however that happens."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from launcher.trouble import LauncherError

LOCK_FILE = "instance.lock"


@contextlib.contextmanager
def only_instance(var_dir: Path) -> Iterator[None]:
    """Hold the instance's lock.

    Raises:
        LauncherError: another process holds it.
        OSError: the lock file cannot be made.
    """
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / LOCK_FILE).open("a+", encoding="ascii") as lock:
        _take(lock.fileno(), lock.name, var_dir)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _take(descriptor: int, name: str, var_dir: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = Path(name).read_text(encoding="ascii").strip() or "unknown"
        raise LauncherError(
            f"This instance is already running (process {holder}, VAR_DIR {var_dir}). "
            "For a second one, choose another VAR_DIR, BOT_PORT, ACTIONS_PORT and CONSOLE_PORT."
        ) from error
