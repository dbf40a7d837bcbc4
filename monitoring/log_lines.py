"""How the processes write their logs: one record a line, and nothing of what visitors write.

Messages of our own rooms are written as they are: they name kinds, places and counts. What a library says may quote a
visitor, so it is written only where it is a constant of the library's code, and else only where it was said. Exceptions
are written as kinds and places, without their messages.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

from monitoring.request_ids import current_request_id

OWN_ROOMS = frozenset(
    {
        "__main__",
        "actions",
        "channels",
        "clinic",
        "console",
        "conversations",
        "evaluation",
        "launcher",
        "monitoring",
        "nlu",
    }
)
PACKAGES = "/site-packages/"
PROJECT = f"{Path(__file__).resolve().parent.parent}/"
FIELDS = "fields"
"""The attribute of a record (`extra={FIELDS: {...}}`) with what else is known, by names and values that are fixed."""

ExceptionInformation = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """What the two forms of lines have in common."""

    def __init__(self, process: str) -> None:
        """Prepare for a process, by its name: `bot`, `actions` or `console`."""
        super().__init__()
        self._process = process

    def formatException(self, information: ExceptionInformation) -> str:  # noqa: N802 - the name is the parent's
        """The exception and what caused it, innermost first."""
        lines: list[str] = []
        for kind, places in chain_of(information[1]):
            lines += [kind, *(f"  {place}" for place in places)]
        return "\n".join(lines)


class TextLines(LineFormatter):
    """Lines for reading; an exception takes more lines."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = _moment(record).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
        line = f"{moment} {record.levelname} {record.name} {message_of(record)}"
        known = {**_fields(record), **_request()}
        line += "".join(f" {name}={_text(value)}" for name, value in known.items())
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(LineFormatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": f"{_moment(record).isoformat(timespec='milliseconds')[:-6]}Z",
            "level": record.levelname,
            "logger": record.name,
            "process": self._process,
            "event": message_of(record),
            **_request(),
            **_fields(record),
        }
        if record.exc_info:
            line["exceptions"] = [{"kind": kind, "places": places} for kind, places in chain_of(record.exc_info[1])]
        return json.dumps(line)


def message_of(record: logging.LogRecord) -> str:
    """What a record says, as far as that can be nothing personal."""
    if record.name.partition(".")[0] in OWN_ROOMS:
        return record.getMessage()
    if isinstance(record.msg, str) and _is_constant_where_it_was_said(record):
        return record.msg
    return f"said at {_place(record.pathname)}:{record.lineno}"


def chain_of(error: BaseException | None) -> Iterator[tuple[str, list[str]]]:
    """The kinds of an exception and of what caused it, each with the places that it passed, the innermost last."""
    while error is not None:
        passed = traceback.extract_tb(error.__traceback__, limit=-8)
        yield type(error).__name__, [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in passed]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _is_constant_where_it_was_said(record: logging.LogRecord) -> bool:
    """Whether the message stands in the code as it is, before anything was put into it.

    A record is written while the code that made it is still running, so that code is found among the frames.
    """
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_filename == record.pathname and frame.f_lineno == record.lineno:
            return record.msg in _texts_of(frame.f_code)
    return False


def _texts_of(code: CodeType) -> set[str]:
    return {constant for constant in code.co_consts if isinstance(constant, str)}


def _place(path: str) -> str:
    """The path of a file of code, without where on this machine the project or its packages lie."""
    return path.rpartition(PACKAGES)[2].removeprefix(PROJECT)


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, timezone.utc)


def _request() -> Mapping[str, str]:
    request_id = current_request_id()
    return {"request_id": request_id} if request_id else {}


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = getattr(record, FIELDS, {})
    return fields


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else str(value)
