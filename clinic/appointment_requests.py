"""Appointment requests: what a visitor asked for and confirmed. The clinic decides; nothing here is a booking."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, String, Text, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction
from clinic.staff_messages import NewStaffMessage, add_staff_message

OPEN = "open"


class AppointmentRequest(Base):
    """One confirmed request. `idempotency_key` is unique: a repeated confirmation finds the row and adds none."""

    __tablename__ = "appointment_requests"
    __table_args__ = (Index("ix_appointment_requests_conversation_id", "conversation_id"),)

    id = Column(String(36), primary_key=True)
    idempotency_key = Column(String(200), nullable=False, unique=True)
    conversation_id = Column(String(100), nullable=False)
    channel = Column(String(20), nullable=False)
    contact_name = Column(String(200), nullable=False)
    phone = Column(String(40))
    email = Column(String(254))
    preferred_time = Column(Text, nullable=False)
    reason = Column(Text)
    status = Column(String(20), nullable=False, default=OPEN)
    version = Column(Integer, nullable=False, default=1)
    created_at = Column(DateTime(timezone=True), nullable=False)
    updated_at = Column(DateTime(timezone=True), nullable=False)


@dataclass(frozen=True)
class NewAppointmentRequest:
    """What the visitor confirmed. `phone` is E.164; at least one of `phone` and `email` is given.

    `preferred_time` and `reason` are the visitor's own words.
    """

    idempotency_key: str
    conversation_id: str
    channel: str
    contact_name: str
    phone: str | None
    email: str | None
    preferred_time: str
    reason: str | None

    def __post_init__(self) -> None:
        if not self.contact_name.strip() or not self.preferred_time.strip():
            raise ValueError("an appointment request needs a name and a preferred time")
        if not self.phone and not self.email:
            raise ValueError("an appointment request needs a phone number or an e-mail address")


@dataclass(frozen=True)
class StoredAppointmentRequest:
    """What the database holds of a request, as far as a conversation may see it."""

    id: str
    preferred_time: str
    status: str
    created_at: datetime
    already_stored: bool = False


def store_appointment_request(
    engine: Engine, request: NewAppointmentRequest, question: NewStaffMessage | None = None
) -> StoredAppointmentRequest:
    """Commit the request, or find the one that the same confirmation stored before.

    Args:
        engine: the clinic's database.
        request: what the visitor confirmed.
        question: an open question that travels with it; both are stored or neither.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    try:
        with transaction(engine) as session:
            found = _by_key(session, request.idempotency_key)
            if found is not None:
                return _as_stored(found, already_stored=True)
            row = _row(request)
            session.add(row)
            if question is not None:
                add_staff_message(session, question)
            session.flush()
            return _as_stored(row)
    except IntegrityError:
        # Another process confirmed the same form between our look and our insert.
        with transaction(engine) as session:
            found = _by_key(session, request.idempotency_key)
            if found is None:
                raise
            return _as_stored(found, already_stored=True)


def requests_of_conversation(engine: Engine, conversation_id: str) -> list[StoredAppointmentRequest]:
    """The requests that were made in this conversation, oldest first."""
    query = (
        select(AppointmentRequest)
        .where(AppointmentRequest.conversation_id == conversation_id)
        .order_by(AppointmentRequest.created_at)
    )
    with transaction(engine) as session:
        return [_as_stored(row) for row in session.execute(query).scalars()]


def _by_key(session: Session, idempotency_key: str) -> Any:
    query = select(AppointmentRequest).where(AppointmentRequest.idempotency_key == idempotency_key)
    return session.execute(query).scalar_one_or_none()


def _row(request: NewAppointmentRequest) -> AppointmentRequest:
    moment = clock.now()
    return AppointmentRequest(
        id=str(uuid.uuid4()),
        idempotency_key=request.idempotency_key,
        conversation_id=request.conversation_id,
        channel=request.channel,
        contact_name=request.contact_name.strip(),
        phone=request.phone,
        email=request.email,
        preferred_time=request.preferred_time.strip(),
        reason=request.reason,
        status=OPEN,
        version=1,
        created_at=moment,
        updated_at=moment,
    )


def _as_stored(row: Any, already_stored: bool = False) -> StoredAppointmentRequest:
    return StoredAppointmentRequest(row.id, row.preferred_time, row.status, row.created_at, already_stored)
