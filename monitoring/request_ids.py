"""The id of the request that is being worked on: the same in the lines of all processes that had a part in it."""

import re
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
# What proxies make: nginx 32 hexadecimal digits, others a UUID. No name fits it, and no phone number is as long.
HARMLESS = re.compile(r"[0-9A-Fa-f](?:-?[0-9A-Fa-f]){15,63}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def begin_request(given: str | None) -> str:
    """Note a request's id for all that is done for it in this context.

    Args:
        given: what came in the header; it is taken only in a form that can say nothing about anybody.

    Returns:
        The id, made anew where none was taken.
    """
    request_id = given if given and HARMLESS.fullmatch(given) else uuid.uuid4().hex
    _current.set(request_id)
    return request_id


def current_request_id() -> str:
    """The id; empty outside of any request."""
    return _current.get()
