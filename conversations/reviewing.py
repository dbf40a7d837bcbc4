"""Reviewing: saying of a turn whether it was understood rightly, and of a conversation that it was read to its end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.clock import in_utc
from clinic.database import transaction
from conversations.reviews import RIGHT, WRONG, ConversationReview, TurnReview
from conversations.turn_log import LoggedTurn


@dataclass(frozen=True)
class Review:
    """A verdict on a turn, as in `TurnReview`; `reviewed_at` is in UTC."""

    verdict: str
    label: str | None
    reviewed_by: str
    reviewed_at: datetime


class NoSuchTurnError(LookupError):
    """The conversation has no such turn, or not any more."""


class ReviewedByOtherError(RuntimeError):
    """Somebody else has reviewed the turn since it was looked at; nothing was changed. `review` is theirs."""

    def __init__(self, review: Review) -> None:
        super().__init__("the turn was reviewed by somebody else in the meantime")
        self.review = review


def review_turn(
    engine: Engine,
    conversation_id: str,
    event_id: int,
    *,
    verdict: str,
    label: str | None,
    by: str,
    seen: datetime | None,
) -> None:
    """Store a verdict in the place of an earlier one. The same verdict again changes nothing.

    Args:
        engine: the clinic's database.
        conversation_id: the conversation of the turn.
        event_id: the turn.
        verdict: `RIGHT` or `WRONG`.
        label: what would have been right, where that is known.
        by: the name of the account.
        seen: `reviewed_at` of the review that the person looked at; None when there was none.

    Raises:
        NoSuchTurnError: there is no such turn.
        ReviewedByOtherError: there is a review of somebody else that the person has not seen.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    if verdict not in (RIGHT, WRONG):
        raise ValueError(f"no verdict: {verdict}")
    wanted = Review(verdict, label, by, clock.now())
    while not _stored(engine, conversation_id, event_id, wanted, seen):
        pass  # somebody changed it between our look and our write; the next look tells


def undo_review(engine: Engine, conversation_id: str, event_id: int, *, by: str, seen: datetime | None) -> None:
    """Take the verdict on a turn back; without one nothing changes.

    Raises:
        NoSuchTurnError: there is no such turn.
        ReviewedByOtherError: there is a review of somebody else that the person has not seen.
        sqlalchemy.exc.SQLAlchemyError: nothing was changed.
    """
    while not _undone(engine, conversation_id, event_id, by, seen):
        pass


def mark_reviewed(engine: Engine, conversation_id: str, *, turns_seen: int, by: str) -> None:
    """Store that somebody read the first `turns_seen` turns; who has read further stays named.

    Raises:
        NoSuchTurnError: the conversation has no such turn.
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    while not _marked(engine, conversation_id, turns_seen, by):
        pass


def unmark_reviewed(engine: Engine, conversation_id: str) -> None:
    """Take back that a conversation was read."""
    with transaction(engine) as session:
        session.execute(delete(ConversationReview).where(ConversationReview.conversation_id == conversation_id))


def _stored(engine: Engine, conversation_id: str, event_id: int, wanted: Review, seen: datetime | None) -> bool:
    """Store the review; False when somebody changed what is there in the meantime."""
    try:
        with transaction(engine) as session:
            found = _find(session, conversation_id, event_id)
            if found is None:
                session.add(TurnReview(event_id=event_id, conversation_id=conversation_id, **vars(wanted)))
                return True
            if (found.verdict, found.label) == (wanted.verdict, wanted.label):
                return True
            _require_seen(found, wanted.reviewed_by, seen)
            changed = update(TurnReview).where(*_unchanged(event_id, found)).values(**vars(wanted))
            return bool(session.execute(changed.execution_options(synchronize_session=False)).rowcount)
    except IntegrityError:
        return False


def _undone(engine: Engine, conversation_id: str, event_id: int, by: str, seen: datetime | None) -> bool:
    with transaction(engine) as session:
        found = _find(session, conversation_id, event_id)
        if found is None:
            return True
        _require_seen(found, by, seen)
        gone = delete(TurnReview).where(*_unchanged(event_id, found))
        return bool(session.execute(gone.execution_options(synchronize_session=False)).rowcount)


def _marked(engine: Engine, conversation_id: str, turns_seen: int, by: str) -> bool:
    turn = (LoggedTurn.conversation_id == conversation_id, LoggedTurn.ordinal == turns_seen)
    own = ConversationReview.conversation_id == conversation_id
    values = {"turns_seen": turns_seen, "reviewed_by": by, "reviewed_at": clock.now()}
    further = update(ConversationReview).where(own, ConversationReview.turns_seen < turns_seen).values(**values)
    try:
        with transaction(engine) as session:
            if session.execute(select(LoggedTurn.id).where(*turn)).first() is None:
                raise NoSuchTurnError(f"the conversation has no turn {turns_seen}")
            if session.execute(select(ConversationReview.turns_seen).where(own)).first() is None:
                session.add(ConversationReview(conversation_id=conversation_id, **values))
            else:
                session.execute(further.execution_options(synchronize_session=False))
        return True
    except IntegrityError:
        return False


def _find(session: Session, conversation_id: str, event_id: int) -> Review | None:
    turn = (LoggedTurn.event_id == event_id, LoggedTurn.conversation_id == conversation_id)
    if session.execute(select(LoggedTurn.event_id).where(*turn)).first() is None:
        raise NoSuchTurnError(f"the conversation has no turn of event {event_id}")
    row = session.execute(select(TurnReview).where(TurnReview.event_id == event_id)).scalar_one_or_none()
    return None if row is None else Review(row.verdict, row.label, row.reviewed_by, in_utc(row.reviewed_at))


def _require_seen(found: Review, by: str, seen: datetime | None) -> None:
    if found.reviewed_by != by and found.reviewed_at != seen:
        raise ReviewedByOtherError(found)


def _unchanged(event_id: int, found: Review) -> tuple[Any, ...]:
    return (
        TurnReview.event_id == event_id,
        TurnReview.reviewed_at == found.reviewed_at,
        TurnReview.reviewed_by == found.reviewed_by,
    )
