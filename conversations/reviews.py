"""What reviewers found: whether a turn was understood rightly, and which conversations they have been through."""

from sqlalchemy import Column, DateTime, Index, Integer, String

from clinic.database import Base

RIGHT = "right"
WRONG = "wrong"


class TurnReview(Base):
    """A verdict on one turn, by the id of its event. `label` is what would have been right, null where that is open."""

    __tablename__ = "turn_reviews"
    __table_args__ = (Index("ix_turn_reviews_conversation_id", "conversation_id"),)

    event_id = Column(Integer, primary_key=True, autoincrement=False)
    conversation_id = Column(String(100), nullable=False)
    verdict = Column(String(10), nullable=False)
    label = Column(String(80))
    reviewed_by = Column(String(100), nullable=False)
    reviewed_at = Column(DateTime(timezone=True), nullable=False)


class ConversationReview(Base):
    """A conversation that was read to its end; `turns_seen` tells whether it has gone on since."""

    __tablename__ = "conversation_reviews"

    conversation_id = Column(String(100), primary_key=True)
    turns_seen = Column(Integer, nullable=False)
    reviewed_by = Column(String(100), nullable=False)
    reviewed_at = Column(DateTime(timezone=True), nullable=False)
