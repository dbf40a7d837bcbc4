"""What a visitor reads and what is kept when a part fails."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from sanic import Sanic
from sqlalchemy import select, text, update

from channels.health import HealthChannel
from clinic import clock
from clinic.database import make_engine, transaction
from clinic.settings import PROJECT_ROOT
from conversations.turns import Turn
from tests import loopback
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, Visitor, create_tables
from tests.ports import free_port

EMERGENCY = "I can't breathe"
CANARY = "Zaphodbeeblebrox"
FAULTS = ["fault", "silent", "garbage", "malformed", "rejected"]


@contextmanager
def database_away(bot: BotProcess) -> Iterator[None]:
    """Put a folder in the place of the database, so that no connection can be opened, not even by root."""
    files = [path for path in bot.database.parent.iterdir() if path.name.startswith(bot.database.name)]
    for path in files:
        path.rename(path.with_name(f"away-{path.name}"))
    bot.database.mkdir()
    try:
        yield
    finally:
        bot.database.rmdir()
        for path in files:
            path.with_name(f"away-{path.name}").rename(path)


@contextmanager
def action_server_stopped(actions: ActionServer) -> Iterator[None]:
    actions.stop()
    try:
        yield
    finally:
        actions.start()


@pytest.fixture
def own_bot(model: Path, actions: ActionServer, tmp_path: Path) -> Iterator[BotProcess]:
    """A bot that a test may kill."""
    bot = BotProcess(tmp_path, model, actions.port, RATE_LIMITS="off")
    bot.start()
    yield bot
    bot.stop()


@pytest.mark.parametrize("mode", FAULTS)
def test_when_the_action_fails_the_visitor_is_told_so(visitor: Visitor, actions: ActionServer, mode: str) -> None:
    actions.mode = mode
    (message,) = visitor.say("what are milia?")
    assert "never stored twice" in message["text"]
    assert message["source"] is None
    assert visitor.history()[-1]["text"] == message["text"]


@pytest.mark.parametrize("mode", FAULTS)
def test_when_the_action_fails_an_emergency_is_answered_all_the_same(
    bot: BotProcess, visitor: Visitor, actions: ActionServer, mode: str
) -> None:
    actions.mode = mode
    (message,) = visitor.say(EMERGENCY)
    assert "911" in message["text"]
    assert "went wrong" not in message["text"]
    with make_engine(f"sqlite:///{bot.database}").connect() as connection:
        labels = connection.execute(text("SELECT label FROM flags")).scalars().all()
    assert "safety/emergency" in labels


def test_when_the_action_fails_the_staff_are_told_of_an_emergency_all_the_same(
    model: Path, actions: ActionServer, tmp_path: Path
) -> None:
    actions.mode = "fault"
    bot = BotProcess(tmp_path, model, actions.port, RATE_LIMITS="off", STAFF_WEBHOOK_URL="http://127.0.0.1:9/")
    bot.start()
    try:
        Visitor(bot).say(EMERGENCY)
        query = "SELECT kind, target, outbox.channel FROM outbox JOIN flags ON flags.id = subject_id"
        with make_engine(f"sqlite:///{bot.database}").connect() as connection:
            assert connection.execute(text(query)).all() == [("safety/emergency", "webhook", "web")]
    finally:
        bot.stop()


def test_when_the_action_server_is_away_the_visitor_is_told_so_and_can_go_on_later(
    visitor: Visitor, actions: ActionServer
) -> None:
    body = {"id": "again", "text": "what are milia?"}
    with action_server_stopped(actions):
        failed = visitor.client.post("/messages", json=body)
        assert failed.status_code == 200
        assert "never stored twice" in failed.json()["messages"][0]["text"]
    answered = visitor.client.post("/messages", json=body).json()["messages"]
    assert "cyst" in answered[0]["text"]
    assert visitor.client.post("/messages", json=body).json()["messages"] == answered
    entries = visitor.history()
    assert [entry["sender"] for entry in entries] == ["assistant", "visitor", "assistant"]
    assert entries[-1]["text"] == answered[0]["text"]


def test_when_the_database_is_away_the_turn_is_refused_and_can_be_sent_again(bot: BotProcess, visitor: Visitor) -> None:
    visitor.say("my name is Ann, what are milia?")
    body = {"id": "again", "text": "can I pop them?"}
    with database_away(bot):
        refused = visitor.client.post("/messages", json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "not_kept")
        assert "never stored twice" in refused.json()["error"]["message"]
        for response in (visitor.client.get("/messages"), loopback.post(f"{bot.web}/sessions")):
            assert response.status_code == 503
    assert len(visitor.history()) == 3
    assert "scar" in visitor.client.post("/messages", json=body).json()["messages"][0]["text"]
    assert len(visitor.history()) == 5


def test_when_the_database_is_away_an_emergency_is_answered_all_the_same(bot: BotProcess, visitor: Visitor) -> None:
    with database_away(bot):
        refused = visitor.send(text=EMERGENCY)
    assert refused.status_code == 503
    assert "911" in refused.json()["error"]["message"]
    assert "went wrong" not in refused.json()["error"]["message"]


def test_when_the_database_goes_away_in_the_middle_nothing_is_half_kept(
    bot: BotProcess, visitor: Visitor, actions: ActionServer
) -> None:
    actions.mode = "slow"
    body = {"id": "again", "text": "what are milia?"}
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(visitor.client.post, "/messages", json=body)
        time.sleep(0.4)
        with database_away(bot):
            refused = sent.result()
    assert refused.status_code == 503
    _make_claims_old(bot)
    actions.mode = "ok"
    actions.calls.clear()
    assert visitor.client.post("/messages", json=body).status_code == 200
    assert bot.heard() == ["what are milia?"]


def test_a_turn_that_was_cut_off_by_a_crash_is_taken_over(
    own_bot: BotProcess, model: Path, actions: ActionServer
) -> None:
    visitor = Visitor(own_bot)
    visitor.say("my name is Ann, what are milia?")
    actions.mode = "slow"
    body = {"id": "again", "text": "an appointment please"}
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(visitor.client.post, "/messages", json=body)
        time.sleep(0.4)
        own_bot.kill()
        assert isinstance(sent.exception(), httpx.TransportError)
    actions.mode = "ok"
    own_bot.start()
    _make_claims_old(own_bot)
    answer = visitor.client.post("/messages", json=body)
    assert answer.status_code == 200
    assert "Ann" in answer.json()["messages"][0]["text"]
    assert own_bot.heard() == ["my name is Ann, what are milia?", "an appointment please"]


def test_of_a_turn_that_another_try_took_over_meanwhile_nothing_is_kept(
    bot: BotProcess, visitor: Visitor, actions: ActionServer
) -> None:
    visitor.say("my name is Ann, what are milia?")
    actions.mode = "slow"
    body = {"id": "again", "text": "an appointment please"}
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(visitor.client.post, "/messages", json=body)
        time.sleep(0.4)
        _take_over(bot)
        assert sent.result().status_code == 503
    assert bot.heard() == ["my name is Ann, what are milia?"]
    _make_claims_old(bot)
    actions.mode = "ok"
    answer = visitor.client.post("/messages", json=body)
    assert answer.status_code == 200
    assert bot.heard() == ["my name is Ann, what are milia?", "an appointment please"]
    assert visitor.send(choice=answer.json()["messages"][0]["choices"][0]["id"]).status_code == 200


def test_what_was_sent_cannot_be_found_by_trying_digests(bot: BotProcess, visitor: Visitor) -> None:
    visitor.say("312 555 0142")
    guessed = [hashlib.sha256(f"{kind}312 555 0142".encode()).hexdigest() for kind in ("", "text:")]
    with transaction(make_engine(f"sqlite:///{bot.database}")) as session:
        digests = set(session.execute(select(Turn.content_digest)).scalars())
    assert len(digests) > 1
    assert digests.isdisjoint(guessed)


def test_nothing_that_visitors_write_is_logged(bot: BotProcess, visitor: Visitor, actions: ActionServer) -> None:
    for mode in ("ok", *FAULTS):
        actions.mode = mode
        visitor.say(f"my name is {CANARY}, what are milia?")
        visitor.say(f"/restart {CANARY}")
        visitor.send(text=CANARY * 400)
        visitor.client.post("/messages", content=CANARY.encode())
    with action_server_stopped(actions):
        visitor.say(f"my name is {CANARY}, what are milia?")
    with database_away(bot):
        visitor.send(text=f"my name is {CANARY}, what are milia?")
    log = bot.log_text()
    assert CANARY not in log
    assert "the action server did not answer as it should" in log
    assert visitor.opened.json()["token"] not in log


def test_readiness_names_what_fails(bot: BotProcess, actions: ActionServer) -> None:
    assert _readiness(bot) == (200, [])
    with action_server_stopped(actions):
        assert _readiness(bot) == (503, ["actions"])
    with database_away(bot):
        assert _readiness(bot) == (503, ["database"])
        assert loopback.get(f"{bot.url}/health/live").status_code == 200
    assert _readiness(bot) == (200, [])


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"MODEL": "none.tar.gz"}, "there is no model"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}, "the database does not answer"),
        ({"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}, "Redis does not answer"),
        ({"MODEL": "broken"}, "the bot could not start"),
    ],
)
def test_a_bot_that_cannot_start_says_why_in_one_line(
    model: Path, tmp_path: Path, settings: dict[str, str], reason: str
) -> None:
    (tmp_path / "broken").write_bytes(b"this is no model")
    create_tables(f"sqlite:///{tmp_path / 'milia.sqlite3'}")
    name = settings.pop("MODEL", None)
    path = tmp_path / name if name else model
    done = run_bot(path, VAR_DIR=str(tmp_path), BOT_PORT=str(free_port()), **settings)
    assert done.returncode == 1
    assert reason in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_in_one_line(bot: BotProcess, model: Path, tmp_path: Path) -> None:
    done = run_bot(model, VAR_DIR=str(tmp_path), BOT_PORT=str(bot.port))
    assert done.returncode == 1
    assert "the bot could not start" in done.stderr.splitlines()[-1]


def run_bot(model: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "channels.serve", "--model", str(model)]
    return subprocess.run(
        command, cwd=PROJECT_ROOT, env=settings, capture_output=True, timeout=60, text=True, check=False
    )


def _readiness(bot: BotProcess) -> tuple[int, list[str]]:
    time.sleep(2.1)
    response = loopback.get(f"{bot.url}/health/ready", timeout=10)
    return response.status_code, response.json()["failing"]


def _make_claims_old(bot: BotProcess) -> None:
    moment = clock.now() - timedelta(seconds=61)
    with transaction(make_engine(f"sqlite:///{bot.database}")) as session:
        session.execute(update(Turn).where(Turn.state == "claimed").values(claimed_at=moment))


def _take_over(bot: BotProcess) -> None:
    with transaction(make_engine(f"sqlite:///{bot.database}")) as session:
        session.execute(update(Turn).where(Turn.message_id == "again").values(claim_number=Turn.claim_number + 1))


async def test_it_is_not_called_live_before_a_wish_to_stop_is_heard() -> None:
    app = Sanic("live_or_not", configure_logging=False)
    live = next(route for route in HealthChannel().blueprint(_nobody)._future_routes if route.uri == "/live").handler
    request = SimpleNamespace(app=app)
    app.ctx.has_started = False
    assert (await live(request)).status == 503
    app.ctx.has_started = True
    assert (await live(request)).status == 200


def test_a_bot_that_is_stopped_as_soon_as_it_is_live_ends_in_order(
    model: Path, actions: ActionServer, tmp_path
) -> None:
    bot = BotProcess(tmp_path, model, actions.port)
    for _ in range(3):
        bot.start()
        assert bot.stop() == 0


async def _nobody(_message: object) -> None:
    """Takes no message."""
