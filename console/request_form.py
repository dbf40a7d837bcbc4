"""Reading the form of a POST: not more, not slower and of no other kind than the console's own pages send."""

import asyncio

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

LARGEST_BODY = 64 * 1024
SECONDS_TO_SEND = 10.0
MOST_FIELDS = 500
KINDS = (b"application/x-www-form-urlencoded", b"multipart/form-data")


async def read_form(request: Request, seconds: float = SECONDS_TO_SEND) -> FormData:
    """The fields that were sent.

    Raises:
        starlette.exceptions.HTTPException: 408 when it comes too slowly, 413 when it is too large, 415 when it is no
            form in UTF-8, 400 when it cannot be read or holds a NUL, which no database column takes.
    """
    # Read as Starlette's parser of forms reads it, so that both mean the same.
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind not in KINDS or options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise HTTPException(415)
    try:
        body = await asyncio.wait_for(_body(request), seconds)
    except asyncio.TimeoutError:
        raise HTTPException(408) from None
    form = await Request(request.scope, _replaying(body)).form(
        max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST_BODY
    )
    if any("\0" in name or "\0" in str(value) for name, value in form.multi_items()):
        raise HTTPException(400)
    return form


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413)
    return bytes(body)


def _replaying(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
