"""Appointment requests: what a visitor asked for and confirmed. The clinic decides; nothing here is a booking."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, String, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction
from clinic.encryption.columns import EncryptedText
from clinic.outbox import CHANGED_REQUEST, NEW_REQUEST, WITHDRAWN_REQUEST, add_notices
from clinic.request_changes import CHANGED, CREATED, VISITOR, WITHDRAWN, add_change
from clinic.staff_messages import ORDINARY, NewStaffMessage, add_staff_message
from clinic.storing_once import store_once

OPEN = "open"
CLOSED_BY_VISITOR = "withdrawn"
CHANGEABLE = ("contact_name", "patient_name", "patient_relation", "phone", "email", "preferred_time")
ALWAYS_SET = frozenset({"contact_name", "preferred_time"})


class AppointmentRequest(Base):
    """One confirmed request. `idempotency_key` is unique: a repeated confirmation finds the row and adds none.

    `patient_name` is null where the contact asks for themselves. `status` is `open` until the staff work on it, or
    `withdrawn` when the visitor takes it back.
    """

    __tablename__ = "appointment_requests"
    __table_args__ = (Index("ix_appointment_requests_conversation_id", "conversation_id"),)

    id = Column(String(36), primary_key=True)
    idempotency_key = Column(String(200), nullable=False, unique=True)
    conversation_id = Column(String(100), nullable=False)
    channel = Column(String(20), nullable=False)
    contact_name = Column(EncryptedText("appointment_requests", "contact_name"), nullable=False)
    patient_name = Column(EncryptedText("appointment_requests", "patient_name"))
    patient_relation = Column(EncryptedText("appointment_requests", "patient_relation"))
    phone = Column(EncryptedText("appointment_requests", "phone"))
    email = Column(EncryptedText("appointment_requests", "email"))
    preferred_time = Column(EncryptedText("appointment_requests", "preferred_time"), nullable=False)
    reason = Column(EncryptedText("appointment_requests", "reason"))
    status = Column(String(20), nullable=False, default=OPEN)
    version = Column(Integer, nullable=False, default=1)
    assignee = Column(String(100))
    note = Column(EncryptedText("appointment_requests", "note"))
    first_contact_at = Column(DateTime(timezone=True))
    created_at = Column(DateTime(timezone=True), nullable=False)
    updated_at = Column(DateTime(timezone=True), nullable=False)


@dataclass(frozen=True)
class NewAppointmentRequest:
    """What the visitor confirmed. `phone` is E.164; at least one of `phone` and `email` is given.

    `preferred_time` and `reason` are the visitor's own words. `patient_name` is whom it is for, where that is not the
    contact, and `patient_relation` what they are to the contact, such as `son`.
    """

    idempotency_key: str
    conversation_id: str
    channel: str
    contact_name: str
    phone: str | None
    email: str | None
    preferred_time: str
    reason: str | None
    patient_name: str | None = None
    patient_relation: str | None = None

    def __post_init__(self) -> None:
        if not self.contact_name.strip() or not self.preferred_time.strip():
            raise ValueError("an appointment request needs a name and a preferred time")
        if not self.phone and not self.email:
            raise ValueError("an appointment request needs a phone number or an e-mail address")


@dataclass(frozen=True)
class StoredAppointmentRequest:
    """What the database holds of a request, as far as its own conversation may see it."""

    id: str
    idempotency_key: str
    contact_name: str
    patient_name: str | None
    patient_relation: str | None
    phone: str | None
    email: str | None
    preferred_time: str
    status: str
    version: int
    created_at: datetime
    already_stored: bool = False


class NotChangeableError(RuntimeError):
    """The request is not this conversation's, or the staff work on it already; nothing was changed."""


def store_appointment_request(
    engine: Engine,
    request: NewAppointmentRequest,
    question: NewStaffMessage | None = None,
    targets: tuple[str, ...] = (),
) -> StoredAppointmentRequest:
    """Commit the request, or find the one that the same confirmation stored before.

    Args:
        engine: the clinic's database.
        request: what the visitor confirmed.
        question: an open question that travels with it; both are stored or neither.
        targets: where the staff are told of it.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """

    def store(session: Session) -> StoredAppointmentRequest:
        row = _row(request)
        session.add(row)
        add_change(session, row.id, version=1, change=CREATED, changed_by=VISITOR)
        _tell(session, row, NEW_REQUEST, targets)
        if question is not None:
            add_staff_message(session, question, targets)
        session.flush()
        return _as_stored(row)

    return store_once(engine, lambda session: _by_key(session, request.idempotency_key), store)


def requests_of_conversation(engine: Engine, conversation_id: str) -> list[StoredAppointmentRequest]:
    """The requests that were made in this conversation, oldest first."""
    query = (
        select(AppointmentRequest)
        .where(AppointmentRequest.conversation_id == conversation_id)
        .order_by(AppointmentRequest.created_at)
    )
    with transaction(engine) as session:
        return [_as_stored(row) for row in session.execute(query).scalars()]


def change_request(
    engine: Engine,
    conversation_id: str,
    request_id: str,
    values: Mapping[str, str | None],
    targets: tuple[str, ...] = (),
) -> StoredAppointmentRequest:
    """Change an open request of this conversation; the same change again changes nothing.

    Args:
        engine: the clinic's database.
        conversation_id: who asks; requests of others are not touched.
        request_id: which request.
        values: new values by field, of those in `CHANGEABLE`; None takes one away.
        targets: where the staff are told of it.

    Raises:
        NotChangeableError: there is no such request, or it is no longer open.
        ValueError: nobody could be reached or named any more; nothing was changed.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    with transaction(engine) as session:
        row = _own(session, conversation_id, request_id, (OPEN,))
        before = {
            name: getattr(row, name) for name in CHANGEABLE if name in values and values[name] != getattr(row, name)
        }
        if any(values[name] is None for name in ALWAYS_SET.intersection(before)):
            raise ValueError("a request keeps a name and a preferred time")
        if not before:
            return _as_stored(row, already_stored=True)
        for name in before:
            setattr(row, name, values[name])
        if not (row.phone or row.email):
            raise ValueError("a request keeps a phone number or an e-mail address")
        _step(session, row, CHANGED, before)
        _tell(session, row, CHANGED_REQUEST, targets)
        return _as_stored(row)


def withdraw_request(
    engine: Engine, conversation_id: str, request_id: str, targets: tuple[str, ...] = ()
) -> StoredAppointmentRequest:
    """Take back an open request of this conversation; taking it back again changes nothing.

    Raises:
        NotChangeableError: there is no such request, or it is no longer open.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    with transaction(engine) as session:
        row = _own(session, conversation_id, request_id, (OPEN, CLOSED_BY_VISITOR))
        if row.status == CLOSED_BY_VISITOR:
            return _as_stored(row, already_stored=True)
        row.status = CLOSED_BY_VISITOR
        _step(session, row, WITHDRAWN, {"status": OPEN})
        _tell(session, row, WITHDRAWN_REQUEST, targets)
        return _as_stored(row)


def _own(session: Session, conversation_id: str, request_id: str, statuses: tuple[str, ...]) -> Any:
    query = select(AppointmentRequest).where(
        AppointmentRequest.id == request_id,
        AppointmentRequest.conversation_id == conversation_id,
        AppointmentRequest.status.in_(statuses),
    )
    row = session.execute(query.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotChangeableError("there is no such request of this conversation, or the staff work on it")
    return row


def _step(session: Session, row: Any, change: str, before: dict[str, str | None]) -> None:
    row.version += 1
    row.updated_at = clock.now()
    add_change(session, row.id, version=row.version, change=change, changed_by=VISITOR, values_before=before)


def _tell(session: Session, row: Any, kind: str, targets: tuple[str, ...]) -> None:
    add_notices(session, kind, row.id, version=row.version, urgency=ORDINARY, channel=row.channel, targets=targets)


def _by_key(session: Session, idempotency_key: str) -> StoredAppointmentRequest | None:
    query = select(AppointmentRequest).where(AppointmentRequest.idempotency_key == idempotency_key)
    row = session.execute(query).scalar_one_or_none()
    return None if row is None else _as_stored(row, already_stored=True)


def _row(request: NewAppointmentRequest) -> AppointmentRequest:
    moment = clock.now()
    return AppointmentRequest(
        id=str(uuid.uuid4()),
        idempotency_key=request.idempotency_key,
        conversation_id=request.conversation_id,
        channel=request.channel,
        contact_name=request.contact_name.strip(),
        patient_name=request.patient_name,
        patient_relation=request.patient_relation,
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
    return StoredAppointmentRequest(
        id=row.id,
        idempotency_key=row.idempotency_key,
        contact_name=row.contact_name,
        patient_name=row.patient_name,
        patient_relation=row.patient_relation,
        phone=row.phone,
        email=row.email,
        preferred_time=row.preferred_time,
        status=row.status,
        version=row.version,
        created_at=row.created_at,
        already_stored=already_stored,
    )
