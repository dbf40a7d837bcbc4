"""Flags: turns that the staff must look at, safety above all."""

import uuid

from sqlalchemy import Column, DateTime, Index, String, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.database import Base, transaction


class Flag(Base):
    """One flagged turn. A turn is flagged once per label, however often it is delivered."""

    __tablename__ = "flags"
    __table_args__ = (Index("uq_flags_turn", "conversation_id", "turn_id", "label", unique=True),)

    id = Column(String(36), primary_key=True)
    conversation_id = Column(String(100), nullable=False)
    turn_id = Column(String(100), nullable=False)
    label = Column(String(80), nullable=False)
    channel = Column(String(20), nullable=False)
    acknowledged_at = Column(DateTime(timezone=True))
    acknowledged_by = Column(String(100))
    created_at = Column(DateTime(timezone=True), nullable=False)


def flag_turn(engine: Engine, conversation_id: str, turn_id: str, label: str, channel: str) -> None:
    """Flag a turn for the staff; a second call for the same turn and label changes nothing.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the flag was not stored.
    """
    same = select(Flag.id).where(Flag.conversation_id == conversation_id, Flag.turn_id == turn_id, Flag.label == label)
    try:
        with transaction(engine) as session:
            if session.execute(same).first() is None:
                session.add(
                    Flag(
                        id=str(uuid.uuid4()),
                        conversation_id=conversation_id,
                        turn_id=turn_id,
                        label=label,
                        channel=channel,
                        created_at=clock.now(),
                    )
                )
    except IntegrityError:
        with transaction(engine) as session:
            if session.execute(same).first() is None:
                raise
