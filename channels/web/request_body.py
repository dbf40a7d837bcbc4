"""Reading what a chat client sends: checked whole before any of it is used."""

import json
import re
from dataclasses import dataclass
from typing import Any

from sanic.request import Request

from channels.typed_text import without_controls
from channels.web.errors import RefusalError, bad_request, too_large

LARGEST_BODY = 16 * 1024
LONGEST_TEXT = 5_000
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
CHOICE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class SentMessage:
    """A checked message: exactly one of `text` and `choice` is given."""

    id: str
    text: str | None
    choice: str | None


@dataclass(frozen=True)
class SentFeedback:
    """A checked verdict on the answer to the message `id`."""

    id: str
    helpful: bool


def read_message(request: Request) -> SentMessage:
    """The message in a request's body.

    Raises:
        RefusalError: status 400, 413 or 415.
    """
    body = _json_object(request)
    given = [key for key in ("text", "choice") if key in body]
    if len(given) != 1 or set(body) - {"id", "text", "choice"}:
        raise bad_request("bad_message", "A message has an id, and either a text or a choice.")
    identifier = _message_id(body)
    if given == ["choice"]:
        return SentMessage(identifier, None, _choice(body["choice"]))
    return SentMessage(identifier, _text(body["text"]), None)


def read_feedback(request: Request) -> SentFeedback:
    """The verdict in a request's body.

    Raises:
        RefusalError: status 400, 413 or 415.
    """
    body = _json_object(request)
    helpful = body.get("helpful")
    if set(body) != {"id", "helpful"} or not isinstance(helpful, bool):
        raise bad_request("bad_feedback", "Feedback has the id of a message, and whether its answer was helpful.")
    return SentFeedback(_message_id(body), helpful)


def _message_id(body: dict[str, Any]) -> str:
    identifier = body.get("id")
    if not isinstance(identifier, str) or not MESSAGE_ID.fullmatch(identifier):
        raise bad_request("bad_id", "The id must be 1 to 64 letters, digits, hyphens or underscores.")
    return identifier


def _json_object(request: Request) -> dict[str, Any]:
    if len(request.body) > LARGEST_BODY:
        raise too_large("The request is too large.")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise RefusalError(415, "not_json", "The request must be JSON.")
    try:
        body = json.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise bad_request("not_json", "The request is not valid JSON.") from None
    if not isinstance(body, dict):
        raise bad_request("bad_message", "The request must be a JSON object.")
    return body


def _choice(value: object) -> str:
    if not isinstance(value, str) or not CHOICE_ID.fullmatch(value):
        raise bad_request("bad_choice", "The choice must be the id of a choice.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise bad_request("bad_text", "The text must be a string.")
    if len(value) > LONGEST_TEXT:
        raise too_large(f"A message can have {LONGEST_TEXT} characters at most. Please send less at once.")
    text = without_controls(value).strip()
    if not text:
        raise bad_request("empty_text", "The message is empty.")
    return text
