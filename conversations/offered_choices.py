"""The choices a conversation was last offered. A visitor sends back a random id; the label never leaves the server."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, DateTime, Index, Integer, String, bindparam, delete, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction

ID_BYTES = 16
OFFERS_KEPT = 2


class OfferedChoice(Base):
    """One choice of one turn's offer; `ordinal` is its place in it, from 1."""

    __tablename__ = "offered_choices"
    __table_args__ = (Index("ix_offered_choices_conversation_id", "conversation_id"),)

    id = Column(String(40), primary_key=True)
    conversation_id = Column(String(100), nullable=False)
    turn_id = Column(Integer, nullable=False)
    label = Column(String(80), nullable=False)
    title = Column(String(200), nullable=False)
    ordinal = Column(Integer, nullable=False, server_default="0")
    offered_at = Column(DateTime(timezone=True), nullable=False)


# Made once, as each turn needs them (conversations/turns.py).
_CHOICES = OfferedChoice.__table__
_MINE = _CHOICES.c.conversation_id == bindparam("of_conversation")
_INSERT = insert(_CHOICES)
_DELETE_OF_TURN = delete(_CHOICES).where(_MINE, _CHOICES.c.turn_id == bindparam("of_turn"))
_OFFERS = select(_CHOICES.c.turn_id).where(_MINE).distinct().order_by(_CHOICES.c.turn_id.desc())


@dataclass(frozen=True)
class Choice:
    """A choice as it is offered: `label` is what choosing it means, `title` what the visitor reads."""

    id: str
    label: str
    title: str


def new_choice(label: str, title: str) -> Choice:
    """A choice under a fresh id of 128 random bits; it counts once the turn that offers it is stored."""
    return Choice(secrets.token_urlsafe(ID_BYTES), label, title)


def find_choice(engine: Engine, conversation_id: str, choice_id: str) -> Choice | None:
    """The choice, when it is on offer in this very conversation."""
    query = select(OfferedChoice).where(OfferedChoice.id == choice_id, OfferedChoice.conversation_id == conversation_id)
    with transaction(engine) as session:
        row = session.execute(query).scalar_one_or_none()
        return Choice(row.id, row.label, row.title) if row is not None else None


def offer_of_turn(session: Session, conversation_id: str, turn_id: int) -> list[Choice]:
    """The choices that a turn offered, in their order; none when newer offers have taken their place."""
    query = (
        select(OfferedChoice)
        .where(OfferedChoice.conversation_id == conversation_id, OfferedChoice.turn_id == turn_id)
        .order_by(OfferedChoice.ordinal)
    )
    return [Choice(row.id, row.label, row.title) for row in session.execute(query).scalars()]


def choices_on_offer(session: Session, conversation_id: str) -> set[str]:
    """The ids that may still be chosen."""
    query = select(OfferedChoice.id).where(OfferedChoice.conversation_id == conversation_id)
    return set(session.execute(query).scalars())


def replace_offer(
    connection: Connection, conversation_id: str, turn_id: int, choices: Sequence[Choice], *, first: bool = False
) -> None:
    """Offer these choices, within the caller's transaction; of earlier turns only the latest offer stays valid.

    Args:
        connection: with the transaction.
        conversation_id: of the turn.
        turn_id: the turn that offers them; what it offered before is offered no more.
        choices: in their order.
        first: nobody can have stored an offer of the turn before, so there is nothing to take back.
    """
    mine = {"of_conversation": conversation_id}
    if not first:
        connection.execute(_DELETE_OF_TURN, {**mine, "of_turn": turn_id})
    if not choices:
        return
    same = {"conversation_id": conversation_id, "turn_id": turn_id, "offered_at": clock.now()}
    rows = [{**vars(choice), **same, "ordinal": ordinal} for ordinal, choice in enumerate(choices, start=1)]
    connection.execute(_INSERT, rows)
    for old in connection.execute(_OFFERS, mine).scalars().all()[OFFERS_KEPT:]:
        connection.execute(_DELETE_OF_TURN, {**mine, "of_turn": old})
