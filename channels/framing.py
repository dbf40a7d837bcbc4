"""Where a request's body ends, checked before Sanic reads it.

Sanic 21.12 takes a Content-Length as Python reads numbers. A negative one makes it read for ever, which holds up every
visitor of the process; one that is no number, and an encoding that it does not know, count as faults of ours.
"""

import re
from typing import Any

from sanic.exceptions import InvalidUsage
from sanic.request import Request

LENGTH = re.compile(r"[0-9]{1,18}")
CHUNKED = "chunked"


class FramedRequest(Request):
    """A request that says clearly how long its body is (https://www.rfc-editor.org/rfc/rfc9112#section-6)."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Made by Sanic, once a request's headers have come.

        Raises:
            sanic.exceptions.InvalidUsage: where the body ends cannot be told, or is told twice.
        """
        super().__init__(*arguments, **named)
        lengths = [length.strip() for length in self.headers.getall("content-length", [])]
        encodings = self.headers.getall("transfer-encoding", [])
        if not _is_clear(lengths, encodings):
            raise InvalidUsage("The length of the body cannot be told")


def _is_clear(lengths: list[str], encodings: list[str]) -> bool:
    if encodings:
        return encodings == [CHUNKED] and not lengths
    return not lengths or (len(lengths) == 1 and bool(LENGTH.fullmatch(lengths[0])))
