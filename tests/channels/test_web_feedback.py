"""`POST /feedback` of the web channel: whether an answer was helpful."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests import loopback
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, Visitor


def rate(visitor: Visitor, body: Any) -> tuple[int, str | None]:
    response = visitor.client.post("/feedback", json=body)
    return response.status_code, response.json()["error"]["code"] if response.content else None


def turns(visitor: Visitor) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = visitor.client.get("/messages").json()["turns"]
    return told


def test_a_verdict_is_kept_changed_and_shown_again(visitor: Visitor) -> None:
    visitor.say("what are milia?")
    assert [turn["helpful"] for turn in turns(visitor)] == [None, None]
    for helpful in (True, True, False):
        assert rate(visitor, {"id": "m1", "helpful": helpful}) == (204, None)
        assert [turn["helpful"] for turn in turns(visitor)] == [None, helpful]
    greeting, first = turns(visitor)
    assert greeting["id"] is None
    assert first["id"] == "m1"
    assert greeting["came_at"] <= first["came_at"] <= first["answered_at"]
    assert first["came_at"].endswith("+00:00")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "bad_message"),
        ({}, "bad_feedback"),
        ({"id": "m1"}, "bad_feedback"),
        ({"id": "m1", "helpful": "yes"}, "bad_feedback"),
        ({"id": "m1", "helpful": 1}, "bad_feedback"),
        ({"id": "m1", "helpful": None}, "bad_feedback"),
        ({"id": "m1", "helpful": True, "text": "x"}, "bad_feedback"),
        ({"id": ":greeting", "helpful": True}, "bad_id"),
        ({"id": 1, "helpful": True}, "bad_id"),
        ({"id": "m2", "helpful": True}, "unknown_answer"),
        ({"id": "m9", "helpful": True}, "unknown_answer"),
    ],
)
def test_what_is_no_verdict_on_an_answer_is_refused(visitor: Visitor, body: Any, code: str) -> None:
    visitor.say("what are milia?")
    visitor.say("restart")
    assert rate(visitor, body) == (400, code)


def test_only_whoever_holds_the_session_may_rate(bot: BotProcess, visitor: Visitor) -> None:
    visitor.say("what are milia?")
    body = {"id": "m1", "helpful": True}
    assert loopback.post(f"{bot.web}/feedback", json=body).status_code == 401
    assert rate(Visitor(bot), body) == (400, "unknown_answer")
    foreign = visitor.client.post("/feedback", json=body, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    preflight = loopback.options(f"{bot.web}/feedback", headers={"Origin": bot.url})
    assert preflight.headers["Access-Control-Allow-Origin"] == bot.url
    wrong = visitor.client.post("/feedback", content=b"{}", headers={"Content-Type": "text/plain"})
    assert wrong.status_code == 415
    assert visitor.client.delete("/sessions").status_code == 204
    assert rate(visitor, body) == (401, "session_ended")


def test_ending_the_chat_erases_its_verdicts(bot: BotProcess, visitor: Visitor) -> None:
    visitor.say("what are milia?")
    rate(visitor, {"id": "m1", "helpful": False})
    count = "SELECT count(*) FROM feedback"
    with sqlite3.connect(bot.database) as database:
        before = database.execute(count).fetchone()[0]
        visitor.client.delete("/sessions")
        assert database.execute(count).fetchone()[0] == before - 1


def test_verdicts_are_limited(model: Path, actions: ActionServer, tmp_path: Path) -> None:
    bot = BotProcess(tmp_path, model, actions.port)
    bot.start()
    try:
        visitor = Visitor(bot)
        visitor.say("what are milia?")
        statuses = [rate(visitor, {"id": "m1", "helpful": True})[0] for _ in range(32)]
        assert statuses == [204] * 30 + [429] * 2
    finally:
        bot.stop()
