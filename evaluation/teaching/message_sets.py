"""The messages that two models are compared with: the project's own, the held-out ones, and the taught lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation.labels import Label
from evaluation.understanding.messages import Message, MessagesError, read_messages

OWN_MESSAGES = Path(__file__).with_name("messages.jsonl")
OWN = "own"
HELD_OUT = "held_out"
TAUGHT = "taught"


@dataclass(frozen=True)
class MessageSet:
    """Labelled messages. `ids` name them where a text may not be shown, None where the texts themselves may be."""

    name: str
    messages: tuple[Message, ...]
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class HeldOut:
    """The held-out messages that have labels; `files_skipped` have none, or cannot be read as messages."""

    messages: tuple[Message, ...]
    files_skipped: int


def read_own(labels: Mapping[str, Label], path: Path = OWN_MESSAGES) -> MessageSet:
    """The project's own comparison set.

    Raises:
        MessagesError: the file is malformed.
        OSError: it cannot be read.
    """
    return MessageSet(OWN, tuple(read_messages(path, labels)))


def read_held_out(folder: Path, labels: Mapping[str, Label]) -> HeldOut:
    """All labelled messages of a folder.

    Raises:
        OSError: a file cannot be read.
    """
    messages: list[Message] = []
    skipped = 0
    for path in sorted(folder.glob("*.jsonl")):
        try:
            found = read_messages(path, labels)
        except MessagesError:
            skipped += 1
            continue
        labelled = found[0].label is not None
        messages += found if labelled else []
        skipped += not labelled
    return HeldOut(tuple(messages), skipped)


def read_taught(path: Path, labels: Mapping[str, Label]) -> MessageSet:
    """The taught lines: JSON lines with `id`, `text` and `label`; a file without any is an empty set.

    Raises:
        MessagesError: the file is malformed.
        OSError: it cannot be read.
    """
    written = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    if not written:
        return MessageSet(TAUGHT, (), ())
    messages = read_messages(path, labels)
    if messages[0].label is None:
        raise MessagesError(f"{path} has no labels.")
    ids = [json.loads(line).get("id") for line in written]
    if not all(isinstance(each, str) for each in ids):
        raise MessagesError(f'{path}: each line needs an "id".')
    return MessageSet(TAUGHT, tuple(messages), tuple(ids))
