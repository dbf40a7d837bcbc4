"""docs/openapi.yml is what the running bot does: no route, status or code more or less."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from clinic.settings import PROJECT_ROOT
from tests import loopback
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import NO_IDLE_CONNECTIONS, BotProcess, Visitor, create_tables
from tests.channels.contract import CONTRACT, DEFAULT, Outcome, operations, outcomes, problems
from tests.channels.sms.phone import Phone
from tests.channels.test_faults import action_server_stopped, database_away

WEB, SMS = "/webhooks/web", "/webhooks/sms"
FOREIGN = {"Origin": "https://evil.example"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BY_PROXY = {"X-Forwarded-For": "203.0.113.7"}
SECONDS_TO_CHANGE = 30


@dataclass
class World:
    """What an occasion needs. `limited` counts requests; `first_answer` is what it said while it was starting."""

    bot: BotProcess
    actions: ActionServer
    limited: BotProcess
    first_answer: list[httpx.Response]
    visitor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.visitor = Visitor(self.bot)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.visitor.client.request(method, self.bot.url + path, **more)

    def anonymous(self, method: str, path: str, **more: Any) -> httpx.Response:
        return loopback.request(method, self.bot.url + path, **more)

    def message(self, body: Any, **more: Any) -> httpx.Response:
        return self.ask("POST", f"{WEB}/messages", json=body, **more)

    def verdict(self, body: Any) -> httpx.Response:
        return self.ask("POST", f"{WEB}/feedback", json=body)

    def without_database(self, method: str, path: str, **more: Any) -> httpx.Response:
        with database_away(self.bot):
            return self.ask(method, path, **more)

    def until(self, status: int, path: str) -> httpx.Response:
        """The readiness is kept for two seconds."""
        deadline = time.monotonic() + SECONDS_TO_CHANGE
        while (response := self.anonymous("GET", path)).status_code != status and time.monotonic() < deadline:
            time.sleep(0.2)
        return response

    def unready(self) -> httpx.Response:
        with action_server_stopped(self.actions):
            return self.until(503, "/health/ready")

    def without_actions(self, path: str) -> httpx.Response:
        with action_server_stopped(self.actions):
            return self.anonymous("GET", path)

    def signed(self, path: str, fields: list[tuple[str, str]]) -> httpx.Response:
        phone = Phone(self.bot)
        phone.address = self.bot.url + path
        return phone.post(fields)

    def id_used_before(self) -> httpx.Response:
        self.visitor.client.post("/messages", json={"id": "same", "text": "what are milia?"})
        return self.message({"id": "same", "text": "another"})

    def rated(self) -> httpx.Response:
        self.visitor.client.post("/messages", json={"id": "m", "text": "what are milia?"})
        return self.verdict({"id": "m", "helpful": True})

    def unchanged_script(self) -> httpx.Response:
        etag = self.anonymous("GET", f"{WEB}/widget.js").headers["ETag"]
        return self.anonymous("GET", f"{WEB}/widget.js", headers={"If-None-Match": etag})

    def report_without_database(self) -> httpx.Response:
        with database_away(self.bot):
            return self.signed(f"{SMS}/status", REPORT)


Occasion = Callable[[World], httpx.Response]
TEXT = {"id": "a", "text": "what are milia?"}
REPORT = [("MessageSid", "SM" + "0" * 32), ("MessageStatus", "delivered"), ("To", "+13125550123")]
TALKS = [
    ("POST", "/sessions", None),
    ("DELETE", "/sessions", None),
    ("POST", "/messages", TEXT),
    ("GET", "/messages", None),
    ("POST", "/feedback", {"id": "a", "helpful": True}),
]
LIMITS = {"/sessions": 60, "/messages": 60, "/feedback": 30}


def on_web() -> dict[Outcome, Occasion]:
    """What all routes of the chat have in common, made for each."""
    found: dict[Outcome, Occasion] = {}
    for method, name, body in TALKS:
        path = WEB + name
        more: dict[str, Any] = {"json": body} if body else {}
        found[Outcome(method, path, "403", "foreign_origin")] = _asking(method, path, headers=FOREIGN, **more)
        found[Outcome(method, path, "503", "not_kept")] = _without_database(method, path, **more)
        if (method, name) != ("POST", "/sessions"):
            found[Outcome(method, path, "401", "session_ended")] = _anonymous(method, path, **more)
        by = "GET" if method == "DELETE" else method
        asked = "/messages" if method == "DELETE" else name
        found[Outcome(method, path, "429", "too_many_requests")] = _too_often(method, name, by, asked, **more)
    for name in ("/sessions", "/messages", "/feedback"):
        found[Outcome("OPTIONS", WEB + name, "204")] = _asking("OPTIONS", WEB + name)
        found[Outcome("OPTIONS", WEB + name, "403", "foreign_origin")] = _asking("OPTIONS", WEB + name, headers=FOREIGN)
    for name in ("/messages", "/feedback"):
        path = WEB + name
        big = {"content": b" " * 17_000, "headers": {"Content-Type": "application/json"}}
        found[Outcome("POST", path, "413", "too_large")] = _asking("POST", path, **big)
        found[Outcome("POST", path, "415", "not_json")] = _asking("POST", path, content=b"{}")
        found[Outcome("POST", path, "400", "not_json")] = _asking("POST", path, **{**big, "content": b"{"})
        found[Outcome("POST", path, "400", "bad_message")] = _asking("POST", path, json=[])
    return found


def _asking(method: str, path: str, **more: Any) -> Occasion:
    return lambda world: world.ask(method, path, **more)


def _anonymous(method: str, path: str, **more: Any) -> Occasion:
    return lambda world: world.anonymous(method, path, **more)


def _without_database(method: str, path: str, **more: Any) -> Occasion:
    return lambda world: world.without_database(method, path, **more)


def _too_often(method: str, name: str, by: str, asked: str, **more: Any) -> Occasion:
    def occasion(world: World) -> httpx.Response:
        visitor = Visitor(world.limited) if (method, name) != ("POST", "/sessions") else None
        client = visitor.client if visitor else loopback.Client(base_url=world.limited.web, limits=NO_IDLE_CONNECTIONS)
        for _ in range(LIMITS[name]):
            client.request(by, asked, **more)
        return client.request(method, name, **more)

    return occasion


OCCASIONS: dict[Outcome, Occasion] = {
    **on_web(),
    Outcome("POST", f"{WEB}/sessions", "201"): _anonymous("POST", f"{WEB}/sessions"),
    Outcome("DELETE", f"{WEB}/sessions", "204"): _asking("DELETE", f"{WEB}/sessions"),
    Outcome("GET", f"{WEB}/messages", "200"): lambda world: world.rated() and world.ask("GET", f"{WEB}/messages"),
    Outcome("POST", f"{WEB}/messages", "200"): lambda world: world.message(TEXT),
    Outcome("POST", f"{WEB}/messages", "400", "bad_id"): lambda world: world.message({"id": 5, "text": "a"}),
    Outcome("POST", f"{WEB}/messages", "400", "bad_text"): lambda world: world.message({"id": "a", "text": 5}),
    Outcome("POST", f"{WEB}/messages", "400", "empty_text"): lambda world: world.message({"id": "a", "text": " "}),
    Outcome("POST", f"{WEB}/messages", "400", "bad_choice"): lambda world: world.message({"id": "a", "choice": 5}),
    Outcome("POST", f"{WEB}/messages", "400", "unknown_choice"): lambda world: world.message(
        {"id": "a", "choice": "b"}
    ),
    Outcome("POST", f"{WEB}/messages", "400", "id_reused"): World.id_used_before,
    Outcome("POST", f"{WEB}/feedback", "204"): World.rated,
    Outcome("POST", f"{WEB}/feedback", "400", "bad_feedback"): lambda world: world.verdict({"id": "a"}),
    Outcome("POST", f"{WEB}/feedback", "400", "bad_id"): lambda world: world.verdict({"id": 5, "helpful": True}),
    Outcome("POST", f"{WEB}/feedback", "400", "unknown_answer"): lambda w: w.verdict({"id": "none", "helpful": True}),
    Outcome("GET", f"{WEB}/widget.js", "200"): _anonymous("GET", f"{WEB}/widget.js"),
    Outcome("GET", f"{WEB}/widget.js", "304"): World.unchanged_script,
    Outcome("GET", f"{WEB}/demo", "200"): _anonymous("GET", f"{WEB}/demo"),
    Outcome("GET", f"{WEB}/demo.css", "200"): _anonymous("GET", f"{WEB}/demo.css"),
    Outcome("POST", f"{SMS}/webhook", "200"): lambda w: w.signed(
        f"{SMS}/webhook", Phone(w.bot).fields("what are milia")
    ),
    Outcome("POST", f"{SMS}/webhook", "400"): lambda world: world.signed(f"{SMS}/webhook", [("Body", "a")]),
    Outcome("POST", f"{SMS}/webhook", "403"): _anonymous("POST", f"{SMS}/webhook", headers=FORM),
    Outcome("POST", f"{SMS}/status", "204"): lambda world: world.signed(f"{SMS}/status", REPORT),
    Outcome("POST", f"{SMS}/status", "400"): lambda world: world.signed(f"{SMS}/status", [("To", "a")]),
    Outcome("POST", f"{SMS}/status", "403"): _anonymous("POST", f"{SMS}/status", headers=FORM),
    Outcome("POST", f"{SMS}/status", "503"): World.report_without_database,
    Outcome("GET", "/health/live", "200"): _anonymous("GET", "/health/live"),
    Outcome("GET", "/health/live", "503"): lambda world: world.first_answer[0],
    Outcome("GET", "/health/ready", "200"): lambda world: world.until(200, "/health/ready"),
    Outcome("GET", "/health/ready", "503"): World.unready,
    Outcome("GET", "/metrics", "200"): _anonymous("GET", "/metrics"),
    Outcome("GET", "/metrics", "404", "not_found"): _anonymous("GET", "/metrics", headers=BY_PROXY),
    Outcome("GET", "/metrics/actions", "200"): _anonymous("GET", "/metrics/actions"),
    Outcome("GET", "/metrics/actions", "404", "not_found"): _anonymous("GET", "/metrics/actions", headers=BY_PROXY),
    Outcome("GET", "/metrics/actions", "502"): lambda world: world.without_actions("/metrics/actions"),
}
UNREADABLE = {"bad_request": ("Content-Length", "none"), "too_large": ("X-Long", "a" * 20_000)}


@pytest.fixture(scope="module")
def limited(
    model: Path, running_actions: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[BotProcess, list[httpx.Response]]]:
    """A bot that counts requests, and its answers to whoever asked for its health before it had started."""
    bot = BotProcess(tmp_path_factory.mktemp("limited"), model, running_actions.port)
    answers: list[httpx.Response] = []
    asking = threading.Thread(target=_ask_until_answered, args=(bot, answers))
    asking.start()
    bot.start()
    asking.join()
    yield bot, answers
    bot.stop()


def _ask_until_answered(bot: BotProcess, answers: list[httpx.Response]) -> None:
    deadline = time.monotonic() + SECONDS_TO_CHANGE
    while not answers and time.monotonic() < deadline:
        try:
            answers.append(loopback.get(f"{bot.url}/health/live", timeout=SECONDS_TO_CHANGE))
        except httpx.TransportError:
            time.sleep(0.01)


@pytest.fixture
def world(bot: BotProcess, actions: ActionServer, limited: tuple[BotProcess, list[httpx.Response]]) -> World:
    return World(bot, actions, *limited)


def test_each_route_is_in_the_file_and_none_is_made_up(model: Path, tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'milia.sqlite3'}"
    create_tables(database_url)
    command = [sys.executable, "-W", "ignore", "-m", "tests.channels.routes", str(model)]
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": database_url}
    ran = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=True, capture_output=True, text=True)
    routes = [(method, path) for method, path in json.loads(ran.stdout.splitlines()[-1])]
    assert len(routes) > 10
    assert sorted(routes) == sorted(operations())


def test_the_files_schemas_are_schemas() -> None:
    for schema in CONTRACT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_each_status_and_code_of_the_file_has_its_occasion() -> None:
    assert {outcome for outcome in outcomes() if outcome.status != DEFAULT} == set(OCCASIONS)
    assert {outcome.code for outcome in outcomes() if outcome.status == DEFAULT} == set(UNREADABLE)


@pytest.mark.parametrize("outcome", sorted(OCCASIONS), ids=lambda o: f"{o.method}-{o.path}-{o.status}-{o.code}")
def test_what_the_file_says_happens(world: World, outcome: Outcome) -> None:
    response = OCCASIONS[outcome](world)
    assert str(response.status_code) == outcome.status, response.text
    assert problems(outcome.method, outcome.path, response) == []
    if outcome.code:
        assert response.json()["error"]["code"] == outcome.code


@pytest.mark.parametrize("code", UNREADABLE)
def test_what_cannot_be_read_is_refused_everywhere(bot: BotProcess, code: str) -> None:
    for method, path in sorted(operations()):
        with closing(http.client.HTTPConnection("127.0.0.1", bot.port, timeout=10)) as connection:
            connection.putrequest(method, path)
            connection.putheader(*UNREADABLE[code])
            connection.endheaders()
            answer = connection.getresponse()
            response = httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())
        assert problems(method, path, response) == [], (method, path)
        assert response.json()["error"]["code"] == code
