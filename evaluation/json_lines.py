"""Files of JSON lines: an object a line, of which one field is a text."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Malformed = Callable[[Path, int, str], ValueError]
"""Makes the error of a malformed line from the file, the line's number and the problem."""


def read_json_lines(path: Path, text_field: str, malformed: Malformed) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number, from 1, and the fields of each line that is not empty; `text_field` is the one that holds a text.

    Raises:
        ValueError: what `malformed` makes of a line that is no such object; the problem never quotes the line.
        OSError: the file cannot be read.
    """
    # JSON allows line separators inside strings that `str.splitlines` would cut at.
    for number, written in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not written.strip():
            continue
        try:
            fields = json.loads(written)
        except json.JSONDecodeError as error:
            raise malformed(path, number, "no valid JSON.") from error
        if not isinstance(fields, dict) or not isinstance(fields.get(text_field), str):
            raise malformed(path, number, f'a JSON object with a "{text_field}" is needed.')
        yield number, fields
