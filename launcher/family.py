"""The processes this one has started, so that every one of them can be ended."""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from clinic.settings import PROJECT_ROOT

WARDEN = Path(__file__).with_name("warden.py")
SECONDS_BETWEEN_LOOKS = 0.05
PR_SET_PDEATHSIG = 1  # prctl(2)

# Each process has one core's worth of work; threads of numerical libraries would only compete with one another.
CHILD_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
    # glibc: give memory back that loading a model needed for a moment, some 70 MB (mallopt(3)).
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}


class Child:
    """A started program, the head of a process group of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", on_end: Callable[["Child"], None]) -> None:
        self._process = process
        self._on_end = on_end
        self.started_at = time.monotonic()

    @property
    def group(self) -> int:
        """The number of its process group, which is its own process number."""
        return self._process.pid

    @property
    def output(self) -> IO[bytes]:
        """The reading end of its output; only for a child that was started with a pipe."""
        if self._process.stdout is None:
            raise ValueError("this child writes to a file")
        return self._process.stdout

    def poll(self) -> int | None:
        """None while it runs; afterwards its exit code, negative for the signal that ended it."""
        already_known = self._process.returncode is not None
        code = self._process.poll()
        if code is not None and not already_known:
            self.signal(signal.SIGKILL)  # whatever it has itself started and left behind
            self._on_end(self)
        return code

    def signal(self, number: int) -> None:
        """Send a signal to the whole group, if any of it is left."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: "not permitted" when all are dead
            os.killpg(self.group, number)


class Family:
    """Starts children and ends them all; the warden does so if this process is killed outright.

    Use as a context: on leaving it, no process that was started in it is left.
    """

    def __init__(self, grace: float = 10.0) -> None:
        self._grace = grace
        self._children: list[Child] = []
        self._hurry = False
        self._environment = {**os.environ, **CHILD_ENVIRONMENT}
        self._warden = subprocess.Popen(
            [sys.executable, "-I", "-S", str(WARDEN), str(grace)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env=self._environment,
        )

    def __enter__(self) -> "Family":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.end_all()
        if self._warden.stdin:
            self._warden.stdin.close()
        self._warden.wait()

    def start(
        self, command: Iterable[str], output: IO[bytes] | int, errors: IO[bytes] | int = subprocess.STDOUT
    ) -> Child:
        """Start a program in the project's folder.

        Args:
            command: the program and its arguments.
            output: where its output goes: a file, or `subprocess.PIPE` to read it from `Child.output`.
            errors: where its errors go; the same place when left out.

        Raises:
            OSError: the system cannot start it.
        """
        process = subprocess.Popen(
            tuple(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=self._environment,
            cwd=PROJECT_ROOT,
            start_new_session=True,
            # Safe here: this process has no other threads.
            preexec_fn=_tie_to_parent(os.getpid()),  # noqa: PLW1509
        )
        child = Child(process, self._forget)
        self._children.append(child)
        self._tell_warden("+", child)
        return child

    def end_all(self) -> None:
        """End all children, the last started first: SIGTERM, and SIGKILL to what is left when the grace is over."""
        deadline = time.monotonic() + self._grace
        leaving = list(reversed(self._children))
        for child in leaving:
            child.signal(signal.SIGTERM)
            # The next is needed by this one (the bot's last turns call the action server), so this one goes first.
            self._wait_for([child], min(deadline, time.monotonic() + self._grace / 2))
        self._wait_for(leaving, deadline)
        self.kill_all()
        self._wait_for(leaving, time.monotonic() + self._grace)

    def kill_all(self) -> None:
        """End all children at once; may be called from a signal handler in the middle of `end_all`."""
        self._hurry = True
        _kill(tuple(self._children))

    def _wait_for(self, children: list[Child], deadline: float) -> None:
        while time.monotonic() < deadline:
            running = [child for child in children if child.poll() is None]
            if not running:
                return
            if self._hurry:
                _kill(running)
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _forget(self, child: Child) -> None:
        self._children.remove(child)
        self._tell_warden("-", child)

    def _tell_warden(self, change: str, child: Child) -> None:
        if self._warden.stdin:
            with contextlib.suppress(BrokenPipeError):  # it was killed; the children still die with this process
                os.write(self._warden.stdin.fileno(), f"{change}{child.group}\n".encode("ascii"))


def _kill(children: Iterable[Child]) -> None:
    for child in children:
        child.signal(signal.SIGKILL)


def _tie_to_parent(parent: int) -> Callable[[], None] | None:
    """On Linux, what a new child runs so that the kernel ends it with its parent, even if the warden is gone too."""
    if sys.platform != "linux":
        return None
    return functools.partial(_die_with, parent, ctypes.CDLL(None).prctl)


def _die_with(parent: int, prctl: Callable[[int, int], int]) -> None:
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)
