"""Flags: turns that the staff must look at, safety above all."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, DateTime, Index, String, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.database import Base, transaction

TEXT_NOT_DELIVERED = "text_not_delivered"
"""A text message did not reach its person; `turn_id` is `text-` and the queued text's id, or the carrier's id."""
TOO_MANY_TEXTS = "too_many_texts"
"""A number texts so much that it is answered no more; another machine, perhaps."""


class Flag(Base):
    """One flagged turn. A turn is flagged once per label, however often it is delivered.

    `label` is a safety label (clinic/urgency.py), `TEXT_NOT_DELIVERED` or `TOO_MANY_TEXTS`.
    """

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


@dataclass(frozen=True)
class Acknowledgement:
    """Who was the first to say that they take care of a flag, and when; `is_new` when that is this call's doing."""

    conversation_id: str
    label: str
    acknowledged_by: str
    acknowledged_at: datetime
    is_new: bool


@dataclass(frozen=True)
class Reopened:
    """A flag that waits for somebody again."""

    conversation_id: str
    label: str


class NoSuchFlagError(LookupError):
    """There is no such flag: it never was, or its conversation was erased."""


def acknowledge(engine: Engine, flag_id: str, acknowledged_by: str) -> Acknowledgement:
    """Note that somebody takes care of a flag. The first one stays noted, whoever comes after.

    Args:
        engine: the clinic's database.
        flag_id: which flag.
        acknowledged_by: the name of the person's account.

    Raises:
        NoSuchFlagError: there is no such flag.
        sqlalchemy.exc.SQLAlchemyError: nothing was noted.
    """
    open_one = update(Flag).where(Flag.id == flag_id, Flag.acknowledged_at.is_(None))
    noted = open_one.values(acknowledged_at=clock.now(), acknowledged_by=acknowledged_by)
    with transaction(engine) as session:
        is_new = bool(session.execute(noted.execution_options(synchronize_session=False)).rowcount)
        row = session.execute(select(Flag).where(Flag.id == flag_id)).scalar_one_or_none()
        if row is None:
            raise NoSuchFlagError("there is no such flag")
        return Acknowledgement(row.conversation_id, row.label, row.acknowledged_by, row.acknowledged_at, is_new)


def reopen(engine: Engine, flag_id: str) -> Reopened:
    """Let a flag wait again that was acknowledged by mistake; one that waits stays as it is.

    Raises:
        NoSuchFlagError: there is no such flag.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    own = update(Flag).where(Flag.id == flag_id).values(acknowledged_at=None, acknowledged_by=None)
    with transaction(engine) as session:
        session.execute(own.execution_options(synchronize_session=False))
        row = session.execute(select(Flag).where(Flag.id == flag_id)).scalar_one_or_none()
        if row is None:
            raise NoSuchFlagError("there is no such flag")
        return Reopened(row.conversation_id, row.label)
