"""What is exported: the whole of a stored appointment request, as plain values."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.appointment_requests import OPEN, AppointmentRequest
from clinic.database import transaction

# Neither FHIR (https://hl7.org/fhir/R4/datatypes.html#string) nor iCalendar (RFC 5545, 3.3.11) takes control
# characters; the ways to end a line, among them those of Unicode, all become a line feed.
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True)
class FullRequest:
    """One request with all its details; times are in UTC.

    `for_another` tells that the contact asks for somebody else, whose `patient_name` and `patient_relation` (what the
    patient is to the contact, such as `son`) may each be unknown. `phone` is E.164, with `x` and an extension where
    there is one. `preferred_time` and `reason` are the visitor's own words, with `\\n` as the only line end.
    """

    id: str
    channel: str
    contact_name: str
    patient_name: str | None
    patient_relation: str | None
    phone: str | None
    email: str | None
    preferred_time: str
    reason: str | None
    status: str
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def for_another(self) -> bool:
        """Whether the patient is not the person who asks."""
        return bool(self.patient_name or self.patient_relation)


def find_request(engine: Engine, request_id: str) -> FullRequest | None:
    """The request under this id, whatever its status, or None.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    with transaction(engine) as session:
        row = session.get(AppointmentRequest, request_id)
        return full_request(row) if row is not None else None


def open_requests(engine: Engine) -> list[FullRequest]:
    """Every request that waits for the staff, oldest first.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    query = (
        select(AppointmentRequest)
        .where(AppointmentRequest.status == OPEN)
        .order_by(AppointmentRequest.created_at, AppointmentRequest.id)
    )
    with transaction(engine) as session:
        return [full_request(row) for row in session.execute(query).scalars()]


def full_request(row: Any) -> FullRequest:
    """What is exported of a stored row or of a `clinic.request_work.RequestInWork`: never the staff's own note."""
    return FullRequest(
        id=row.id,
        channel=row.channel,
        contact_name=_one_line(row.contact_name) or "",
        patient_name=_one_line(row.patient_name),
        patient_relation=_one_line(row.patient_relation),
        phone=_one_line(row.phone),
        email=_one_line(row.email),
        preferred_time=text_of(row.preferred_time) or "",
        reason=text_of(row.reason),
        status=row.status,
        version=row.version,
        created_at=clock.in_utc(row.created_at),
        updated_at=clock.in_utc(row.updated_at),
    )


def text_of(words: str | None) -> str | None:
    """The words without control characters, their lines ended by `\\n`; None where nothing is left."""
    if words is None:
        return None
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", words)).strip() or None


def _one_line(words: str | None) -> str | None:
    cleaned = text_of(words)
    return " ".join(cleaned.split()) if cleaned else None
