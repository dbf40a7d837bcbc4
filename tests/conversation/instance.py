"""One running instance, started as `make run` starts it, on ports and a folder of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

from clinic.settings import PROJECT_ROOT
from tests import loopback
from tests.encryption_keys import teach_to_read
from tests.ports import free_port

SECONDS_TO_START = 240
SECONDS_TO_END = 20
SECONDS_TO_ANSWER = 40


class RunningInstance:
    """`python -m launcher run`, with the processes that it looks after."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port, self.actions_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "milia.sqlite3"
        self._output = folder / "run.log"
        environment = {
            **os.environ,
            "VAR_DIR": str(folder),
            "BOT_PORT": str(self.port),
            "ACTIONS_PORT": str(self.actions_port),
            "CONSOLE_PORT": str(free_port()),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "RATE_LIMITS": "off",
            **settings,
        }
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "launcher", "run"],
                cwd=PROJECT_ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self, seconds: float = SECONDS_TO_START) -> None:
        """Return when every part is ready; fail with what the screen showed otherwise."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._output.read_text()
            try:
                if loopback.get(f"{self.url}/health/ready", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(self._output.read_text())

    def process_of(self, module: str) -> int:
        """The process id of a child by the module that it runs."""
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().split(b"\0")
                environment = (entry.parent / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            ours = f"VAR_DIR={self.folder}".encode() in environment
            if ours and words[1:3] == [b"-m", module.encode()]:
                return int(entry.parent.name)
        raise AssertionError(f"{module} does not run")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the database beside the running processes."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10) as connection:
            teach_to_read(connection)
            return connection.execute(query).fetchall()

    def visitor(self) -> "Visitor":
        """Somebody who has just opened the chat."""
        return Visitor(self.url)

    def end(self) -> None:
        """Ctrl-C, as at a terminal."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=SECONDS_TO_END)


class Visitor:
    """A visitor of the website: a session, and messages in it."""

    def __init__(self, url: str) -> None:
        self._web = f"{url}/webhooks/web"
        opened = loopback.post(f"{self._web}/sessions", json={}, timeout=SECONDS_TO_ANSWER)
        assert opened.status_code == 201, opened.text
        self.greeting: list[dict[str, Any]] = opened.json()["messages"]
        self._headers = {"Authorization": f"Bearer {opened.json()['token']}"}

    def send(
        self, text: str | None = None, *, choice: str | None = None, message_id: str | None = None
    ) -> httpx.Response:
        """Post one message, or choose what was offered."""
        content = {"text": text} if choice is None else {"choice": choice}
        body = {"id": message_id or uuid.uuid4().hex, **content}
        return loopback.post(f"{self._web}/messages", json=body, headers=self._headers, timeout=SECONDS_TO_ANSWER)

    def say(self, text: str) -> str:
        """Send text and return everything that came back, in one string."""
        return " ".join(message["text"] for message in self.messages(text))

    def messages(self, text: str) -> list[dict[str, Any]]:
        """Send text and return the messages."""
        answer = self.send(text)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found
