"""The projection as a program and as a console's background work."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

import conversations.projection
from clinic.settings import PROJECT_ROOT
from conversations.projection import ProjectionLoop, main
from conversations.tracker_store import ConversationStore
from tests.conversations.told import bot, say, turns, visitor


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    return sqlite_engine


@pytest.fixture
def configured(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The program's settings name the test's database."""
    monkeypatch.setenv("DATABASE_URL", str(engine.url))
    monkeypatch.setenv("VAR_DIR", str(tmp_path))


@pytest.fixture
def loop(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProjectionLoop]:
    """A loop that runs in the background and looks often."""
    monkeypatch.setattr(conversations.projection, "SECONDS_BETWEEN_LOOKS", 0.01)
    running, stop = ProjectionLoop(engine), threading.Event()
    thread = threading.Thread(target=running.run, args=(stop,))
    thread.start()
    yield running
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.usefixtures("configured")
async def test_once_brings_it_up_to_date_and_anew_makes_it_again(
    store: ConversationStore, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    await say(store, visitor(), bot("utter_greet"))
    assert main(["--once"]) == 0
    assert main(["--once"]) == 0
    assert main(["--rebuild"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{count} turns written; the log is up to date" for count in (1, 0, 1)
    ]
    assert len(turns(engine)) == 1


def test_what_it_can_do_is_in_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--once" in said
    assert "--rebuild" in said


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3", "unable to open database file"),
        ("MILIA_ENVIRONMENT", "staging", "MILIA_ENVIRONMENT"),
    ],
)
@pytest.mark.usefixtures("configured")
def test_what_is_wrong_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert main(["--once"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.usefixtures("configured")
async def test_it_runs_without_rasa_until_it_is_told_to_end(store: ConversationStore, engine: Engine) -> None:
    program = (
        "import sys, conversations.erasure\n"
        "from conversations.projection import main\n"
        "ended = main([])\n"
        "heavy = {name.partition('.')[0] for name in sys.modules} & {'rasa', 'rasa_sdk', 'sanic', 'numpy', 'spacy'}\n"
        "sys.exit(ended or (str(heavy) if heavy else 0))"
    )
    await say(store, visitor(), bot("utter_greet"))
    with subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT_ROOT) as process:
        eventually(lambda: len(turns(engine)) == 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


async def test_a_running_loop_keeps_up(store: ConversationStore, engine: Engine, loop: ProjectionLoop) -> None:
    for at in range(3):
        await say(store, visitor(at=at), bot("utter_greet"))
        eventually(lambda at=at: len(turns(engine)) == at + 1)  # type: ignore[misc]
    eventually(lambda: loop.state.last_success is not None and loop.state.last_error is None)


async def test_a_fault_of_the_database_is_said_once_and_tried_again(
    store: ConversationStore, engine: Engine, loop: ProjectionLoop, caplog: pytest.LogCaptureFixture
) -> None:
    eventually(lambda: loop.state.last_success is not None)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE conversation_states RENAME TO elsewhere"))
    eventually(lambda: loop.state.last_error == "OperationalError")
    since = loop.state.last_success
    time.sleep(0.1)
    assert loop.state.last_success == since
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO conversation_states"))
    await say(store, visitor("my secret"), bot("utter_greet"))
    eventually(lambda: len(turns(engine)) == 1)
    eventually(lambda: loop.state.last_error is None)
    said = [record.getMessage() for record in caplog.records if record.name == "conversations.projection"]
    assert said[0] == "the turn log is not up to date: OperationalError"
    assert len(said) <= 2
