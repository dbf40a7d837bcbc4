"""Requests made up from docs/openapi.yml, well formed and not: the bot answers each as the file says, and keeps silent.

About a thousand in the gate; `pytest tests/channels/test_openapi_fuzz.py --hypothesis-profile=long` sends many more.
"""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from channels.http_app import HEADERS
from channels.turn import TURN_SECONDS
from tests import loopback
from tests.channels.bot_process import NO_IDLE_CONNECTIONS, BotProcess
from tests.channels.contract import CONTRACT, problems
from tests.channels.sms.phone import signature
from tests.fuzzing import tried

SCHEMA = schemathesis.openapi.from_dict(CONTRACT)
OPERATIONS = [operation.ok() for operation in SCHEMA.get_all_operations()]
WITH_BODY = [operation for operation in OPERATIONS if operation.body]
WITHOUT_BODY = [operation for operation in OPERATIONS if not operation.body]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
FORM = "application/x-www-form-urlencoded"
# Shorter words, and names out of the code, which hypothesis likes to try, stand in the log for other reasons.
SHORTEST_MARK = 10
NAME_IN_CODE = re.compile(r"[A-Za-z_./]+")
MOST_GROWTH = 96 * 2**20
SILENT_HEADERS = ("User-Agent", "Cookie", "Referer", "Accept-Language", "X-Forwarded-For")
# The client sends neither control characters nor space at the end of a header.
ODD_BYTES = st.binary(max_size=40).map(lambda value: value.translate(None, bytes(range(0x21)) + b"\x7f"))


@dataclass
class Prober:
    """Sends requests, and notes what must not come to light."""

    bot: BotProcess
    marks: set[str] = field(default_factory=set)
    count: int = 0

    def __post_init__(self) -> None:
        self.client = loopback.Client(timeout=TURN_SECONDS, limits=NO_IDLE_CONNECTIONS)
        self.twilio_token = (self.bot.database.parent / "development-twilio-token").read_text(encoding="ascii")
        self.canary = f"canary-{secrets.token_hex(8)}"
        self.marks.add(self.canary)
        self.token = self._new_token()

    def send(self, case: Any, odd: bytes, *, admitted: bool) -> httpx.Response:
        """Send a made-up request; one that is admitted has a token or signature that holds."""
        content, kind = _content(case)
        headers: list[tuple[bytes, bytes]] = [(name.encode(), self.canary.encode() + odd) for name in SILENT_HEADERS]
        if kind:
            headers.append((b"Content-Type", kind.encode()))
        if admitted:
            headers += self._admission(case, content)
        else:
            headers += [(b"Authorization", b"Bearer x" + odd), (b"X-Twilio-Signature", b"x" + odd)]
        self.marks |= {text for text in _texts(case.body) if _is_mark(text)}
        self.count += 1
        response = self.client.request(case.method, self.bot.url + case.path, content=content, headers=headers)
        if case.method == "DELETE" and response.status_code == 204:
            self.token = self._new_token()
        return response

    def told(self, log: str) -> list[str]:
        return [mark for mark in self.marks if mark in log]

    def _admission(self, case: Any, content: bytes) -> list[tuple[bytes, bytes]]:
        if not case.path.startswith("/webhooks/sms"):
            return [(b"Authorization", f"Bearer {self.token}".encode())]
        fields = list(case.body.items()) if isinstance(case.body, dict) else []
        texts = [(str(name), str(value)) for name, value in fields]
        return [(b"X-Twilio-Signature", signature(self.twilio_token, self.bot.url + case.path, texts).encode())]

    def _new_token(self) -> str:
        token = str(self.client.post(f"{self.bot.web}/sessions").json()["token"])
        self.marks.add(token)
        return token


def _content(case: Any) -> tuple[bytes, str | None]:
    if case.body is NOT_SET or case.body is None:
        return b"", case.media_type
    if isinstance(case.body, bytes):
        return case.body, case.media_type
    if case.media_type == FORM and isinstance(case.body, dict):
        return urlencode({str(name): str(value) for name, value in case.body.items()}, errors="replace").encode(), FORM
    return json.dumps(case.body).encode(), case.media_type


def _is_mark(text: str) -> bool:
    return len(text) >= SHORTEST_MARK and not NAME_IN_CODE.fullmatch(text)


def _texts(value: Any) -> Iterator[str]:
    """All texts in a body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@pytest.fixture(scope="module")
def prober(running_bot: BotProcess) -> Prober:
    return Prober(running_bot)


@pytest.fixture(scope="module")
def at_first(running_bot: BotProcess, prober: Prober) -> tuple[int, int]:
    """The memory and the length of the log before, once everything has been in use."""
    for _ in range(20):
        prober.client.post(f"{running_bot.web}/sessions")
    return running_bot.resident_bytes(), len(running_bot.log_text())


def check(prober: Prober, case: Any, response: httpx.Response) -> None:
    assert response.status_code < 500, (case.method, case.path, response.status_code)
    assert problems(case.method, case.path, response) == []
    for name, value in HEADERS.items():
        assert name in response.headers
        assert name in ("Cache-Control", "Content-Security-Policy") or response.headers[name] == value
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert prober.canary.encode() not in response.content


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.label)
def test_any_body_is_answered_as_the_file_says(
    prober: Prober, at_first: tuple[int, int], operation: Any, mode: GenerationMode
) -> None:
    @tried(100)
    @given(operation.as_strategy(generation_mode=mode), ODD_BYTES, st.sampled_from([True, True, True, False]))
    def probe(case: Any, odd: bytes, admitted: bool) -> None:
        check(prober, case, prober.send(case, odd, admitted=admitted))

    probe()


@pytest.mark.parametrize("operation", WITHOUT_BODY, ids=lambda operation: operation.label)
def test_any_headers_are_answered_as_the_file_says(prober: Prober, at_first: tuple[int, int], operation: Any) -> None:
    @tried(20)
    @given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE), ODD_BYTES, st.booleans())
    def probe(case: Any, odd: bytes, admitted: bool) -> None:
        check(prober, case, prober.send(case, odd, admitted=admitted))

    probe()


def test_nothing_of_it_is_in_the_log_and_the_memory_has_not_grown(
    running_bot: BotProcess, prober: Prober, at_first: tuple[int, int]
) -> None:
    """The last of them: it looks back at the others."""
    memory, length = at_first
    assert prober.count > 1_000
    assert prober.told(running_bot.log_text()[length:]) == []
    assert " ERROR " not in running_bot.log_text()[length:]
    assert running_bot.resident_bytes() - memory < MOST_GROWTH
