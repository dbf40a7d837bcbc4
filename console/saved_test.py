"""A conversation as a test: a dialogue in the form of tests/conversation/dialogues, made from what the log holds.

Pure logic. The log is redacted, so made-up people stand where names and numbers were.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import yaml

from clinic.clock import in_utc
from console.shown_turns import ShownReply, ShownTurn
from conversations.redaction_spans import TOKEN, Kind
from conversations.reviews import RIGHT

SMS = "sms"
STAND_INS = {
    Kind.NAME: "Vera Lindqvist",
    Kind.PHONE: "312 555 0117",
    Kind.EMAIL: "vera.lindqvist@example.com",
    Kind.BIRTH_DATE: "3 March 1980",
    Kind.ID: "A1234567",
    Kind.ADDRESS: "12 Oak Street",
}
"""Nobody's: numbers from 555-0100 to 555-0199 and the domain example.com are kept free for this."""
AREA_CODES = (217, 224, 309, 312, 331, 464, 618, 630, 708, 773, 779, 815, 847, 872)
UNCLEAR = ("fallback", "clarified", "failed")
LONG_SILENCE = timedelta(minutes=60)
"""After it the assistant begins a new session (session_expiration_time in domain.yml)."""
HEADER = (
    "# Saved from the staff console. Names, numbers and addresses in it are made up.",
    "# Read it before it becomes a test: put the file into tests/conversation/dialogues and run `make test`.",
    "# What the assistant said at the time stands beneath each message.",
)
WIDTH = 1_000_000
RARE_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""What ends a line in YAML beside the usual ones (https://yaml.org/spec/1.1/#id871136)."""


class NoTestError(ValueError):
    """The conversation cannot be a test; the message is for the person."""


@dataclass(frozen=True)
class Stored:
    """How many rows a conversation left behind; `flags` are the labels of its flags, in their order."""

    requests: int
    messages: int
    consents: int
    flags: tuple[str, ...]


def name_of_test(conversation_id: str) -> str:
    """The name of the test, which tells nothing of the conversation but is always the same."""
    return f"saved conversation {_digest(conversation_id):08x}"


def text_of_test(conversation_id: str, channel: str, turns: Sequence[ShownTurn], stored: Stored) -> str:
    """The file's text.

    Args:
        conversation_id: whose it is.
        channel: `web` or `sms`.
        turns: all turns, oldest first.
        stored: what the conversation left.

    Raises:
        NoTestError: words of it are no longer kept, or its channel cannot be played.
    """
    if channel not in ("web", SMS):
        raise NoTestError("Only conversations on the website and by text message can be played as tests.")
    if any(turn.row.text is None for turn in turns):
        raise NoTestError("Words of this conversation are no longer kept, so it cannot be played as a test.")
    head: dict[str, Any] = {"name": name_of_test(conversation_id), "channel": channel}
    if channel == SMS:
        head["sender"] = _number(conversation_id)
    lines = [*HEADER, *_item(head, indent=""), "  turns:"]
    offered: set[str] = set()
    before = None
    for turn in turns:
        lines += _item(_turn(turn, before, offered, is_sms=channel == SMS), indent="  ")
        lines += [f"    # {_on_one_line(reply)}" for reply in turn.replies]
        offered |= {choice for reply in turn.replies for choice in reply.choices}
        before = turn
    lines += _indented({"stored": _rows(stored)}, "  ")
    return "\n".join(lines) + "\n"


def _turn(turn: ShownTurn, before: ShownTurn | None, offered: set[str], *, is_sms: bool) -> dict[str, Any]:
    text = TOKEN.sub(lambda token: STAND_INS[Kind(token.group()[1:-1])], str(turn.row.text))
    # A tapped choice was not understood, and so has no ranking.
    is_tapped = not is_sms and not turn.ranking and turn.row.text in offered
    written: dict[str, Any] = {"tap" if is_tapped else "user": str(turn.row.text) if is_tapped else text}
    label = _expected_label(turn)
    if turn.ranking and label:
        written["understood"] = label
    if not turn.replies and turn.row.outcome != "failed":
        written["silent"] = True
    choices = [choice for reply in turn.replies for choice in reply.choices]
    if choices and not is_sms:
        written["choices"] = choices
    if turn.row.outcome == "safety" and not choices:
        written["danger"] = True
    if before and (silence := in_utc(turn.row.started_at) - in_utc(before.row.started_at)) >= LONG_SILENCE:
        written["advance"] = f"{min(999_999, silence // timedelta(minutes=1))}m"
    return written


def _expected_label(turn: ShownTurn) -> str | None:
    """What a reviewer says is right, and without a review what was clearly understood; None where neither is known."""
    if turn.review is None:
        return None if turn.row.outcome in UNCLEAR else str(turn.row.label)
    return str(turn.row.label) if turn.review.verdict == RIGHT else turn.review.label


def _rows(stored: Stored) -> dict[str, list[Mapping[str, str]]]:
    rows: dict[str, list[Mapping[str, str]]] = {
        "appointment_requests": [{}] * stored.requests,
        "staff_messages": [{}] * stored.messages,
        "consents": [{}] * stored.consents,
        "flags": [{"label": label} for label in stored.flags],
    }
    return {table: list(found) for table, found in rows.items() if found}


def _item(values: Mapping[str, Any], indent: str) -> list[str]:
    """An item of a list."""
    first, *others = _indented(values, f"{indent}  ")
    return [f"{indent}- {first.removeprefix(indent + '  ')}", *others]


def _indented(values: Mapping[str, Any], indent: str) -> list[str]:
    dumped = yaml.dump(
        dict(values), Dumper=_NoAliases, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )
    return [indent + line for line in dumped.rstrip("\n").split("\n")]


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_words(self, words: str) -> yaml.ScalarNode:
        # Quoted once, these would be read back as an ordinary end of a line; quoted twice they are escaped.
        style = '"' if RARE_LINE_ENDS.search(words) else None
        return self.represent_scalar("tag:yaml.org,2002:str", words, style=style)


_NoAliases.add_representer(str, _NoAliases.represent_words)


def _on_one_line(reply: ShownReply) -> str:
    """A reply as a comment; what ends a line in YAML is among what `split` takes for space."""
    words = " ".join(reply.text.split())
    return "".join(letter if letter.isprintable() else "?" for letter in words)


def _number(conversation_id: str) -> str:
    """A number to text from that is nobody's; another one for nearly every conversation."""
    digest = _digest(conversation_id)
    return f"+1{AREA_CODES[digest % len(AREA_CODES)]}55501{digest // len(AREA_CODES) % 100:02d}"


def _digest(conversation_id: str) -> int:
    return int.from_bytes(hashlib.sha256(conversation_id.encode("utf-8")).digest()[:4], "big")
