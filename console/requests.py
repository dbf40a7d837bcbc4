"""The pages of the appointment requests."""

import json
from collections.abc import Sequence

from sqlalchemy.engine import Engine

from clinic.exports.requests import full_request
from clinic.exports.spreadsheet import MEDIA_TYPE, requests_as_csv
from clinic.request_work import REQUESTS, TO_DO, RequestInWork
from clinic.same_conversation import messages_beside
from console.work_desk import Beside, Desk, Download
from console.work_routes import work_routes
from console.work_words import topic_name

Requests = Sequence[RequestInWork]


def _title(request: RequestInWork) -> str:
    return request.contact_name


def _csv(requests: Requests, _is_collection: bool, with_notes: bool) -> bytes:
    return requests_as_csv(requests, with_notes=with_notes)


def _calendar(requests: Requests, _is_collection: bool, _with_notes: bool) -> bytes:
    # Both libraries are loaded for their own format alone: their models cost memory that few need.
    from clinic.exports.calendar import calendar  # noqa: PLC0415

    return calendar([full_request(request) for request in requests]).encode("utf-8")


def _fhir(requests: Requests, is_collection: bool, _with_notes: bool) -> bytes:
    from clinic.exports.fhir import appointment, bundle  # noqa: PLC0415

    exported = [full_request(request) for request in requests]
    resource = bundle(exported) if is_collection else appointment(exported[0])
    return json.dumps(resource, ensure_ascii=False, indent=2).encode("utf-8")


def _messages_beside(engine: Engine, conversation_id: str) -> list[Beside]:
    messages = messages_beside(engine, conversation_id)
    return [
        Beside(f"Message: {topic_name(left.topic or '')}", f"/messages/{left.id}", left.status, left.created_at)
        for left in messages
    ]


DESK: Desk[RequestInWork] = Desk(
    kind=REQUESTS,
    name="request",
    to_do=TO_DO,
    title=_title,
    beside=_messages_beside,
    downloads={
        "csv": Download("CSV", "csv", MEDIA_TYPE, _csv, may_have_notes=True),
        "icalendar": Download("iCalendar", "ics", "text/calendar; charset=utf-8", _calendar),
        "fhir": Download("FHIR", "json", "application/fhir+json", _fhir),
    },
)
ROUTES = work_routes(DESK)
