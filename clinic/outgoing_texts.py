"""Text messages that wait to be sent through the carrier, and what the carrier reported of them.

Whoever has something to text - a late answer, or the staff - queues it here; who opted out is never queued for, and is
asked about once more just before sending. One conversation's texts go out in the order in which they were queued.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, DateTime, Index, Integer, String, and_, delete, exists, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, aliased

from clinic import clock
from clinic.consents import has_opted_out
from clinic.database import Base, transaction
from clinic.encryption.columns import EncryptedText
from clinic.storing_once import store_once

LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=1)
"""Nobody puts a text off for longer (channels/sms/delivery.py)."""
MOMENT = timedelta(seconds=30)


class OutgoingText(Base):
    """One text. `id` grows and is the order. At the end one of `sent_at` and `failed_at` is set, and `body` is gone.

    A text that failed keeps its words until the staff have sent it again or called it handled (clinic/failed_sends.py),
    unless its person wants no texts.
    """

    __tablename__ = "outgoing_texts"
    __table_args__ = (
        Index("ix_outgoing_texts_conversation_id", "conversation_id"),
        Index("ix_outgoing_texts_next_attempt_at", "next_attempt_at"),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    idempotency_key = Column(String(200), nullable=False, unique=True)
    conversation_id = Column(String(100), nullable=False)
    body = Column(EncryptedText("outgoing_texts", "body"))
    attempts = Column(Integer, nullable=False, default=0)
    next_attempt_at = Column(DateTime(timezone=True))
    claimed_until = Column(DateTime(timezone=True))
    carrier_id = Column(String(64))
    sent_at = Column(DateTime(timezone=True))
    failed_at = Column(DateTime(timezone=True))
    last_error = Column(String(40))
    handled_at = Column(DateTime(timezone=True))
    handled_by = Column(String(100))
    created_at = Column(DateTime(timezone=True), nullable=False)


class DeliveryReport(Base):
    """One status of one sent text, as the carrier reported it. The same status is stored once."""

    __tablename__ = "delivery_reports"
    __table_args__ = (
        Index("uq_delivery_reports_status", "carrier_id", "status", unique=True),
        Index("ix_delivery_reports_conversation_id", "conversation_id"),
    )

    id = Column(String(36), primary_key=True)
    carrier_id = Column(String(64), nullable=False)
    conversation_id = Column(String(100))
    status = Column(String(20), nullable=False)
    error_code = Column(String(10))
    reported_at = Column(DateTime(timezone=True), nullable=False)


@dataclass(frozen=True)
class DueText:
    """A text that is this process's to send until its lease ends."""

    id: int
    conversation_id: str
    body: str
    attempts: int


def queue_text(engine: Engine, conversation_id: str, body: str, idempotency_key: str) -> bool:
    """Queue a text; False when the person opted out, or the same text was queued before.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not queued.
    """
    if has_opted_out(engine, conversation_id):
        return False
    moment = clock.now()
    text = OutgoingText(
        idempotency_key=idempotency_key,
        conversation_id=conversation_id,
        body=body,
        attempts=0,
        next_attempt_at=moment,
        created_at=moment,
    )

    def queued_before(session: Session) -> bool | None:
        return False if _is_queued(session, idempotency_key) else None

    def queue(session: Session) -> bool:
        session.add(text)
        return True

    return store_once(engine, queued_before, queue)


def has_text_under_way(engine: Engine, conversation_id: str) -> bool:
    """Whether a text of this conversation was queued a moment ago and is not sent: what comes next must not pass it."""
    query = select(OutgoingText.id).where(
        OutgoingText.conversation_id == conversation_id,
        OutgoingText.sent_at.is_(None),
        OutgoingText.failed_at.is_(None),
        OutgoingText.created_at > clock.now() - MOMENT,
    )
    with transaction(engine) as session:
        return session.execute(query.limit(1)).first() is not None


def claim_due_text(engine: Engine) -> DueText | None:
    """The oldest text that may be sent now and has no unsent one of its conversation before it; None if there is none.

    The claim is a lease: a process that dies while sending loses it after a minute, and the text is tried again.

    Raises:
        clinic.encryption.keys.UnreadableValueError: its words cannot be read; it is tried again after a minute.
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    moment = clock.now()
    earlier = aliased(OutgoingText)
    waits = and_(OutgoingText.sent_at.is_(None), OutgoingText.failed_at.is_(None))
    # What was claimed or put off for longer than anything is, was so before the clock was put back.
    lost = OutgoingText.claimed_until > moment + 2 * LEASE
    free = or_(OutgoingText.claimed_until.is_(None), OutgoingText.claimed_until < moment, lost)
    now_due = or_(OutgoingText.next_attempt_at <= moment, OutgoingText.next_attempt_at > moment + LONGEST_WAIT)
    first = ~exists().where(
        earlier.conversation_id == OutgoingText.conversation_id,
        earlier.id < OutgoingText.id,
        earlier.sent_at.is_(None),
        earlier.failed_at.is_(None),
    )
    found = select(OutgoingText.id, OutgoingText.conversation_id, OutgoingText.attempts)
    due = found.where(waits, free, first, now_due)
    with transaction(engine) as session:
        row = session.execute(due.order_by(OutgoingText.id).limit(1)).one_or_none()
        if row is None:
            return None
        taken = update(OutgoingText).where(OutgoingText.id == row.id, waits, free)
        taken = taken.values(claimed_until=moment + LEASE, attempts=row.attempts + 1)
        if not session.execute(taken.execution_options(synchronize_session=False)).rowcount:
            return None
    # Read once it is claimed: a text that cannot be read does not keep those of other people waiting.
    with transaction(engine) as session:
        body = session.execute(select(OutgoingText.body).where(OutgoingText.id == row.id)).scalar()
    return None if body is None else DueText(row.id, row.conversation_id, body, row.attempts + 1)


def mark_sent(engine: Engine, text: DueText, carrier_id: str) -> None:
    """Note that the carrier has taken the text; its words are kept in the conversation alone."""
    _finish(engine, text, sent_at=clock.now(), carrier_id=carrier_id, body=None, last_error=None)


def mark_failed(engine: Engine, text: DueText, error: str) -> None:
    """Note that the text will not be sent. `error` is the carrier's code or the kind of fault, without any words.

    Its own words stay, so that the staff can have it sent again; not for a person who wants no texts.
    """
    words = {"body": None} if has_opted_out(engine, text.conversation_id) else {}
    _finish(engine, text, failed_at=clock.now(), claimed_until=None, last_error=error, **words)


def try_again(engine: Engine, text: DueText, error: str, moment: datetime) -> None:
    """Note a fault that may pass, and when to try again."""
    _finish(engine, text, next_attempt_at=moment, claimed_until=None, last_error=error)


def forget_outgoing(session: Session, conversation_id: str) -> None:
    """Erase, within the caller's transaction, what waits to be sent and what was reported of what was sent."""
    mine = delete(OutgoingText).where(OutgoingText.conversation_id == conversation_id)
    session.execute(mine.execution_options(synchronize_session=False))
    forget_reports(session, conversation_id)


def forget_reports(session: Session, conversation_id: str) -> None:
    """Erase, within the caller's transaction, what was reported of texts that were sent."""
    mine = delete(DeliveryReport).where(DeliveryReport.conversation_id == conversation_id)
    session.execute(mine.execution_options(synchronize_session=False))


def _is_queued(session: Session, idempotency_key: str) -> bool:
    query = select(OutgoingText.id).where(OutgoingText.idempotency_key == idempotency_key)
    return session.execute(query).first() is not None


def _finish(engine: Engine, text: DueText, **values: object) -> None:
    with transaction(engine) as session:
        session.execute(update(OutgoingText).where(OutgoingText.id == text.id).values(**values))
