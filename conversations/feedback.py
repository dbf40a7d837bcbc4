"""Whether a visitor found an answer helpful: one verdict per turn, which they may change, kept for the staff."""

import json

from sqlalchemy import Boolean, Column, DateTime, String, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction
from conversations.turns import ANSWERED, Turn


class Feedback(Base):
    """A verdict on the answer to the visitor's message `message_id`; `given_at` is when it was last changed."""

    __tablename__ = "feedback"

    conversation_id = Column(String(100), primary_key=True)
    message_id = Column(String(100), primary_key=True)
    helpful = Column(Boolean, nullable=False)
    given_at = Column(DateTime(timezone=True), nullable=False)


class NoSuchAnswerError(LookupError):
    """The conversation has no such message, or what was said to it rests on no source and is no answer to rate."""


def keep_feedback(engine: Engine, conversation_id: str, message_id: str, helpful: bool) -> None:
    """Store the verdict in the place of an earlier one; giving it again changes nothing but its time.

    Raises:
        NoSuchAnswerError: there is nothing to rate.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    try:
        with transaction(engine) as session:
            _require_answer(session, conversation_id, message_id)
            if not _change(session, conversation_id, message_id, helpful):
                session.add(
                    Feedback(
                        conversation_id=conversation_id, message_id=message_id, helpful=helpful, given_at=clock.now()
                    )
                )
    except IntegrityError:
        # Another request stored the first verdict between our look and our insert.
        with transaction(engine) as session:
            _change(session, conversation_id, message_id, helpful)


def verdicts(engine: Engine, conversation_id: str) -> dict[str, bool]:
    """The verdicts of a conversation by message id: whether the answer was helpful."""
    query = select(Feedback.message_id, Feedback.helpful).where(Feedback.conversation_id == conversation_id)
    with transaction(engine) as session:
        return {row.message_id: row.helpful for row in session.execute(query)}


def _require_answer(session: Session, conversation_id: str, message_id: str) -> None:
    query = select(Turn.answer).where(
        Turn.conversation_id == conversation_id, Turn.message_id == message_id, Turn.state == ANSWERED
    )
    answer = session.execute(query).scalar_one_or_none()
    if answer is None or not any(message["source"] for message in json.loads(answer)):
        raise NoSuchAnswerError("the message has no answer that rests on a source")


def _change(session: Session, conversation_id: str, message_id: str, helpful: bool) -> bool:
    """Change a verdict; False when there is none."""
    own = (Feedback.conversation_id == conversation_id, Feedback.message_id == message_id)
    return bool(session.execute(update(Feedback).where(*own).values(helpful=helpful, given_at=clock.now())).rowcount)
