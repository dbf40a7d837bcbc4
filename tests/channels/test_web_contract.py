"""What the web channel refuses, and how it says so."""

import json
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer

from tests import loopback
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, Visitor

FOREIGN = "https://evil.example"


def code_of(response: httpx.Response) -> tuple[int, str]:
    error = response.json()["error"]
    assert set(response.json()) == {"error"}
    assert set(error) == {"code", "message"}
    assert error["message"]
    return response.status_code, error["code"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "bad_message"),
        (1, "bad_message"),
        ("text", "bad_message"),
        ({}, "bad_message"),
        ({"id": "a"}, "bad_message"),
        ({"text": "hi"}, "bad_id"),
        ({"id": "a", "text": "hi", "choice": "b"}, "bad_message"),
        ({"id": "a", "text": "hi", "sender": "someone"}, "bad_message"),
        ({"id": 5, "text": "hi"}, "bad_id"),
        ({"id": "", "text": "hi"}, "bad_id"),
        ({"id": "a" * 65, "text": "hi"}, "bad_id"),
        ({"id": "a b", "text": "hi"}, "bad_id"),
        ({"id": ":greeting", "text": "hi"}, "bad_id"),
        ({"id": "a\n", "text": "hi"}, "bad_id"),
        ({"id": "a", "text": 5}, "bad_text"),
        ({"id": "a", "text": None}, "bad_text"),
        ({"id": "a", "text": ""}, "empty_text"),
        ({"id": "a", "text": " \n\t\u0000\u0007 "}, "empty_text"),
        ({"id": "a", "choice": 5}, "bad_choice"),
        ({"id": "a", "choice": ""}, "bad_choice"),
    ],
)
def test_a_malformed_message_is_refused(visitor: Visitor, body: Any, code: str) -> None:
    assert code_of(visitor.client.post("/messages", json=body)) == (400, code)


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"\xff\xfe", b'{"id": "a", "text": "hi"', b"[" * 9_000])
def test_what_is_no_json_is_refused(visitor: Visitor, content: bytes) -> None:
    response = visitor.client.post("/messages", content=content, headers={"Content-Type": "application/json"})
    assert code_of(response)[0] == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_is_refused(visitor: Visitor, kind: str) -> None:
    content = json.dumps({"id": "a", "text": "hi"}).encode()
    response = visitor.client.post("/messages", content=content, headers={"Content-Type": kind})
    assert code_of(response) == (415, "not_json")


def test_too_much_is_refused(visitor: Visitor) -> None:
    assert code_of(visitor.send(text="a" * 5_001)) == (413, "too_large")
    assert code_of(visitor.send(text="a" * 17_000)) == (413, "too_large")
    assert code_of(visitor.send(text="a" * 100_000)) == (413, "too_large")
    assert visitor.send(text="what are milia " + "a" * 4_900).status_code == 200


def test_control_characters_are_removed(visitor: Visitor, actions: ActionServer) -> None:
    content = b'{"id": "a", "text": "what\\u0000 are\\u001b milia\\ud800?\\nReally"}'
    response = visitor.client.post("/messages", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 200
    assert actions.calls[-1]["tracker"]["latest_message"]["text"] == "what are milia?\nReally"


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x.y.z", "Basic abc", "bearer x"])
def test_without_a_good_token_nothing_is_told(bot: BotProcess, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    for method, path in (("GET", "/messages"), ("POST", "/messages"), ("DELETE", "/sessions")):
        body = {"id": "a", "text": "hi"} if method == "POST" else None
        assert code_of(loopback.request(method, bot.web + path, headers=headers, json=body)) == (401, "session_ended")


def test_a_token_that_somebody_else_signed_or_of_no_session_is_refused(bot: BotProcess, tmp_path: Path) -> None:
    ours = (bot.database.parent / "development-secret").read_text(encoding="ascii")
    for secret, salt in (("x" * 40, "web-session"), (ours, "another"), (ours, "web-session")):
        token = URLSafeTimedSerializer(secret, salt=salt).dumps("no-such-session")
        response = loopback.get(f"{bot.web}/messages", headers={"Authorization": f"Bearer {token}"})
        assert code_of(response) == (401, "session_ended")


def test_the_token_is_not_taken_from_the_address(visitor: Visitor) -> None:
    token = visitor.opened.json()["token"]
    del visitor.client.headers["Authorization"]
    assert visitor.client.get("/messages", params={"token": token}).status_code == 401


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://127.0.0.1", "http://127.0.0.1:1"])
def test_a_page_of_another_site_is_refused(visitor: Visitor, origin: str) -> None:
    headers = {"Origin": origin}
    for method, path, body in (
        ("POST", "/sessions", None),
        ("DELETE", "/sessions", None),
        ("GET", "/messages", None),
        ("POST", "/messages", {"id": "a", "text": "hi"}),
        ("OPTIONS", "/messages", None),
        ("OPTIONS", "/sessions", None),
    ):
        response = visitor.client.request(method, path, headers=headers, json=body)
        assert code_of(response) == (403, "foreign_origin")
        assert "Access-Control-Allow-Origin" not in response.headers
    assert len(visitor.history()) == 1


def test_an_allowed_page_may_read_answers_and_refusals(bot: BotProcess, visitor: Visitor) -> None:
    headers = {"Origin": bot.url}
    answers = [
        visitor.client.get("/messages", headers=headers),
        visitor.client.post("/messages", headers=headers, json=[]),
        loopback.post(f"{bot.web}/sessions", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 201]
    for answer in answers:
        assert answer.headers["Access-Control-Allow-Origin"] == bot.url
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_preflight_tells_an_allowed_page_what_it_may_send(bot: BotProcess) -> None:
    headers = {"Origin": bot.url, "Access-Control-Request-Method": "POST"}
    response = loopback.options(f"{bot.web}/messages", headers=headers)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == bot.url
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert {"authorization", "content-type"} <= set(
        response.headers["Access-Control-Allow-Headers"].lower().replace(" ", "").split(",")
    )


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/webhooks/web/nothing", (404, "not_found")),
        ("PUT", "/webhooks/web/messages", (405, "method_not_allowed")),
        ("GET", "/webhooks/web/sessions", (405, "method_not_allowed")),
        ("GET", "/", (404, "not_found")),
        ("GET", "/webhooks/rest/webhook", (404, "not_found")),
        ("POST", "/webhooks/rest/webhook", (404, "not_found")),
        ("GET", "/status", (404, "not_found")),
        ("GET", "/domain", (404, "not_found")),
        ("GET", "/conversations/x/tracker", (404, "not_found")),
        ("POST", "/model/parse", (404, "not_found")),
        ("GET", "/version", (404, "not_found")),
    ],
)
def test_whatever_is_not_in_the_contract_is_not_there(
    bot: BotProcess, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert code_of(loopback.request(method, bot.url + path)) == expected


def test_every_answer_has_the_safe_headers(bot: BotProcess, visitor: Visitor) -> None:
    for response in (
        visitor.client.get("/messages"),
        visitor.client.post("/messages", json={}),
        loopback.get(f"{bot.url}/nothing"),
        loopback.get(f"{bot.web}/demo"),
    ):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in response.headers


def test_a_request_that_is_no_http_gets_no_answer_that_tells_anything(bot: BotProcess) -> None:
    with socket.create_connection(("127.0.0.1", bot.port), timeout=5) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        answer = connection.recv(4096)
    assert b"Traceback" not in answer
    assert answer.startswith(b"HTTP/1.1 400")


def test_rate_limits_hold_per_session_and_per_address(model: Path, actions: ActionServer, tmp_path: Path) -> None:
    bot = BotProcess(tmp_path, model, actions.port)
    bot.start()
    try:
        visitor, other = Visitor(bot), Visitor(bot)
        statuses = [visitor.send(text="what are milia?").status_code for _ in range(22)]
        assert statuses == [200] * 20 + [429] * 2
        refused = visitor.send(text="what are milia?")
        assert code_of(refused) == (429, "too_many_requests")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert "911" in refused.json()["error"]["message"]
        assert other.send(text="what are milia?").status_code == 200
        opened = [loopback.post(f"{bot.web}/sessions").status_code for _ in range(30)]
        assert opened == [201] * 28 + [429] * 2
    finally:
        bot.stop()
