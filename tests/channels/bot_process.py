"""The bot's real process, with its own ports and database."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from clinic import flags
from clinic.answers import tables as content_tables
from clinic.database import Base, make_engine
from clinic.settings import PROJECT_ROOT
from conversations import erasure, teaching, web_sessions
from tests import loopback
from tests.encryption_keys import teach_to_read
from tests.ports import free_port

SECONDS_TO_START = 60
NO_IDLE_CONNECTIONS = httpx.Limits(max_keepalive_connections=0)
TABLES_ARE_KNOWN = (flags, content_tables, erasure, teaching, web_sessions)


def create_tables(database_url: str) -> None:
    engine = make_engine(database_url)
    Base.metadata.create_all(engine)
    engine.dispose()


class BotProcess:
    """`python -m channels.serve` on a free port; its output goes to `log`."""

    program = "channels.serve"

    def __init__(self, folder: Path, model: Path, actions_port: int, port: int | None = None, **settings: str) -> None:
        self.port = port or free_port()
        self.database = folder / "milia.sqlite3"
        self.log = folder / "bot.log"
        self.url = f"http://127.0.0.1:{self.port}"
        self.web = f"{self.url}/webhooks/web"
        self._model = model
        self._environment = {
            **os.environ,
            "BOT_PORT": str(self.port),
            "ACTIONS_PORT": str(actions_port),
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "LOG_LEVEL": "DEBUG",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        create_tables(self._environment["DATABASE_URL"])
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", self.program, "--model", str(self._model)]
            self._process = subprocess.Popen(
                command, cwd=PROJECT_ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait_until_live()

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=30)

    def resident_bytes(self) -> int:
        """The memory that the process holds."""
        assert self._process is not None
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def heard(self) -> list[str]:
        """What the visitor of the newest conversation said, as its events have it."""
        query = """SELECT plain('events.data', data) FROM events WHERE type_name = 'user' AND sender_id =
            (SELECT sender_id FROM events ORDER BY id DESC LIMIT 1) ORDER BY id"""
        with closing(sqlite3.connect(self.database)) as connection:
            teach_to_read(connection)
            return [json.loads(data)["text"] for (data,) in connection.execute(query)]

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _wait_until_live(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, self.log_text()
            try:
                if loopback.get(f"{self.url}/health/live").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(f"the bot did not start:\n{self.log_text()}")


class Visitor:
    """A client of the web channel with a session of its own."""

    def __init__(self, bot: BotProcess) -> None:
        self.client = loopback.Client(base_url=bot.web, timeout=40, limits=NO_IDLE_CONNECTIONS)
        self.opened = self.client.post("/sessions")
        assert self.opened.status_code == 201, self.opened.text
        self.client.headers["Authorization"] = f"Bearer {self.opened.json()['token']}"
        self._count = 0

    def send(self, **message: Any) -> httpx.Response:
        self._count += 1
        return self.client.post("/messages", json={"id": f"m{self._count}", **message})

    def say(self, text: str) -> list[dict[str, Any]]:
        response = self.send(text=text)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    def history(self) -> list[dict[str, Any]]:
        response = self.client.get("/messages")
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages
