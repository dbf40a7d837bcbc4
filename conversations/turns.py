"""Turns: each message of a visitor is claimed before any work, and its answer is kept, so that it is answered once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, String, Text, and_, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base, transaction
from conversations.offered_choices import Choice, choices_on_offer, replace_offer

CLAIMED = "claimed"
ANSWERED = "answered"
FAILED = "failed"
CLAIM_LIFETIME = timedelta(seconds=60)

Messages = list[dict[str, Any]]


class Turn(Base):
    """One message and its answer. `id` grows, and is the turn's position in the conversation.

    `answer` is the JSON list of messages the visitor was shown. `claim_number` counts who worked on it: only the
    latest claim may answer.
    """

    __tablename__ = "turns"
    # Without it SQLite gives the id of an erased newest turn to the next one, and positions would not only grow.
    __table_args__ = (
        Index("uq_turns_message", "conversation_id", "message_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(100), nullable=False)
    message_id = Column(String(100), nullable=False)
    channel = Column(String(20), nullable=False)
    content_digest = Column(String(64), nullable=False)
    visitor_text = Column(Text)
    state = Column(String(10), nullable=False)
    claim_number = Column(Integer, nullable=False)
    answer = Column(Text)
    claimed_at = Column(DateTime(timezone=True), nullable=False)
    answered_at = Column(DateTime(timezone=True))


@dataclass(frozen=True)
class IncomingTurn:
    """A message as it arrived. `visitor_text` is what the visitor typed or the title they chose."""

    conversation_id: str
    message_id: str
    channel: str
    content_digest: str
    visitor_text: str


@dataclass(frozen=True)
class Claim:
    """The right to work on a turn. `is_first` is False when an earlier try failed or crashed."""

    turn_id: int
    conversation_id: str
    number: int
    is_first: bool


@dataclass(frozen=True)
class TurnInHistory:
    """A turn as its conversation shows it; `visitor_text` is None for what the assistant said by itself."""

    message_id: str
    visitor_text: str | None
    messages: Messages


class MessageIdReusedError(ValueError):
    """The message id was used before, for another content."""


class ClaimLostError(RuntimeError):
    """The turn was erased, or taken over by another process; the work on it must not be kept."""


def claim_turn(engine: Engine, incoming: IncomingTurn) -> Claim | Messages | None:
    """Claim the turn; or its answer when it has one; or None while somebody else works on it.

    A turn that failed, or whose claim is older than a minute without an answer (a crash), may be claimed again.

    Raises:
        MessageIdReusedError: the id stands for another message.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    try:
        with transaction(engine) as session:
            found = _find(session, incoming.conversation_id, incoming.message_id)
            return _first_claim(session, incoming) if found is None else _claim_again(session, found, incoming)
    except IntegrityError:
        # Another request claimed it between our look and our insert.
        with transaction(engine) as session:
            found = _find(session, incoming.conversation_id, incoming.message_id)
            return None if found is None else _claim_again(session, found, incoming)


def find_answer(engine: Engine, conversation_id: str, message_id: str, content_digest: str) -> Messages | None:
    """The answer of a turn that has one.

    Raises:
        MessageIdReusedError: the id stands for another message.
    """
    with transaction(engine) as session:
        found = _find(session, conversation_id, message_id)
        if found is None:
            return None
        _require_same_content(found, content_digest)
        return _messages(found) if found.state == ANSWERED else None


def require_claim(engine: Engine, claim: Claim) -> None:
    """Make sure that the claim still holds.

    Raises:
        ClaimLostError: it does not.
    """
    query = select(Turn.id).where(*_held_by(claim))
    with transaction(engine) as session:
        if session.execute(query).first() is None:
            raise ClaimLostError("the turn is no longer ours")


def answer_turn(engine: Engine, claim: Claim, messages: Messages, choices: Sequence[Choice], failed: bool) -> None:
    """Keep what the visitor is shown, and offer its choices. A failed turn may be claimed again.

    Raises:
        ClaimLostError: the claim does not hold any more; nothing was stored.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    values = {
        "state": FAILED if failed else ANSWERED,
        "answer": json.dumps(messages, ensure_ascii=False),
        "answered_at": clock.now(),
    }
    with transaction(engine) as session:
        if not session.execute(update(Turn).where(*_held_by(claim)).values(**values)).rowcount:
            raise ClaimLostError("the turn is no longer ours")
        replace_offer(session, claim.conversation_id, claim.turn_id, choices)


def release_turn(engine: Engine, claim: Claim) -> None:
    """Give the claim back without an answer, so that the message can be sent again at once."""
    with transaction(engine) as session:
        session.execute(update(Turn).where(*_held_by(claim)).values(state=FAILED))


def keep_greeting(engine: Engine, conversation_id: str, channel: str, messages: Messages) -> None:
    """Keep what the assistant said at the very start. Its message id is one that no visitor's client may send."""
    moment = clock.now()
    with transaction(engine) as session:
        session.add(
            Turn(
                conversation_id=conversation_id,
                message_id=":greeting",
                channel=channel,
                content_digest="",
                state=ANSWERED,
                claim_number=1,
                answer=json.dumps(messages, ensure_ascii=False),
                claimed_at=moment,
                answered_at=moment,
            )
        )


def history(engine: Engine, conversation_id: str) -> list[TurnInHistory]:
    """The conversation so far, oldest first; choices that may no longer be chosen are left out."""
    query = select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.id)
    with transaction(engine) as session:
        offered = choices_on_offer(session, conversation_id)
        turns = session.execute(query).scalars().all()
        return [TurnInHistory(turn.message_id, turn.visitor_text, _still_open(turn, offered)) for turn in turns]


def _find(session: Session, conversation_id: str, message_id: str) -> Any:
    query = select(Turn).where(Turn.conversation_id == conversation_id, Turn.message_id == message_id)
    return session.execute(query).scalar_one_or_none()


def _first_claim(session: Session, incoming: IncomingTurn) -> Claim:
    row = Turn(**vars(incoming), state=CLAIMED, claim_number=1, claimed_at=clock.now())
    session.add(row)
    session.flush()
    return Claim(row.id, incoming.conversation_id, 1, is_first=True)


def _claim_again(session: Session, found: Any, incoming: IncomingTurn) -> Claim | Messages | None:
    _require_same_content(found, incoming.content_digest)
    if found.state == ANSWERED:
        return _messages(found)
    moment = clock.now()
    crashed = and_(Turn.state == CLAIMED, Turn.claimed_at < moment - CLAIM_LIFETIME)
    free = and_(Turn.id == found.id, Turn.claim_number == found.claim_number, or_(Turn.state == FAILED, crashed))
    number = found.claim_number + 1
    taken = update(Turn).where(free).values(state=CLAIMED, claim_number=number, claimed_at=moment, answer=None)
    if not session.execute(taken.execution_options(synchronize_session=False)).rowcount:
        return None
    return Claim(found.id, incoming.conversation_id, number, is_first=False)


def _held_by(claim: Claim) -> tuple[Any, ...]:
    return (
        Turn.id == claim.turn_id,
        Turn.conversation_id == claim.conversation_id,
        Turn.claim_number == claim.number,
        Turn.state == CLAIMED,
    )


def _require_same_content(found: Any, content_digest: str) -> None:
    if found.content_digest != content_digest:
        raise MessageIdReusedError("the message id was used for another message")


def _messages(row: Any) -> Messages:
    return list(json.loads(row.answer)) if row.answer else []


def _still_open(row: Any, offered: set[str]) -> Messages:
    return [
        {**message, "choices": [choice for choice in message["choices"] if choice["id"] in offered]}
        for message in _messages(row)
    ]
