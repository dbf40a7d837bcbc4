"""The processes that deliver: the command and the action server. A killed one loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import Engine

from clinic.notices.claims import LEASE
from clinic.settings import PROJECT_ROOT
from tests import loopback
from tests.clinic.notice_receivers import MailServer, WebhookReceiver
from tests.clinic.stored_notices import environment_for, let_time_pass, notices, store_request
from tests.migrated_databases import sqlite
from tests.ports import free_port

SECONDS_TO_START = 30


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    yield from sqlite(tmp_path / "milia.sqlite3")


@contextmanager
def running(folder: Path, *command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=PROJECT_ROOT,
        env={**os.environ, "VAR_DIR": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def once(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    with running(folder, "clinic.notices", "--once", *options, **environment) as process:
        output, errors = process.communicate(timeout=SECONDS_TO_START)
        return subprocess.CompletedProcess([], process.returncode, output, errors)


def wait_until(condition: Callable[[], bool], seconds: float = SECONDS_TO_START) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def is_up(process: subprocess.Popen[str], port: int) -> bool:
    assert process.poll() is None, process.stderr.read() if process.stderr else ""
    try:
        return loopback.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def test_nothing_configured_is_said_and_is_no_fault(database: Engine, tmp_path: Path) -> None:
    done = once(tmp_path)
    assert done.returncode == 0
    assert "nothing is configured" in done.stdout


def test_one_run_delivers_what_is_due_to_every_target(database: Engine, tmp_path: Path) -> None:
    for _ in range(3):
        store_request(database, ("email", "webhook"))
    with MailServer() as server, WebhookReceiver() as receiver:
        done = once(tmp_path, **environment_for(tmp_path, mail_port=server.port, webhook_url=receiver.url))
    assert (done.returncode, done.stdout) == (0, "email: 3 delivered, 0 not\nwebhook: 3 delivered, 0 not\n")
    assert (len(server.mails), len(receiver.received)) == (3, 3)


def test_one_run_says_when_something_stays_undelivered(database: Engine, tmp_path: Path) -> None:
    for _ in range(5):
        store_request(database, ("webhook",))
    with WebhookReceiver() as receiver:
        receiver.status = 503
        done = once(tmp_path, **environment_for(tmp_path, webhook_url=receiver.url))
    assert (done.returncode, done.stdout) == (1, "webhook: 0 delivered, 3 not\n")
    assert receiver.url not in done.stderr


def test_one_run_can_try_again_what_was_given_up(database: Engine, tmp_path: Path) -> None:
    store_request(database, ("webhook",))
    with WebhookReceiver() as receiver:
        environment = environment_for(tmp_path, webhook_url=receiver.url)
        receiver.status = 410
        assert once(tmp_path, **environment).returncode == 1
        receiver.status = 204
        done = once(tmp_path, "--retry-failed", **environment)
    assert (done.returncode, done.stdout) == (0, "1 given up before, due again\nwebhook: 1 delivered, 0 not\n")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SMTP_URL": "smtp://127.0.0.1:9"}, "STAFF_EMAIL is not"),
        ({"STAFF_WEBHOOK_URL": "http://127.0.0.1:9/"}, "The database failed: OperationalError"),
    ],
    ids=["settings", "database"],
)
def test_a_fault_is_one_plain_line(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    done = once(tmp_path, **environment)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_process_killed_between_sending_and_noting_it_sends_again_under_the_same_id(
    database: Engine, tmp_path: Path
) -> None:
    store_request(database, ("webhook",))
    with WebhookReceiver() as receiver:
        environment = environment_for(tmp_path, webhook_url=receiver.url)
        receiver.hold_seconds = 60.0
        with running(tmp_path, "clinic.notices", "--once", **environment) as process:
            wait_until(lambda: len(receiver.received) == 1)
            process.kill()
        receiver.hold_seconds = 0.0
        assert once(tmp_path, **environment).stdout == "webhook: 0 delivered, 0 not\n"
        let_time_pass(database, LEASE + timedelta(seconds=1))
        assert once(tmp_path, **environment).stdout == "webhook: 1 delivered, 0 not\n"
    (notice,) = notices(database)
    assert [received.identifier for received in receiver.received] == [notice.id, notice.id]
    assert notice.attempts == 2
    assert notice.delivered_at is not None


def test_the_command_delivers_until_told_to_end(database: Engine, tmp_path: Path) -> None:
    with WebhookReceiver() as receiver:
        environment = environment_for(tmp_path, webhook_url=receiver.url)
        with running(tmp_path, "clinic.notices", **environment) as process:
            for count in (1, 2):
                store_request(database, ("webhook",))
                wait_until(lambda expected=count: len(receiver.received) == expected)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=5) == 0


def test_the_action_server_delivers_what_the_bot_stored(database: Engine, tmp_path: Path) -> None:
    port = free_port()
    with MailServer() as server:
        environment = environment_for(tmp_path, mail_port=server.port, ACTIONS_PORT=str(port))
        with running(tmp_path, "actions.serve", **environment) as process:
            wait_until(lambda: is_up(process, port))
            request_id = store_request(database, ("email",))
            wait_until(lambda: len(server.mails) == 1, seconds=10)
            wait_until(lambda: bool(notices(database)[0].delivered_at))
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
    assert request_id in server.mails[0].get_content()


def test_the_action_server_ends_promptly_while_a_receiver_hangs(database: Engine, tmp_path: Path) -> None:
    port = free_port()
    with WebhookReceiver() as receiver:
        receiver.hold_seconds = 60.0
        environment = environment_for(tmp_path, webhook_url=receiver.url, ACTIONS_PORT=str(port))
        with running(tmp_path, "actions.serve", **environment) as process:
            wait_until(lambda: is_up(process, port))
            store_request(database, ("webhook",))
            wait_until(lambda: len(receiver.received) == 1, seconds=10)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=8) == 0
    (notice,) = notices(database)
    assert notice.delivered_at is None
    assert notice.claimed_until is not None


def test_the_action_server_without_a_target_loads_none_of_it() -> None:
    code = "import sys, actions.serve; sys.exit(any(name.startswith('clinic.notices') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, check=False).returncode == 0
