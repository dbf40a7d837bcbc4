"""Erasing what a person gave us, at their wish. What stays is an anonymous receipt."""

import json
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, DateTime, String, Text, delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.appointment_requests import AppointmentRequest
from clinic.database import Base, transaction
from clinic.flags import Flag
from clinic.outbox import ERASED, Notice, add_notices
from clinic.request_changes import MessageChange, RequestChange
from clinic.staff_messages import ORDINARY, StaffMessage

# Without the letters and digits that are easily taken for one another.
RECEIPT_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
RECEIPT_LENGTH = 8


class Erasure(Base):
    """One erasure. `counts` is JSON: rows erased by table.

    `conversation_id` is there only until the conversation itself is erased as well, which sets `completed_at`.
    """

    __tablename__ = "erasures"

    id = Column(String(36), primary_key=True)
    receipt = Column(String(12), nullable=False, unique=True)
    channel = Column(String(20), nullable=False)
    conversation_id = Column(String(100))
    counts = Column(Text, nullable=False)
    requested_at = Column(DateTime(timezone=True), nullable=False)
    completed_at = Column(DateTime(timezone=True))


@dataclass(frozen=True)
class Receipt:
    """What the person is told: a code that stands for nobody, and how many requests and messages went."""

    code: str
    requests: int
    messages: int


def erase_records(engine: Engine, conversation_id: str, channel: str, targets: tuple[str, ...] = ()) -> Receipt:
    """Delete the requests, messages and flags of a conversation, with their history and the notices of them.

    The consent to be written to stays, since a wish to be left alone must outlive everything else. The transcript is
    not in this room: whoever keeps it erases it and calls `complete_erasure`. A second call before that deletes what
    came since and gives the same receipt.

    Args:
        engine: the clinic's database.
        conversation_id: whose records go.
        channel: `web` or `sms`.
        targets: where the staff are told that records went.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
    """
    with transaction(engine) as session:
        open_erasure = session.execute(
            select(Erasure).where(Erasure.conversation_id == conversation_id).limit(1)
        ).scalar_one_or_none()
        counts = _delete_all(session, conversation_id)
        if open_erasure is not None:
            # The reply to an earlier wish was lost; what came since goes as well, under the same receipt.
            earlier = json.loads(open_erasure.counts)
            open_erasure.counts = json.dumps({table: earlier[table] + number for table, number in counts.items()})
            return _receipt(open_erasure)
        row = Erasure(
            id=str(uuid.uuid4()),
            receipt="".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH)),
            channel=channel,
            conversation_id=conversation_id,
            counts=json.dumps(counts),
            requested_at=clock.now(),
        )
        session.add(row)
        if counts["appointment_requests"] or counts["staff_messages"]:
            add_notices(session, ERASED, row.id, version=1, urgency=ORDINARY, channel=channel, targets=targets)
        return _receipt(row)


def complete_erasure(session: Session, conversation_id: str) -> None:
    """Note, within the caller's transaction, that the transcript is gone too: the receipt names nobody from then on."""
    open_ones = update(Erasure).where(Erasure.conversation_id == conversation_id)
    session.execute(open_ones.values(conversation_id=None, completed_at=clock.now()))


def pending_erasures(engine: Engine) -> list[str]:
    """The conversations whose records are gone and whose transcript is not: a crash came between."""
    with transaction(engine) as session:
        return list(
            session.execute(select(Erasure.conversation_id).where(Erasure.conversation_id.isnot(None))).scalars()
        )


def has_records(engine: Engine, conversation_id: str) -> bool:
    """Whether a request or message of this conversation is stored."""
    with transaction(engine) as session:
        return any(
            session.execute(select(func.count()).where(table.conversation_id == conversation_id)).scalar()
            for table in (AppointmentRequest, StaffMessage)
        )


def _delete_all(session: Session, conversation_id: str) -> dict[str, int]:
    requests = _ids(session, AppointmentRequest, conversation_id)
    messages = _ids(session, StaffMessage, conversation_id)
    session.execute(delete(RequestChange).where(RequestChange.request_id.in_(requests)))
    session.execute(delete(MessageChange).where(MessageChange.message_id.in_(messages)))
    session.execute(delete(Notice).where(Notice.subject_id.in_([*requests, *messages])))
    return {
        "appointment_requests": _delete(session, AppointmentRequest, conversation_id),
        "staff_messages": _delete(session, StaffMessage, conversation_id),
        "flags": _delete(session, Flag, conversation_id),
    }


def _ids(session: Session, table: Any, conversation_id: str) -> list[str]:
    """The rows' ids; the rows are locked, so that nobody of the staff adds to the history of one that is going."""
    rows = select(table.id).where(table.conversation_id == conversation_id)
    return list(session.execute(rows.with_for_update()).scalars())


def _delete(session: Session, table: Any, conversation_id: str) -> int:
    rows = delete(table).where(table.conversation_id == conversation_id)
    return int(session.execute(rows.execution_options(synchronize_session=False)).rowcount)


def _receipt(row: Erasure) -> Receipt:
    counts = json.loads(row.counts)
    return Receipt(row.receipt, counts["appointment_requests"], counts["staff_messages"])
