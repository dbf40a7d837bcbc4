"""A model that the staff promote is taken by a running bot; who writes to it notices nothing but the answer."""

import io
import json
import shutil
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from channels.model_changes import ModelChanges
from clinic import clock
from clinic.database import Base, make_engine, transaction
from conversations.teaching import Promotion
from tests import loopback
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, Visitor

SECONDS_TO_CHANGE = 60
HOWDY = "howdy there"


def variant(model: Path, path: Path, words: dict[str, str]) -> Path:
    """The same model with other keywords."""
    with tarfile.open(model) as given, tarfile.open(path, "w:gz") as made:
        for member in given.getmembers():
            content = given.extractfile(member)
            data = content.read() if content else b""
            if member.name == "metadata.json":
                data = data.replace(b'"words": {}', b'"words": ' + json.dumps(words).encode())
                assert json.dumps(words).encode() in data
            member.size = len(data)
            made.addfile(member, io.BytesIO(data) if content else None)
    return path


def promote(engine: Engine, model: str, taught: str | None = None) -> None:
    with transaction(engine) as session:
        row = {"kind": "promoted", "model": model, "taught": taught, "promoted_by": "anya", "promoted_at": clock.now()}
        session.add(Promotion(**row))


@pytest.fixture(scope="module")
def models(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`before` answers howdy as off topic, `after` as a question; `unfit` knows no milia, `broken` is no model."""
    folder = tmp_path_factory.mktemp("models")
    variant(model, folder / "before.tar.gz", {})
    variant(model, folder / "after.tar.gz", {"howdy": "faq/can_i_pop"})
    variant(model, folder / "unfit.tar.gz", {"what are milia": "stop"})
    (folder / "broken.tar.gz").write_bytes((folder / "before.tar.gz").read_bytes()[:2_000])
    return folder


class RunningBot:
    """A bot on `before`, and the database in which it looks for promotions."""

    def __init__(self, process: BotProcess) -> None:
        self.process = process
        self.engine = make_engine(f"sqlite:///{process.database}")

    def health(self) -> dict[str, Any]:
        response = loopback.get(f"{self.process.url}/health/ready", timeout=10)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def wait_until(self, model: str, model_refused: str | None = None) -> None:
        deadline = time.monotonic() + SECONDS_TO_CHANGE
        while (found := self.health())["model"] != model or found.get("model_refused") != model_refused:
            assert time.monotonic() < deadline, (self.health(), self.process.log_text())
            time.sleep(0.1)


@pytest.fixture(scope="module")
def changing_bot(
    models: Path, running_actions: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningBot]:
    """One bot for all tests here, which go on from the model that the one before left."""
    folder = tmp_path_factory.mktemp("changing")
    process = BotProcess(folder, models / "before.tar.gz", running_actions.port, RATE_LIMITS="off")
    process.start()
    running = RunningBot(process)
    yield running
    running.engine.dispose()
    assert process.stop() == 0


@pytest.fixture
def on_before(changing_bot: RunningBot, actions: ActionServer) -> RunningBot:
    """The bot, with `before` in force."""
    if changing_bot.health()["model"] != "before":
        promote(changing_bot.engine, "before")
        changing_bot.wait_until(model="before")
    return changing_bot


def test_a_model_that_cannot_be_taken_leaves_the_old_one_in_force(on_before: RunningBot, actions: ActionServer) -> None:
    for unusable in ("broken", "unfit", "missing"):
        promote(on_before.engine, unusable)
        on_before.wait_until(model="before", model_refused=unusable)
        assert f"the promoted model {unusable}" in on_before.process.log_text()
    assert Visitor(on_before.process).send(text=HOWDY).status_code == 200
    assert actions.calls[-1]["tracker"]["latest_message"]["understanding"]["label"] == "out_of_scope"
    promote(on_before.engine, "before")
    on_before.wait_until(model="before")


def test_a_promoted_model_answers_while_visitors_go_on_writing(on_before: RunningBot, actions: ActionServer) -> None:
    actions.mode = "slow"  # so that some turns are under way when the model changes
    visitors = [Visitor(on_before.process) for _ in range(4)]
    assert visitors[0].send(text="my name is Zoe").status_code == 200
    done = threading.Event()

    def write_on(visitor: Visitor) -> list[int]:
        statuses = []
        while not done.is_set():
            statuses.append(visitor.send(text=HOWDY).status_code)
        return statuses

    with ThreadPoolExecutor(len(visitors)) as pool:
        writing = [pool.submit(write_on, visitor) for visitor in visitors]
        try:
            promote(on_before.engine, "after")
            on_before.wait_until(model="after")
        finally:
            done.set()
        statuses = [status for future in writing for status in future.result()]
    assert set(statuses) == {200}
    assert len(statuses) >= len(visitors)
    actions.calls.clear()
    assert visitors[0].send(text=HOWDY).status_code == 200
    tracker = actions.calls[-1]["tracker"]
    assert tracker["latest_message"]["understanding"]["label"] == "faq/can_i_pop"
    assert tracker["slots"]["contact_name"] == "Zoe"
    assert "model after is in force in the place of before" in on_before.process.log_text()


def test_a_bot_that_is_started_again_takes_the_promoted_model(on_before: RunningBot) -> None:
    promote(on_before.engine, "after", taught="0123456789abcdef")
    on_before.wait_until(model="after")
    on_before.process.kill()
    on_before.process.start()
    assert on_before.health()["model"] == "after"


class Processor:
    """Understands what its model's name says."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive

    async def parse_message(self, _message: object) -> dict[str, Any]:
        return {"understanding": {"label": "faq/what_are_milia"}}


class Agent:
    """Notes what it is told to use."""

    def __init__(self) -> None:
        self.used = ["start"]

    @property
    def model_name(self) -> str:
        return f"{self.used[-1]}.tar.gz"

    def make_processor(self, archive: Path) -> Processor:
        return Processor(archive)

    def use(self, processor: Processor) -> None:
        self.used.append(processor.archive.name.removesuffix(".tar.gz"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def started(engine: Engine, tmp_path: Path) -> Callable[[str | None], Agent]:
    """Starts a process on a model that was trained with these taught lines."""

    def start(notes: str | None) -> Agent:
        for name in ("start", "promoted"):
            (tmp_path / f"{name}.tar.gz").touch()
        if notes is not None:
            (tmp_path / "start.json").write_text(notes)
        agent = Agent()
        ModelChanges(agent, engine, tmp_path / "start.tar.gz").catch_up()  # type: ignore[arg-type]
        return agent

    return start


def test_a_start_without_any_promotion_changes_nothing(started: Callable[[str | None], Agent]) -> None:
    assert started(None).used == ["start"]


@pytest.mark.parametrize(
    ("notes", "taught", "used"),
    [
        # The launcher trained newer content with the promoted lines: the promoted archive itself is out of date.
        ('{"training_seconds": 60, "taught": "lines"}', "lines", ["start"]),
        ('{"training_seconds": 60}', None, ["start"]),
        # The launcher chose its model before the promotion.
        ('{"training_seconds": 60}', "lines", ["start", "promoted"]),
        ('{"training_seconds": 60, "taught": "lines"}', None, ["start", "promoted"]),
        (None, "lines", ["start", "promoted"]),
        ("no json", "lines", ["start", "promoted"]),
    ],
)
def test_a_start_takes_the_promoted_model_unless_it_has_its_lines(
    engine: Engine, started: Callable[[str | None], Agent], notes: str | None, taught: str | None, used: list[str]
) -> None:
    promote(engine, "promoted", taught)
    assert started(notes).used == used


def test_a_bot_whose_first_model_was_deleted_since_starts_on_the_one_in_force(
    models: Path, running_actions: ActionServer, tmp_path: Path
) -> None:
    first = tmp_path / "first.tar.gz"
    shutil.copy(models / "before.tar.gz", first)
    shutil.copy(models / "after.tar.gz", tmp_path / "after.tar.gz")
    process = BotProcess(tmp_path, first, running_actions.port, RATE_LIMITS="off")
    process.start()
    running = RunningBot(process)
    promote(running.engine, "after")
    running.wait_until(model="after")
    process.kill()
    first.unlink()
    process.start()
    running.wait_until(model="after")
    running.engine.dispose()
    assert "first.tar.gz is gone" in process.log_text()
    assert process.stop() == 0
