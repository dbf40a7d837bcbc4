"""What people see when something cannot be done: plain words, the way back, and a reference for what is our fault."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from clinic.encryption.keys import UnreadableValueError
from console.visit import BadInputError, ConflictError, Console, NotFoundError, PublicVisit

Handler = Callable[[Request, Any], Awaitable[Response]]

HEADINGS = {
    400: "This cannot be taken",
    403: "You may not do this",
    404: "There is nothing here",
    405: "This cannot be done here",
    408: "That took too long",
    409: "Somebody else was faster",
    413: "That is too much at once",
    415: "This cannot be read",
    429: "Too much at once",
    500: "Something went wrong here",
    503: "The console cannot do this right now",
}
MESSAGES = {
    400: "What was sent could not be read. Go back and try again.",
    403: "Your role does not include this. Ask an admin of your clinic if you need it.",
    404: "The page was moved or never existed, or its data was deleted.",
    405: "Go back and use the links and buttons of the page.",
    408: "What was sent came in too slowly, so nothing was saved. Go back and try again.",
    409: "Somebody changed this in the meantime. Go back, load the page again and look at what is new.",
    413: "What was sent is too long, so nothing was saved. Go back and make it shorter.",
    415: "What was sent is not a form of this console.",
    429: "You did very much in a short time. Wait a minute and try again.",
    500: "It is not your fault. What you sent may not have been saved.",
    503: "The database does not answer, so nothing is shown or saved. Try again in a minute.",
}
FORM_TOO_OLD = (
    "The page was open for too long or came from elsewhere, so nothing was saved. "
    "Go back, load the page again and repeat."
)
NOT_RECORDED = (
    "Who looks at what is recorded, and that is not possible right now, so nothing is shown. "
    "If you changed something, it may have been saved: look in a minute."
)
HEADINGS_OF_WORDS = {FORM_TOO_OLD: "Nothing was saved"}
WORTH_REPEATING = (429, 500, 503)
"""What was sent may be taken another time."""
PERSONS_FAULTS: dict[type[Exception], int] = {NotFoundError: 404, BadInputError: 400, ConflictError: 409}

UNREADABLE = (
    "Something that is stored here cannot be read, so nothing is shown or saved. Please tell whoever runs the console: "
    "the key that it was encrypted under is missing, or it was changed."
)
UNREACHABLE: tuple[type[Exception], ...] = (InterfaceError, OperationalError, PoolTimeoutError)

logger = logging.getLogger(__name__)


class AuditNotWrittenError(Exception):
    """What was asked for cannot be recorded, and so it is not shown."""


def handlers(console: Console) -> dict[int | type[Exception], Handler]:
    """What answers each kind of error; Starlette looks them up by the nearest class."""

    async def refused(request: Request, error: HTTPException) -> Response:
        # Starlette fills in the status's own phrase where the raiser gave no words.
        words = error.detail if error.detail in HEADINGS_OF_WORDS else ""
        return error_page(console, request, error.status_code, message=words, headers=error.headers)

    async def persons_fault(request: Request, error: Exception) -> Response:
        status = next(status for kind, status in PERSONS_FAULTS.items() if isinstance(error, kind))
        return error_page(console, request, status, message="" if status == 404 else str(error))

    async def unavailable(request: Request, error: Exception) -> Response:
        logger.error("the database does not answer", exc_info=error)
        message = NOT_RECORDED if isinstance(error, AuditNotWrittenError) else ""
        return error_page(console, request, 503, message=message, headers={"Retry-After": "30"})

    async def unreadable(request: Request, _error: Exception) -> Response:
        # Which key is missing was logged where it was found.
        return error_page(console, request, 503, message=UNREADABLE)

    async def failed(request: Request, error: Exception) -> Response:
        reference = secrets.token_hex(4)
        logger.error("failed, reference %s", reference, exc_info=error)
        return error_page(console, request, 500, reference=reference)

    return {
        HTTPException: refused,
        **dict.fromkeys(PERSONS_FAULTS, persons_fault),
        AuditNotWrittenError: unavailable,
        **dict.fromkeys(UNREACHABLE, unavailable),
        UnreadableValueError: unreadable,
        Exception: failed,
    }


def error_page(
    console: Console,
    request: Request,
    status: int,
    *,
    message: str = "",
    reference: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The page for a status; with the navigation of the person who asked, where it is known who that is."""
    visit: PublicVisit = getattr(request.state, "visit", None) or PublicVisit(console, request, FormData())
    response = visit.page(
        "error.html",
        status=status,
        heading=HEADINGS_OF_WORDS.get(message) or HEADINGS.get(status, HEADINGS[400]),
        message=message or MESSAGES.get(status, MESSAGES[400]),
        reference=reference,
        unsent=getattr(request.state, "unsent", None),
        may_be_repeated=status in WORTH_REPEATING,
    )
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response
