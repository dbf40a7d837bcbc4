"""Asking a program whether it is ready: the bot for visitors, the console for the staff."""

import http.client
import json
from dataclasses import dataclass

PATH = "/health/ready"
LIVE_PATH = "/health/live"
SECONDS_TO_ANSWER = 2.0
LONGEST_ANSWER = 2000  # bytes read
LONGEST_QUOTE = 200  # characters shown


@dataclass(frozen=True)
class Readiness:
    """Whether the bot is ready and, if not, what it says is missing."""

    ready: bool
    missing: str


def ask(host: str, port: int, path: str = PATH) -> Readiness:
    """One question to a health page; never raises, as no answer is an answer too."""
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException):
        return Readiness(ready=False, missing="it does not answer yet")
    finally:
        connection.close()
    if response.status == http.client.OK:
        return Readiness(ready=True, missing="")
    return Readiness(ready=False, missing=f"it answers {response.status} {_one_line(body)}".strip())


def _one_line(body: bytes) -> str:
    text = body.decode("utf-8", errors="replace")
    try:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        text = " ".join(text.split())
    return text[:LONGEST_QUOTE]
