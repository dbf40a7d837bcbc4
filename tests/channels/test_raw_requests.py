"""Requests as no decent client writes them: each is refused as the client's fault, at once, and none as ours."""

import socket
from pathlib import Path

import pytest

from channels.web.rate_limits import RateLimits
from channels.web.tokens import SessionTokens
from clinic.settings import load_settings
from tests.channels.bot_process import BotProcess

MESSAGES = b"POST /webhooks/web/messages HTTP/1.1"
SESSIONS = b"POST /webhooks/web/sessions HTTP/1.1"
BODY = b"\r\n\r\n{}"


def answer_to(bot: BotProcess, line: bytes, *headers: bytes, ending: bytes = b"\r\n\r\n") -> bytes:
    """What comes back, until the bot says nothing more; well before it would give up waiting for a body."""
    with socket.create_connection(("127.0.0.1", bot.port), timeout=8) as connection:
        connection.sendall(b"\r\n".join([line, b"Host: 127.0.0.1:5005", b"Connection: close", *headers]) + ending)
        return connection.recv(4096)


@pytest.mark.parametrize(
    "headers",
    [
        (b"Content-Length: abc",),
        (b"Content-Length: -5",),
        (b"Content-Length: +2",),
        (b"Content-Length: 1_0",),
        (b"Content-Length: " + b"9" * 5_000,),
        (b"Content-Length:",),
        (b"Content-Length: 2", b"Content-Length: 3"),
        (b"Content-Length: 2", b"Transfer-Encoding: chunked"),
        (b"Transfer-Encoding: gzip",),
        (b"Transfer-Encoding: gzip, chunked",),
        (b"Expect: miracles", b"Content-Length: 2"),
    ],
    ids=lambda headers: b" ".join(headers)[:40].decode(),
)
def test_a_request_whose_body_cannot_be_told_is_refused(bot: BotProcess, headers: tuple[bytes, ...]) -> None:
    for line in (MESSAGES, SESSIONS):
        answer = answer_to(bot, line, *headers, ending=BODY)
        assert answer.startswith(b"HTTP/1.1 400"), answer[:80]
        assert b'"bad_request"' in answer


def test_a_body_in_chunks_is_read(bot: BotProcess) -> None:
    ending = b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    assert answer_to(bot, MESSAGES, b"Transfer-Encoding: chunked", ending=ending).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("token", [b"\xff", b"a.b.\xff", b"\xc3\xa9.b.c", b"\xff.b.c"])
def test_a_token_of_any_bytes_is_no_token(bot: BotProcess, token: bytes) -> None:
    for line in (b"GET /webhooks/web/messages HTTP/1.1", b"DELETE /webhooks/web/sessions HTTP/1.1", MESSAGES):
        answer = answer_to(bot, line, b"Authorization: Bearer " + token, b"Content-Length: 2", ending=BODY)
        assert answer.startswith(b"HTTP/1.1 401"), answer[:80]


def test_other_headers_of_any_bytes_break_nothing(bot: BotProcess) -> None:
    names = (b"User-Agent", b"Cookie", b"X-Request-ID", b"X-Forwarded-For", b"Forwarded", b"Accept", b"Host")
    answer = answer_to(bot, SESSIONS, *(name + b": \xff;=,\x80" for name in names))
    assert answer.startswith(b"HTTP/1.1 201"), answer[:80]


def test_what_is_read_from_headers_may_be_any_text(tmp_path: Path) -> None:
    """Sanic reads bytes that are no UTF-8 as lone surrogates, which cannot be encoded."""
    limits = RateLimits(load_settings({"RATE_LIMITS": "on", "VAR_DIR": str(tmp_path)}))
    limits.count_session("\udcff")
    assert SessionTokens("x" * 40).session_id("\udcff.a.b") is None
