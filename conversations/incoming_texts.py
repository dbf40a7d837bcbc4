"""Text messages as the carrier handed them over. Each is stored under the carrier's id before any work, and its answer
is kept, so that a copy of it - a second later or next year - gets the same answer and causes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, DateTime, Index, String, func, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction
from clinic.encryption.columns import EncryptedText
from clinic.storing_once import store_once

BY_RESPONSE = "response"
BY_QUEUE = "queue"


class IncomingText(Base):
    """One text. `choice_id` is the choice it stood for when it came in.

    `body` is there until the text is answered; after that the conversation keeps it. `rest` is what of the answer
    waits for the visitor to ask for it. `sent_by` is `response` or `queue`; null while that is open.
    """

    __tablename__ = "incoming_texts"
    __table_args__ = (Index("ix_incoming_texts_conversation", "conversation_id", "received_at"),)

    text_id = Column(String(64), primary_key=True)
    conversation_id = Column(String(100), nullable=False)
    body = Column(EncryptedText("incoming_texts", "body"))
    choice_id = Column(String(64))
    reply = Column(EncryptedText("incoming_texts", "reply"))
    rest = Column(EncryptedText("incoming_texts", "rest"))
    sent_by = Column(String(10))
    received_at = Column(DateTime(timezone=True), nullable=False)
    answered_at = Column(DateTime(timezone=True))


@dataclass(frozen=True)
class Reply:
    """What a text is answered with; no `text` is silence. `rest` waits until it is asked for."""

    text: str
    rest: str = ""


@dataclass(frozen=True)
class StoredText:
    """A text and what became of it; `reply` is None while it is worked on."""

    text_id: str
    conversation_id: str
    body: str
    choice_id: str | None
    reply: Reply | None
    sent_by: str | None


def store_text(engine: Engine, text_id: str, conversation_id: str, body: str, choice_id: str | None) -> StoredText:
    """Store a text, or find it as it was stored before.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not stored.
    """

    def store(session: Session) -> StoredText:
        row = IncomingText(
            text_id=text_id,
            conversation_id=conversation_id,
            body=body,
            choice_id=choice_id,
            received_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return _stored(row)

    return store_once(engine, lambda session: _found(session, text_id), store)


def find_text(engine: Engine, text_id: str) -> StoredText | None:
    """The text as it was stored, if it was."""
    with transaction(engine) as session:
        return _found(session, text_id)


def keep_reply(engine: Engine, text_id: str, compose: Callable[[Session], Reply]) -> Reply:
    """Keep the answer to a text and return the one that counts: the first that was kept.

    Args:
        engine: the database.
        text_id: the text, as it was stored.
        compose: makes the answer within the transaction.

    Raises:
        LookupError: the text was erased meanwhile.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    with transaction(engine) as session:
        kept = _kept_reply(session, text_id)
        if kept is None:
            reply = compose(session)
            values = {"reply": reply.text, "rest": reply.rest or None, "answered_at": clock.now(), "body": None}
            first = update(IncomingText).where(IncomingText.text_id == text_id, IncomingText.reply.is_(None))
            session.execute(first.values(**values).execution_options(synchronize_session=False))
            kept = _kept_reply(session, text_id)
        if kept is None:
            raise LookupError("the text is no longer there")
        return kept


def decide_way(engine: Engine, text_id: str, way: str) -> bool:
    """Decide how the answer reaches the visitor; False when the other way was decided on before."""
    mine = IncomingText.text_id == text_id
    with transaction(engine) as session:
        decided = update(IncomingText).where(mine, IncomingText.sent_by.is_(None)).values(sent_by=way)
        session.execute(decided.execution_options(synchronize_session=False))
        return bool(session.execute(select(IncomingText.sent_by).where(mine)).scalar() == way)


def rest_of_last_answer(engine: Engine, conversation_id: str, before: str) -> str:
    """What waits to be asked for since the text before this one; empty when nothing does."""
    query = (
        select(IncomingText.rest)
        .where(
            IncomingText.conversation_id == conversation_id,
            IncomingText.text_id != before,
            IncomingText.reply.isnot(None),
        )
        .order_by(IncomingText.answered_at.desc())
        .limit(1)
    )
    with transaction(engine) as session:
        return session.execute(query).scalar() or ""


def texts_since(engine: Engine, conversation_id: str, moment: datetime) -> int:
    """How many texts came in since then, the answered ones and the others."""
    query = (
        select(func.count())
        .select_from(IncomingText)
        .where(IncomingText.conversation_id == conversation_id, IncomingText.received_at > moment)
    )
    with transaction(engine) as session:
        return int(session.execute(query).scalar() or 0)


def was_said_since(engine: Engine, conversation_id: str, reply: str, moment: datetime) -> bool:
    """Whether a text was answered with just these words since then."""
    query = select(IncomingText.reply).where(
        IncomingText.conversation_id == conversation_id, IncomingText.answered_at > moment
    )
    with transaction(engine) as session:
        return reply in session.execute(query).scalars()


def interrupted_texts(engine: Engine, before: datetime) -> list[StoredText]:
    """The texts, oldest first, that came in before then and have no answer: a crash came between.

    Those from the future came in before the clock was put back.
    """
    past = or_(IncomingText.received_at < before, IncomingText.received_at > clock.now() + timedelta(minutes=1))
    query = select(IncomingText).where(IncomingText.reply.is_(None), past)
    with transaction(engine) as session:
        return [_stored(row) for row in session.execute(query.order_by(IncomingText.received_at)).scalars()]


def queued_answers(engine: Engine, since: datetime) -> list[StoredText]:
    """The texts since then whose answer is to be sent afterwards; a crash may have come before it was."""
    query = select(IncomingText).where(IncomingText.sent_by == BY_QUEUE, IncomingText.received_at > since)
    with transaction(engine) as session:
        rows = session.execute(query.order_by(IncomingText.received_at)).scalars()
        return [_stored(row) for row in rows if row.reply]


def close_old_texts(engine: Engine, before: datetime) -> None:
    """Leave texts without an answer that came in before then; what would be said to them is of no use any more."""
    old = update(IncomingText).where(IncomingText.reply.is_(None), IncomingText.received_at < before)
    with transaction(engine) as session:
        session.execute(
            old.values(reply="", body=None, answered_at=clock.now()).execution_options(synchronize_session=False)
        )


def forget_texts(session: Session, conversation_id: str) -> None:
    """Erase, within the caller's transaction, what was texted. A text's bare id stays, so that no copy is answered.

    The text that is being answered keeps its row, for its answer.
    """
    mine = update(IncomingText).where(IncomingText.conversation_id == conversation_id)
    session.execute(
        mine.where(IncomingText.reply.isnot(None))
        .values(conversation_id="", body=None, choice_id=None, reply="", rest=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(mine.values(body=None, choice_id=None).execution_options(synchronize_session=False))


def _kept_reply(session: Session, text_id: str) -> Reply | None:
    query = select(IncomingText.reply, IncomingText.rest).where(
        IncomingText.text_id == text_id, IncomingText.reply.isnot(None)
    )
    row = session.execute(query).first()
    return None if row is None else Reply(row.reply, row.rest or "")


def _found(session: Session, text_id: str) -> StoredText | None:
    row = session.get(IncomingText, text_id)
    return None if row is None else _stored(row)


def _stored(row: IncomingText) -> StoredText:
    reply = None if row.reply is None else Reply(row.reply, row.rest or "")
    return StoredText(row.text_id, row.conversation_id, row.body or "", row.choice_id, reply, row.sent_by)
