"""The labelled lines: what visitors write, with the personal data marked in the text, `my name is {name:Anna K}`."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from conversations.redaction_spans import Kind
from evaluation.json_lines import read_json_lines

_MARK = re.compile(r"\{([^{}:]+):([^{}]+)\}")


class LinesError(ValueError):
    """A file of labelled lines is malformed; the message names file, line and problem, never the text."""


class Place(NamedTuple):
    """A piece of personal data: `text[start:end]` of its line."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Line:
    """One labelled line. A held-out one is for the figures alone: nobody looks at it to make redaction better."""

    text: str
    places: tuple[Place, ...]
    held_out: bool
    number: int


def read_lines(path: Path) -> list[Line]:
    """The lines of a file, in its order.

    Raises:
        LinesError: a line is no JSON object with a "marked" text, a mark has an unknown kind, or the file is empty.
        OSError: the file cannot be read.
    """
    lines = [_line(path, number, fields) for number, fields in read_json_lines(path, "marked", _malformed)]
    if not lines:
        raise LinesError(f"{path} holds no lines.")
    return lines


def _malformed(path: Path, number: int, problem: str) -> LinesError:
    return LinesError(f"{path}:{number}: {problem}")


def _line(path: Path, number: int, fields: dict[str, Any]) -> Line:
    try:
        text, places = _unmarked(fields["marked"])
    except ValueError as error:
        raise _malformed(path, number, "a mark of no known kind.") from error
    return Line(text, places, fields.get("held_out") is True, number)


def _unmarked(marked: str) -> tuple[str, tuple[Place, ...]]:
    text, read, places = "", 0, []
    for mark in _MARK.finditer(marked):
        text += marked[read : mark.start()]
        places.append(Place(len(text), len(text) + len(mark[2]), Kind(mark[1])))
        text, read = text + mark[2], mark.end()
    return text + marked[read:], tuple(places)
