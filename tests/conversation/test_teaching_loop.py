"""From a wrong answer to the right one in the same running bot, and back, through the console's own pages.

Everything is real but the amount of training lines: bot, action server, projection, check, training, comparison.
"""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import make_engine, transaction
from clinic.settings import PROJECT_ROOT
from console.app import make_app
from console.keys import digest_of
from console.sessions import csrf_token
from conversations.projection import Projection
from conversations.teaching import Correction
from conversations.teaching_watch import TeachingWatch
from conversations.turn_log import LoggedTurn
from conversations.workshop import Workshop
from evaluation.instance import OwnInstance
from nlu.training import current_model
from tests import loopback
from tests.console.app_client import SESSION_COOKIE, ConsoleClient, EventLoopThread
from tests.console.conftest import console_settings, log_in_as
from tests.conversation.instance import Visitor
from tests.conversation.small_project import make_small_project, workshop_of
from tests.encryption_keys import ENCRYPTION_KEYS

pytestmark = [pytest.mark.live, pytest.mark.model]
QUESTION = "gibble the flonks out with tweezies yay or nay"
RIGHT = "faq/can_i_pop"
SECONDS = 240


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with its model."""
    folder = tmp_path / "project"
    folder.mkdir()
    make_small_project(folder)
    command = [sys.executable, "-W", "ignore", "-m", "nlu.training", "--project", str(folder)]
    subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture
def instance(project: Path, tmp_path: Path) -> Iterator[OwnInstance]:
    """Bot and action server with that model."""
    folder = tmp_path / "var"
    folder.mkdir()
    with OwnInstance(current_model(project), folder, {"ENCRYPTION_KEYS": ENCRYPTION_KEYS}) as running:
        running.wait_until_ready(SECONDS)
        yield running


@pytest.fixture
def engine(instance: OwnInstance) -> Iterator[Engine]:
    engine = make_engine(instance.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def teaching(
    engine: Engine, instance: OwnInstance, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """What the console's process does in the background, and what its pages work with."""
    held_out = tmp_path / "held_out"
    held_out.mkdir()
    (held_out / "some.jsonl").write_text(json.dumps({"text": "so long and thanks", "label": "goodbye"}) + "\n")
    for name, value in {
        "EVALUATION_DIR": str(held_out),
        "DATABASE_URL": instance.database_url,
        "VAR_DIR": str(tmp_path / "var"),
        "SECRET_KEY": "k" * 40,
    }.items():
        monkeypatch.setenv(name, value)
    workshop = workshop_of(project, tmp_path / "var" / "teaching")
    monkeypatch.setattr(Workshop, "of", classmethod(lambda _cls, _settings: workshop))
    stop = threading.Event()
    thread = threading.Thread(target=TeachingWatch(engine, workshop).run, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


@pytest.fixture
def reviewer(engine: Engine, instance: OwnInstance, tmp_path: Path) -> Iterator[Callable[[str], ConsoleClient]]:
    """Somebody of the staff who is logged in."""
    settings = console_settings(tmp_path, DATABASE_URL=instance.database_url, BOT_PORT=str(instance.port))
    thread = EventLoopThread()
    clients: list[ConsoleClient] = []

    def make(name: str) -> ConsoleClient:
        client = ConsoleClient(make_app(settings, engine), thread)
        secret = log_in_as(engine, name, "reviewer")
        client.cookies.set(SESSION_COOKIE, secret, domain="127.0.0.1")
        client.csrf = csrf_token(settings.secret_key, digest_of(secret))
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
    thread.stop()


def model_of(instance: OwnInstance) -> str:
    return str(loopback.get(f"{instance.address}/health/ready", timeout=10).json()["model"])


def correction_of(engine: Engine) -> Correction:
    with transaction(engine) as session:
        return session.execute(select(Correction)).scalar_one()


@pytest.mark.usefixtures("teaching")
def test_a_wrong_answer_is_corrected_in_the_running_bot_and_taken_back(
    engine: Engine, instance: OwnInstance, reviewer: Callable[[str], ConsoleClient]
) -> None:
    anya, boris = reviewer("anya"), reviewer("boris")
    before = model_of(instance)
    asking, booking = Visitor(instance.address), Visitor(instance.address)
    wrong = asking.messages(QUESTION)
    assert "M9" not in str(wrong)
    assert "name" in booking.say("I'd like an appointment")
    booking.say("Nora Quist")

    # A reviewer sees what was made of it and says what would have been right.
    Projection(engine).bring_up_to_date()
    with transaction(engine) as session:
        turn = session.execute(select(LoggedTurn).where(LoggedTurn.text == QUESTION)).scalar_one()
    assert turn.label != RIGHT
    marked = {"mark": "relabel", "label": RIGHT, "seen": ""}
    anya.post(f"/conversations/{turn.conversation_id}/turns/{turn.event_id}/review", marked)
    correction = correction_of(engine)
    assert (correction.label, correction.state) == (RIGHT, "proposed")

    # A second one releases it, once it was checked.
    wait_until(lambda: correction_of(engine).checked_version is not None, "the correction was not checked")
    released = boris.post(f"/teaching/corrections/{correction.id}/release", {"version": str(correction.version)})
    assert released.status_code == 303
    address = boris.post("/teaching/candidates").headers["Location"]
    wait_until(lambda: "Promote" in boris.get(address).text, f"no candidate: {boris.get(address).text}")
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", boris.get(address).text))
    assert f"{QUESTION} Can I pop them" in shown
    assert model_of(instance) == before

    # The running bot takes it over; nobody's conversation is broken.
    assert boris.post(f"{address}/promote").status_code == 303
    wait_until(lambda: model_of(instance) != before, "the bot did not take the promoted model")
    assert "M9" in str(asking.messages(QUESTION))
    booking.say("312 555 0142")
    assert "Shall I send" in booking.say("tuesday mornings")
    assert "recorded" in booking.say("yes")

    # And back.
    promotion = re.search(r'name="promotion" value="(\d+)"', anya.get("/teaching/roll-back").text)
    assert promotion
    assert anya.post("/teaching/roll-back", {"promotion": promotion[1]}).status_code == 303
    wait_until(lambda: model_of(instance) == before, "the bot did not go back")
    assert "M9" not in str(asking.messages(QUESTION))
    assert correction_of(engine).state == "released"
