"""Turns: each message of a visitor is claimed before any work, and its answer is kept, so that it is answered once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, String, and_, bindparam, insert, or_, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from clinic import clock
from clinic.database import Base, transaction, transaction_without_sync
from clinic.encryption.columns import EncryptedText
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
    visitor_text = Column(EncryptedText("turns", "visitor_text"))
    state = Column(String(10), nullable=False)
    claim_number = Column(Integer, nullable=False)
    answer = Column(EncryptedText("turns", "answer"))
    claimed_at = Column(DateTime(timezone=True), nullable=False)
    answered_at = Column(DateTime(timezone=True))


# The statements of every turn are made once: making them costs several times what the database needs to answer them.
_TURNS = Turn.__table__
_FIND = select(_TURNS.c.id, _TURNS.c.content_digest, _TURNS.c.state, _TURNS.c.claim_number, _TURNS.c.answer).where(
    _TURNS.c.conversation_id == bindparam("of_conversation"), _TURNS.c.message_id == bindparam("of_message")
)
_HELD = (
    _TURNS.c.id == bindparam("held_turn"),
    _TURNS.c.conversation_id == bindparam("held_conversation"),
    _TURNS.c.claim_number == bindparam("held_number"),
    _TURNS.c.state == CLAIMED,
)
_INSERT = insert(_TURNS)
_LOOK = select(_TURNS.c.id).where(*_HELD)
_ANSWER = (
    update(_TURNS)
    .where(*_HELD)
    .values(state=bindparam("new_state"), answer=bindparam("new_answer"), answered_at=bindparam("new_answered_at"))
)
_RELEASE = update(_TURNS).where(*_HELD).values(state=FAILED)


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
    """The right to work on a turn. `number` counts the tries; all before it failed or crashed."""

    turn_id: int
    conversation_id: str
    number: int


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

    A turn that failed, or whose claim is older than a minute without an answer (a crash), may be claimed again. A claim
    does not wait for the disk: where it is lost with the machine's power, so is the turn, and nobody was answered.

    Raises:
        MessageIdReusedError: the id stands for another message.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    try:
        with transaction_without_sync(engine) as connection:
            found = _find(connection, incoming.conversation_id, incoming.message_id)
            return _first_claim(connection, incoming) if found is None else _claim_again(connection, found, incoming)
    except IntegrityError:
        # Another request claimed it between our look and our insert.
        with transaction_without_sync(engine) as connection:
            found = _find(connection, incoming.conversation_id, incoming.message_id)
            return None if found is None else _claim_again(connection, found, incoming)


def find_answer(engine: Engine, conversation_id: str, message_id: str, content_digest: str) -> Messages | None:
    """The answer of a turn that has one.

    Raises:
        MessageIdReusedError: the id stands for another message.
    """
    with engine.connect() as connection:
        found = _find(connection, conversation_id, message_id)
        if found is None:
            return None
        _require_same_content(found, content_digest)
        return _messages(found) if found.state == ANSWERED else None


def require_claim(engine: Engine, claim: Claim) -> None:
    """Make sure that the claim still holds.

    Raises:
        ClaimLostError: it does not.
    """
    with engine.connect() as connection:
        if connection.execute(_LOOK, _held_by(claim)).first() is None:
            raise ClaimLostError("the turn is no longer ours")


def is_kept(engine: Engine, claim: Claim) -> bool:
    """Whether the claim's turn is still there, whoever works on it now; it is not after the conversation was erased."""
    mine = (_TURNS.c.id == claim.turn_id, _TURNS.c.conversation_id == claim.conversation_id)
    with engine.connect() as connection:
        return connection.execute(select(_TURNS.c.id).where(*mine)).first() is not None


def answer_turn(engine: Engine, claim: Claim, messages: Messages, choices: Sequence[Choice], failed: bool) -> None:
    """Keep what the visitor is shown, and offer its choices. A failed turn may be claimed again.

    Raises:
        ClaimLostError: the claim does not hold any more; nothing was stored.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    with engine.begin() as connection:
        answer_within(connection, claim, messages, choices, failed)


def answer_within(
    connection: Connection, claim: Claim, messages: Messages, choices: Sequence[Choice], failed: bool
) -> None:
    """The same within the caller's transaction, which must end with the errors that this raises."""
    values = {
        "new_state": FAILED if failed else ANSWERED,
        "new_answer": json.dumps(messages, ensure_ascii=False),
        "new_answered_at": clock.now(),
    }
    if not connection.execute(_ANSWER, {**values, **_held_by(claim)}).rowcount:
        raise ClaimLostError("the turn is no longer ours")
    replace_offer(connection, claim.conversation_id, claim.turn_id, choices, first=claim.number == 1)


def release_all_turns(engine: Engine) -> int:
    """Give back all claims, and say how many: for the start of a bot that is alone, so that nobody works on them.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: none was given back.
    """
    with engine.begin() as connection:
        return int(connection.execute(update(_TURNS).where(_TURNS.c.state == CLAIMED).values(state=FAILED)).rowcount)


def release_turn(engine: Engine, claim: Claim) -> None:
    """Give the claim back without an answer, so that the message can be sent again at once."""
    with engine.begin() as connection:
        connection.execute(_RELEASE, _held_by(claim))


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


def _find(connection: Connection, conversation_id: str, message_id: str) -> Any:
    return connection.execute(_FIND, {"of_conversation": conversation_id, "of_message": message_id}).one_or_none()


def _first_claim(connection: Connection, incoming: IncomingTurn) -> Claim:
    row = {**vars(incoming), "state": CLAIMED, "claim_number": 1, "claimed_at": clock.now()}
    identifier = connection.execute(_INSERT, row).inserted_primary_key[0]
    return Claim(identifier, incoming.conversation_id, 1)


def _claim_again(connection: Connection, found: Any, incoming: IncomingTurn) -> Claim | Messages | None:
    _require_same_content(found, incoming.content_digest)
    if found.state == ANSWERED:
        return _messages(found)
    moment = clock.now()
    # A claim from the future is none: the clock was put back since, and it would hold until that time comes again.
    too_far = or_(Turn.claimed_at < moment - CLAIM_LIFETIME, Turn.claimed_at > moment + CLAIM_LIFETIME)
    crashed = and_(Turn.state == CLAIMED, too_far)
    free = and_(Turn.id == found.id, Turn.claim_number == found.claim_number, or_(Turn.state == FAILED, crashed))
    number = found.claim_number + 1
    taken = update(Turn).where(free).values(state=CLAIMED, claim_number=number, claimed_at=moment, answer=None)
    if not connection.execute(taken).rowcount:
        return None
    return Claim(found.id, incoming.conversation_id, number)


def _held_by(claim: Claim) -> dict[str, Any]:
    return {"held_turn": claim.turn_id, "held_conversation": claim.conversation_id, "held_number": claim.number}


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
