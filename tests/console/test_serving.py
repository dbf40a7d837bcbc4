"""The console's process: how it starts, what it logs, how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from clinic.database import make_engine
from clinic.settings import PROJECT_ROOT
from tests.ports import free_port

SECONDS_TO_START = 60


class ConsoleProcess:
    """`python -m console.serve` with an environment of its own."""

    def __init__(self, folder: Path, database: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "console.log"
        environment = {
            **os.environ,
            "SECRET_KEY": "k" * 40,
            "VAR_DIR": str(folder),
            "CONSOLE_PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{database}",
            **settings,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "console.serve"], cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=log
            )

    def wait_until_ready(self) -> httpx.Response:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return httpx.get(f"{self.url}/health/ready")
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def served(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleProcess]:
    folder = tmp_path_factory.mktemp("served")
    database = folder / "console.sqlite3"
    database.write_bytes(migrated_file.read_bytes())
    console = ConsoleProcess(folder, database)
    console.wait_until_ready()
    yield console
    console.process.kill()
    console.process.wait()


def test_it_is_ready_when_database_and_projection_work(served: ConsoleProcess) -> None:
    assert httpx.get(f"{served.url}/health/ready").json() == {"status": "ready", "failing": []}
    assert httpx.get(f"{served.url}/health/live").json() == {"status": "live"}


def test_it_answers_requests_that_are_no_http_with_a_refusal(served: ConsoleProcess) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert b" 400 " in connection.recv(100)
    assert httpx.get(f"{served.url}/login").status_code == 200


def test_it_tells_nothing_of_the_server_that_runs_it(served: ConsoleProcess) -> None:
    assert "server" not in httpx.get(f"{served.url}/login").headers


def test_it_logs_neither_addresses_nor_requests_and_ends_in_good_order(served: ConsoleProcess) -> None:
    httpx.get(f"{served.url}/welcome", params={"token": "SECRET-IN-ADDRESS"})
    assert served.end() == 0
    log = served.log.read_text()
    assert "the console listens on" in log
    assert "SECRET-IN-ADDRESS" not in log
    assert "Traceback" not in log


def refused_start(folder: Path, database: Path, **settings: str) -> str:
    console = ConsoleProcess(folder, database, **settings)
    assert console.process.wait(timeout=SECONDS_TO_START) == 1
    log = console.log.read_text()
    assert "Traceback" not in log
    return log


def test_a_database_that_is_not_migrated_is_said_plainly(tmp_path: Path) -> None:
    make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}").connect().close()
    assert "python -m clinic.migrate" in refused_start(tmp_path, tmp_path / "empty.sqlite3")


def test_a_port_that_is_taken_is_said_plainly(tmp_path: Path, migrated_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "could not start" in refused_start(tmp_path, migrated_file, CONSOLE_PORT=port)


def test_production_does_not_start_without_a_secret_of_its_own(tmp_path: Path, migrated_file: Path) -> None:
    settings = {"MILIA_ENVIRONMENT": "production", "SECRET_KEY": ""}
    assert "SECRET_KEY" in refused_start(tmp_path, migrated_file, **settings)


def test_production_does_not_show_the_console_without_tls(tmp_path: Path, migrated_file: Path) -> None:
    settings = {"MILIA_ENVIRONMENT": "production", "CONSOLE_URL": "http://console.example.com"}
    assert "CONSOLE_URL must begin with https" in refused_start(tmp_path, migrated_file, **settings)


def test_the_process_never_loads_what_the_bot_needs() -> None:
    program = "import console.serve, sys; print([name for name in ('rasa', 'numpy', 'sklearn') if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "[]\n"
