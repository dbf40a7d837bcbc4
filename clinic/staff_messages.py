"""Messages for the staff: an uncovered question, a wish to talk to a person, a complaint, an urgent turn."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Column, DateTime, Index, Integer, String, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base
from clinic.encryption.columns import EncryptedText
from clinic.outbox import NEW_MESSAGE, add_notices
from clinic.storing_once import store_once

OPEN = "open"
CLOSED = "closed"
ORDINARY = "ordinary"
URGENT = "urgent"
SAME_WITHIN = timedelta(minutes=10)


class StaffMessage(Base):
    """One message that waits for the staff. `idempotency_key` is unique, as with appointment requests."""

    __tablename__ = "staff_messages"
    __table_args__ = (Index("ix_staff_messages_conversation_id", "conversation_id"),)

    id = Column(String(36), primary_key=True)
    idempotency_key = Column(String(200), nullable=False, unique=True)
    conversation_id = Column(String(100), nullable=False)
    channel = Column(String(20), nullable=False)
    topic = Column(String(80), nullable=False)
    urgency = Column(String(20), nullable=False)
    language = Column(String(8), nullable=False)
    contact_name = Column(EncryptedText("staff_messages", "contact_name"))
    phone = Column(EncryptedText("staff_messages", "phone"))
    email = Column(EncryptedText("staff_messages", "email"))
    text = Column(EncryptedText("staff_messages", "text"))
    status = Column(String(20), nullable=False, default=OPEN)
    version = Column(Integer, nullable=False, default=1)
    assignee = Column(String(100))
    note = Column(EncryptedText("staff_messages", "note"))
    first_contact_at = Column(DateTime(timezone=True))
    created_at = Column(DateTime(timezone=True), nullable=False)
    updated_at = Column(DateTime(timezone=True), nullable=False)


@dataclass(frozen=True)
class NewStaffMessage:
    """What is put before the staff. `topic` is a label such as `uncovered/cost_insurance`, `text` their words."""

    idempotency_key: str
    conversation_id: str
    channel: str
    topic: str
    urgency: str = ORDINARY
    language: str = "en"
    contact_name: str | None = None
    phone: str | None = None
    email: str | None = None
    text: str | None = None


def store_staff_message(engine: Engine, message: NewStaffMessage, targets: tuple[str, ...] = ()) -> bool:
    """Commit the message; False when the same one was stored before.

    Args:
        engine: the clinic's database.
        message: what the visitor wants the staff to know.
        targets: where the staff are told of it.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """

    def stored_before(session: Session) -> bool | None:
        return False if _is_stored(session, message.idempotency_key) else None

    return store_once(engine, stored_before, lambda session: add_staff_message(session, message, targets))


def add_staff_message(session: Session, message: NewStaffMessage, targets: tuple[str, ...] = ()) -> bool:
    """Add the message to an open transaction; False when the same one was stored before."""
    if _is_stored(session, message.idempotency_key) or _was_just_left(session, message):
        return False
    moment = clock.now()
    row = StaffMessage(
        id=str(uuid.uuid4()), status=OPEN, version=1, created_at=moment, updated_at=moment, **vars(message)
    )
    session.add(row)
    add_notices(
        session, NEW_MESSAGE, row.id, version=1, urgency=message.urgency, channel=message.channel, targets=targets
    )
    return True


def _was_just_left(session: Session, message: NewStaffMessage) -> bool:
    """Whether the same words of the same conversation came in a moment ago and are in the hands of the staff.

    A person who is told that a text may not have got through sends it again, and it comes as another text. Nobody looks
    at what is closed any more, so that the same words are a new message then.
    """
    lately = (
        StaffMessage.conversation_id == message.conversation_id,
        StaffMessage.status != CLOSED,
        StaffMessage.created_at > clock.now() - SAME_WITHIN,
    )
    same = ("topic", "text", "contact_name", "phone", "email")
    return any(
        all(getattr(row, name) == getattr(message, name) for name in same)
        for row in session.execute(select(StaffMessage).where(*lately)).scalars()
    )


def _is_stored(session: Session, idempotency_key: str) -> bool:
    query = select(StaffMessage.id).where(StaffMessage.idempotency_key == idempotency_key)
    return session.execute(query).first() is not None
