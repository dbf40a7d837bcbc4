import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from clinic.settings import PROJECT_ROOT
from tests.ports import free_port

STAND_IN = Path(__file__).with_name("stand_in.py")
PATIENCE = 10.0


def stand_in(*arguments: str) -> list[str]:
    return [sys.executable, "-S", str(STAND_IN), *arguments]


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {PATIENCE} s: {what}")
        time.sleep(0.02)


def is_running(process: int) -> bool:
    """Whether the process is there and not merely waiting for its parent to take note of its end."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class StartedInstance:
    """A supervisor with stand-ins, in a folder and on ports of its own."""

    def __init__(self, var_dir: Path, model: Path) -> None:
        self.var_dir = var_dir
        self.settings = {
            "VAR_DIR": str(var_dir),
            "BOT_PORT": str(free_port()),
            "ACTIONS_PORT": str(free_port()),
            "CONSOLE_PORT": str(free_port()),
            "BOT_HOST": "127.0.0.1",
        }
        self.programs = {
            "training": stand_in("--say", str(model), "--exit", "0"),
            "migration": stand_in("--exit", "0"),
            "actions": stand_in("--serve", "ACTIONS_PORT"),
            "bot": stand_in("--serve", "BOT_PORT"),
            "console": stand_in("--serve", "CONSOLE_PORT"),
            "first_link": stand_in("--say", "http://127.0.0.1/welcome", "--exit", "0"),
        }
        self.limits: dict[str, float] = {"grace": 2.0, "ready": 10.0}
        self.command = "run"
        self.screen = var_dir.with_name(f"{var_dir.name}-screen")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "StartedInstance":
        with self.screen.open("wb") as screen:
            return self.start_on(screen)

    def start_on(self, screen: IO[bytes] | int) -> "StartedInstance":
        choices = json.dumps({"programs": self.programs, "limits": self.limits})
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.launcher.start_stand_ins", choices, self.command],
            cwd=PROJECT_ROOT,
            env={**os.environ, **self.settings},
            stdout=screen,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def until_shown(self, text: str) -> str:
        wait_until(lambda: text in self.shown(), f"'{text}' on the screen, which shows:\n{self.shown()}")
        return self.shown()

    def shown(self) -> str:
        return self.screen.read_text()

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def exit_code(self) -> int:
        assert self.process
        return self.process.wait(PATIENCE)

    def processes(self, name: str = "") -> list[int]:
        """All that were ever started, or those of one name (actions, bot, console, grandchild, step), in order."""
        path = self.var_dir / "processes"
        lines = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
        return [int(process) for kind, process in lines if name in ("", kind)]

    def running(self, name: str = "") -> list[int]:
        return [process for process in self.processes(name) if is_running(process)]

    def clear_up(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)
        for process in self.running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


@pytest.fixture
def make_instance(tmp_path: Path) -> Iterator[Callable[[str], StartedInstance]]:
    model = tmp_path / "model.tar.gz"
    model.touch()
    made: list[StartedInstance] = []

    def make(name: str) -> StartedInstance:
        made.append(StartedInstance(tmp_path / name, model))
        return made[-1]

    yield make
    for instance in made:
        instance.clear_up()


@pytest.fixture
def instance(make_instance: Callable[[str], StartedInstance]) -> StartedInstance:
    return make_instance("var")
