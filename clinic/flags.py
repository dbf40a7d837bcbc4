"""Flags: turns that the staff must look at, safety above all."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, DateTime, Index, String, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction
from clinic.outbox import Notice, add_notices
from clinic.staff_messages import URGENT
from clinic.storing_once import store_once
from clinic.urgency import ORDER_OF_URGENCY, SAFETY_PREFIX

TEXT_NOT_DELIVERED = "text_not_delivered"
"""A text message did not reach its person; `turn_id` is `text-` and the queued text's id, or the carrier's id."""
TOO_MANY_TEXTS = "too_many_texts"
"""A number texts so much that it is answered no more; another machine, perhaps."""
ERASED_CONVERSATION = ""
"""The conversation of a safety flag whose visitor had everything deleted before anybody acknowledged it."""
QUIET_AFTER_NOTICE = timedelta(hours=1)
"""How long a notice of danger speaks for what the same conversation says next, unless that is worse."""


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


def flag_turn(
    engine: Engine, conversation_id: str, turn_id: str, label: str, channel: str, *, targets: Collection[str] = ()
) -> None:
    """Flag a turn for the staff; a second call for the same turn and label changes nothing.

    The staff are told of a new safety flag in the same transaction, once in `QUIET_AFTER_NOTICE` for a conversation.

    Args:
        engine: the clinic's database.
        conversation_id: whose turn.
        turn_id: which turn.
        label: why, as in `Flag`.
        channel: `web` or `sms`.
        targets: where the staff are told of danger, of `email` and `webhook`.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: neither the flag nor a notice of it was stored.
    """
    same = select(Flag.id).where(Flag.conversation_id == conversation_id, Flag.turn_id == turn_id, Flag.label == label)
    flag = Flag(
        id=str(uuid.uuid4()),
        conversation_id=conversation_id,
        turn_id=turn_id,
        label=label,
        channel=channel,
        created_at=clock.now(),
    )

    def store(session: Session) -> str:
        session.add(flag)
        _tell_the_staff(session, flag, targets)
        return str(flag.id)

    store_once(engine, lambda session: session.execute(same).scalar(), store)


def _tell_the_staff(session: Session, flag: Flag, targets: Collection[str]) -> None:
    """Add a notice for each target that does not know yet; its kind is the label, which outlives the flag there."""
    if targets and flag.label.startswith(SAFETY_PREFIX):
        # Written before the look, so that on SQLite two turns of a conversation wait for each other.
        session.flush()
        known = _targets_that_know(session, flag)
        untold = [target for target in targets if target not in known]
        add_notices(session, flag.label, flag.id, version=1, urgency=URGENT, channel=flag.channel, targets=untold)


def _targets_that_know(session: Session, flag: Flag) -> set[str]:
    """Where a notice of the same conversation, as urgent or more, went or will go, which nobody has acted on yet.

    The time counts from that notice, so that somebody who goes on writing is told of anew each hour.
    """
    moment = clock.now()
    lately = (
        Notice.created_at > moment - QUIET_AFTER_NOTICE,
        # A notice from further ahead is of before the clock was put back.
        Notice.created_at < moment + QUIET_AFTER_NOTICE,
        Notice.failed_at.is_(None),
    )
    same = (Flag.conversation_id == flag.conversation_id, Flag.acknowledged_at.is_(None))
    told = select(Notice.target).join(Flag, Flag.id == Notice.subject_id)
    return set(session.execute(told.where(*same, *lately, Notice.kind.in_(_as_urgent(flag.label)))).scalars())


def _as_urgent(label: str) -> tuple[str, ...]:
    """The label and those that are more urgent; one that is not known is less urgent than all that are."""
    known = label in ORDER_OF_URGENCY
    return ORDER_OF_URGENCY[: ORDER_OF_URGENCY.index(label) + 1] if known else (*ORDER_OF_URGENCY, label)


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
