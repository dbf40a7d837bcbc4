"""One HTTP exchange with the bot, and what came of it."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.instance_processes import HOST

SECONDS_TO_ANSWER = 30.0


class UnplayableError(RuntimeError):
    """A dialogue cannot be played on; the message is meant for whoever runs the command."""


@dataclass(frozen=True)
class Response:
    """An HTTP answer; `seconds` is how long it took to be there whole."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Delivered:
    """What a message brought the visitor.

    `replies` are as in a transcript: `text`, `choices` (titles) and `source`. `fault` says what was wrong with the
    answer, None when nothing was. `extra` is what only this channel has to tell of the turn.
    """

    status: int
    seconds: float
    replies: list[dict[str, Any]]
    fault: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def post(port: int, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
    """Send a POST request and wait for the answer.

    Raises:
        UnplayableError: there was no answer within 30 s.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS_TO_ANSWER)
    began = time.perf_counter()
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise UnplayableError(f"The bot did not answer ({type(error).__name__}).") from error
    finally:
        connection.close()
    return Response(response.status, content, time.perf_counter() - began)
