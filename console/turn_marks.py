"""What a reviewer's mark on a message does: a verdict is kept, and a label becomes the proposal of a correction."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.corrections import (
    PROPOSED,
    CorrectionChangedError,
    NoSuchCorrectionError,
    NoSuchMessageError,
    decide,
    propose,
)
from conversations.reviewing import review_turn, undo_review
from conversations.reviews import RIGHT, WRONG
from conversations.teaching import Correction
from conversations.turn_log import LoggedTurn

MARKS = ("right", "wrong", "relabel", "out_of_scope", "undo")
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Mark:
    """One of `MARKS`; `label` is given with `relabel` alone."""

    name: str
    label: str | None = None


def mark_turn(engine: Engine, turn: LoggedTurn, mark: Mark, by: str, seen: datetime | None) -> None:
    """Keep a mark on a turn.

    Args:
        engine: the clinic's database.
        turn: the turn.
        mark: what the person says of it. The label that it was given already says that it was right.
        by: the name of the account.
        seen: `reviewed_at` of the review that the person looked at; None when there was none.

    Raises:
        conversations.reviewing.NoSuchTurnError: the turn is gone.
        conversations.reviewing.ReviewedByOtherError: somebody else marked it meanwhile; nothing was changed.
        sqlalchemy.exc.SQLAlchemyError: nothing, or the verdict alone, was stored.
    """
    conversation_id, event_id = str(turn.conversation_id), int(turn.event_id)
    if mark.name == "undo":
        undo_review(engine, conversation_id, event_id, by=by, seen=seen)
        _take_back(engine, turn, by)
        return
    label = OUT_OF_SCOPE if mark.name == "out_of_scope" else mark.label
    is_right = mark.name == "right" or label == turn.label
    kept = None if is_right else label
    verdict = RIGHT if is_right else WRONG
    review_turn(engine, conversation_id, event_id, verdict=verdict, label=kept, by=by, seen=seen)
    if kept is None:
        _take_back(engine, turn, by)
        return
    # A text that is no longer kept teaches nothing; the verdict stands all the same.
    with suppress(NoSuchMessageError):
        propose(engine, event_id, kept, by)


def _take_back(engine: Engine, turn: LoggedTurn, by: str) -> None:
    """Withdraw what this person proposed for this very turn, as long as nobody has decided on it."""
    own = (Correction.event_id == turn.event_id, Correction.proposed_by == by, Correction.state == PROPOSED)
    with transaction(engine) as session:
        found = session.execute(select(Correction).where(*own)).scalar_one_or_none()
    if found is not None:
        # Who decides in this moment decides for everybody.
        with suppress(CorrectionChangedError, NoSuchCorrectionError):
            decide(engine, found.id, found.version, release=False, by=by, needs_two_people=True)
