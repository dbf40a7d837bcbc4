"""The messages to measure with, read from JSON lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.json_lines import read_json_lines
from evaluation.labels import Label


class MessagesError(ValueError):
    """A file of messages is malformed; the message names file, line and problem, never the text."""


@dataclass(frozen=True)
class Message:
    """One message: what was written and, where a person has labelled it, which labels are right.

    `label` is None in a file without labels; `also_ok` are other labels whose answer is right too.
    """

    text: str
    label: str | None
    also_ok: tuple[str, ...]
    channel: str
    tags: tuple[str, ...]
    line: int

    @property
    def accepted(self) -> frozenset[str]:
        """The labels that count as right."""
        return frozenset(self.also_ok) | ({self.label} if self.label else frozenset())


def read_messages(path: Path, labels: Mapping[str, Label]) -> list[Message]:
    """The messages of a file, in its order.

    Raises:
        MessagesError: a line is no JSON object with a "text", a label is unknown, only some lines have a label, or the
            file is empty.
        OSError: the file cannot be read.
    """
    messages = [_message(path, number, fields) for number, fields in read_json_lines(path, "text", _malformed)]
    if not messages:
        raise MessagesError(f"{path} holds no messages.")
    if len({message.label is None for message in messages}) > 1:
        raise MessagesError(f"{path} has a label on some lines only; label all of them or none.")
    for message in messages:
        unknown = sorted(message.accepted - labels.keys())
        if unknown:
            raise _malformed(path, message.line, f"{', '.join(unknown)} is no label of data/labels.yml.")
    return messages


def _malformed(path: Path, number: int, problem: str) -> MessagesError:
    return MessagesError(f"{path}:{number}: {problem}")


def _message(path: Path, number: int, fields: dict[str, Any]) -> Message:
    label = fields.get("label")
    if label is not None and not isinstance(label, str):
        raise _malformed(path, number, '"label" must be a string.')
    return Message(
        text=fields["text"],
        label=label,
        also_ok=_names(path, number, fields, "also_ok"),
        channel=str(fields.get("channel", "web")),
        tags=_names(path, number, fields, "tags"),
        line=number,
    )


def _names(path: Path, number: int, fields: dict[str, Any], field: str) -> tuple[str, ...]:
    names = fields.get(field) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _malformed(path, number, f'"{field}" must be a list of strings.')
    return tuple(names)
