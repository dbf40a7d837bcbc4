"""Erasing what a person gave us, at their wish. What stays is an anonymous receipt."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, Index, String, Text, delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.appointment_requests import AppointmentRequest
from clinic.database import Base, transaction
from clinic.flags import ERASED_CONVERSATION, Flag
from clinic.outbox import ERASED, Notice, add_notices
from clinic.request_changes import MessageChange, RequestChange
from clinic.staff_messages import ORDINARY, StaffMessage
from clinic.urgency import SAFETY_PREFIX

# Without the letters and digits that are easily taken for one another.
RECEIPT_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
RECEIPT_LENGTH = 8
ENDED = "ended"
"""The visitor ended the chat by its own button, which erases it; nobody is shown such a receipt."""
REASONS = {
    "letter": "a letter",
    "email": "an e-mail",
    "form": "a form signed at the clinic",
    "portal": "a message in the clinic's own system",
}
"""How a written wish reached the clinic, by the word that is kept of it."""
KEPT_REASONS = {
    "care": "the clinic is still to call or see the person",
    "record": "they belong to a record that the law has the clinic keep",
    "claim": "they are needed for a complaint or a claim",
}
"""Why requests and messages were kept, by the word that is kept of it."""


class Erasure(Base):
    """One erasure. `counts` is JSON: rows erased by table.

    `conversation_id` is there only until the conversation itself is erased as well, which sets `completed_at`; from
    then on `conversation_digest`, a keyed hash of it, tells whether a conversation is the one that was erased.
    `requested_by` is the account of the staff who erased at the visitor's written wish, null where the visitor did it;
    `reason` is one of a few words, and so is `kept_reason`: why requests and messages were kept.
    """

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_conversation_digest", "conversation_digest"),)

    id = Column(String(36), primary_key=True)
    receipt = Column(String(12), nullable=False, unique=True)
    channel = Column(String(20), nullable=False)
    conversation_id = Column(String(100))
    counts = Column(Text, nullable=False)
    requested_at = Column(DateTime(timezone=True), nullable=False)
    completed_at = Column(DateTime(timezone=True))
    conversation_digest = Column(String(64))
    requested_by = Column(String(100))
    reason = Column(String(40))
    kept_reason = Column(String(40))


@dataclass(frozen=True)
class Receipt:
    """What the person is told: a code that stands for nobody, and how many requests and messages went."""

    code: str
    requests: int
    messages: int


@dataclass(frozen=True)
class WrittenWish:
    """What the staff act on: who of them does, how the wish came (of `REASONS`), and why requests and messages stay.

    `kept_reason` is of `KEPT_REASONS`; None: they are deleted as well.
    """

    requested_by: str
    reason: str
    kept_reason: str | None = None

    def __post_init__(self) -> None:
        if self.reason not in REASONS or (self.kept_reason is not None and self.kept_reason not in KEPT_REASONS):
            raise ValueError("an erasure needs one of the known reasons")


@dataclass(frozen=True)
class StoredErasure:
    """A receipt as it is kept: how many rows of each store went. Moments are UTC; it names nobody."""

    receipt: str
    channel: str
    counts: dict[str, int]
    requested_at: datetime
    completed_at: datetime | None
    requested_by: str | None
    reason: str | None
    kept_reason: str | None


def erase_records(
    engine: Engine,
    conversation_id: str,
    channel: str,
    targets: tuple[str, ...] = (),
    wish: WrittenWish | None = None,
) -> Receipt:
    """Delete the requests, messages and flags of a conversation, with their history and the notices of them.

    A safety flag that nobody has acknowledged stays for the staff, and says no more than what danger was heard, when
    and on which channel.

    The consent to be written to stays, since a wish to be left alone must outlive everything else. The transcript is
    not in this room: whoever keeps it erases it and calls `complete_erasure`. A second call before that deletes what
    came since and gives the same receipt.

    Args:
        engine: the clinic's database.
        conversation_id: whose records go.
        channel: `web` or `sms`.
        targets: where the staff are told that records went.
        wish: what the staff act on; None where the visitor did it in the conversation.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
    """
    with transaction(engine) as session:
        open_erasure = session.execute(
            select(Erasure).where(Erasure.conversation_id == conversation_id).limit(1)
        ).scalar_one_or_none()
        counts = _delete_all(session, conversation_id, keep_records=wish is not None and wish.kept_reason is not None)
        if open_erasure is not None:
            # The reply to an earlier wish was lost; what came since goes as well, under the same receipt.
            open_erasure.counts = _summed(open_erasure.counts, counts)
            return _receipt(open_erasure)
        row = _new_erasure(channel, counts, conversation_id=conversation_id, **(vars(wish) if wish else {}))
        session.add(row)
        if counts["appointment_requests"] or counts["staff_messages"]:
            add_notices(session, ERASED, row.id, version=1, urgency=ORDINARY, channel=channel, targets=targets)
        return _receipt(row)


def complete_erasure(session: Session, conversation_id: str, counts: Mapping[str, int] | None = None) -> None:
    """Note, within the caller's transaction, that the transcript is gone too: the receipt names nobody from then on.

    Args:
        session: the caller's.
        conversation_id: what was erased.
        counts: how many rows of each store went with the transcript.
    """
    open_ones = select(Erasure).where(Erasure.conversation_id == conversation_id)
    for row in session.execute(open_ones).scalars():
        row.counts = _summed(row.counts, counts or {})
        row.conversation_id, row.conversation_digest = None, digest_of(conversation_id)
        row.completed_at = clock.now()


def note_ended(session: Session, conversation_id: str, channel: str, counts: Mapping[str, int]) -> None:
    """Note, within the caller's transaction, that a visitor ended and so erased a chat; nothing where nothing went."""
    if any(counts.values()):
        row = _new_erasure(channel, counts, reason=ENDED, conversation_digest=digest_of(conversation_id))
        row.completed_at = clock.now()
        session.add(row)


def digest_of(conversation_id: str) -> str:
    """What a receipt keeps of a conversation's id.

    The ids are 192 random bits, or an HMAC under SECRET_KEY (clinic/text_contacts.py), so that nobody finds one by
    trying; a plain SHA-256 of them can be compared and not reversed.
    """
    return hashlib.sha256(f"erased conversation:{conversation_id}".encode()).hexdigest()


def find_erasure(engine: Engine, receipt: str) -> StoredErasure | None:
    """The erasure with this receipt."""
    with transaction(engine) as session:
        row = session.execute(select(Erasure).where(Erasure.receipt == receipt)).scalar_one_or_none()
        return None if row is None else _stored(row)


def last_erasures(engine: Engine, most: int) -> list[StoredErasure]:
    """The newest erasures that somebody has a receipt of, the newest first."""
    shown = select(Erasure).where(func.coalesce(Erasure.reason, "") != ENDED)
    with transaction(engine) as session:
        rows = session.execute(shown.order_by(Erasure.requested_at.desc(), Erasure.id).limit(most)).scalars()
        return [_stored(row) for row in rows]


def pending_erasures(engine: Engine) -> list[str]:
    """The conversations whose records are gone and whose transcript is not: a crash came between."""
    with transaction(engine) as session:
        return list(
            session.execute(select(Erasure.conversation_id).where(Erasure.conversation_id.isnot(None))).scalars()
        )


def _delete_all(session: Session, conversation_id: str, *, keep_records: bool) -> dict[str, int]:
    anonymous = _make_flags_anonymous(session, conversation_id)
    own_flags = Flag.conversation_id == conversation_id
    counts = {
        "appointment_requests": 0,
        "staff_messages": 0,
        "flags": _deleted(session, Flag, own_flags),
        "flags (kept without their words)": anonymous,
    }
    if keep_records:
        return counts
    requests = _ids(session, AppointmentRequest, conversation_id)
    messages = _ids(session, StaffMessage, conversation_id)
    return counts | {
        "request_changes": _deleted(session, RequestChange, RequestChange.request_id.in_(requests)),
        "message_changes": _deleted(session, MessageChange, MessageChange.message_id.in_(messages)),
        "outbox": _deleted(session, Notice, Notice.subject_id.in_([*requests, *messages])),
        "appointment_requests": _deleted(session, AppointmentRequest, AppointmentRequest.id.in_(requests)),
        "staff_messages": _deleted(session, StaffMessage, StaffMessage.id.in_(messages)),
    }


def _make_flags_anonymous(session: Session, conversation_id: str) -> int:
    """Someone heard danger and nobody has looked yet: the staff still must, whatever the visitor wants forgotten."""
    waiting = (
        Flag.conversation_id == conversation_id,
        Flag.label.startswith(SAFETY_PREFIX),
        Flag.acknowledged_at.is_(None),
    )
    anonymous = update(Flag).where(*waiting).values(conversation_id=ERASED_CONVERSATION, turn_id=Flag.id)
    return int(session.execute(anonymous.execution_options(synchronize_session=False)).rowcount)


def _ids(session: Session, table: Any, conversation_id: str) -> list[str]:
    """The rows' ids; the rows are locked, so that nobody of the staff adds to the history of one that is going."""
    rows = select(table.id).where(table.conversation_id == conversation_id)
    return list(session.execute(rows.with_for_update()).scalars())


def _deleted(session: Session, table: Any, condition: Any) -> int:
    rows = delete(table).where(condition)
    return int(session.execute(rows.execution_options(synchronize_session=False)).rowcount)


def _new_erasure(channel: str, counts: Mapping[str, int], **values: Any) -> Erasure:
    return Erasure(
        id=str(uuid.uuid4()),
        receipt="".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH)),
        channel=channel,
        counts=json.dumps(dict(counts)),
        requested_at=clock.now(),
        **values,
    )


def _summed(earlier: str, more: Mapping[str, int]) -> str:
    counts: dict[str, int] = json.loads(earlier)
    return json.dumps(counts | {store: counts.get(store, 0) + number for store, number in more.items()})


def _stored(row: Any) -> StoredErasure:
    return StoredErasure(
        receipt=row.receipt,
        channel=row.channel,
        counts=json.loads(row.counts),
        requested_at=clock.in_utc(row.requested_at),
        completed_at=clock.in_utc(row.completed_at) if row.completed_at else None,
        requested_by=row.requested_by,
        reason=row.reason,
        kept_reason=row.kept_reason,
    )


def _receipt(row: Erasure) -> Receipt:
    counts = json.loads(row.counts)
    return Receipt(row.receipt, counts["appointment_requests"], counts["staff_messages"])
