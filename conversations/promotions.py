"""Putting a model in force, and taking it back: bots look for the newest promotion, the launcher trains with its lines.

Promoting and rolling back are refused where the model would not be the one that was compared: models are named after
all they were made from, so the name says so.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from conversations.candidates import (
    PROMOTED,
    READY,
    SET_ASIDE,
    CandidateChangedError,
    NoSuchCandidateError,
    labels_of,
    set_ready_aside,
)
from conversations.correction_states import ERASED, RELEASED, TAUGHT
from conversations.promoted_files import bring_files_up_to_date
from conversations.promotion_history import (
    PUT_IN_FORCE,
    ROLLED_BACK,
    are_all_there,
    labels_in_file,
    newest_row,
    standing_rows,
)
from conversations.taught_files import TaughtFileMissingError
from conversations.taught_lines import lines_to_teach
from conversations.teaching import Candidate, Correction, Promotion
from conversations.workshop import Workshop

CONTENT_CHANGED = (
    "The assistant itself has changed since this model was made, so the comparison no longer holds. Please train again."
)
LINES_CHANGED = "A line of it was changed, taken back or erased since it was trained. Please train a new candidate."
MODEL_GONE = "The file of this model is no longer there. Please train a new candidate."
OLDER_CONTENT = (
    "The assistant itself has changed since the model before was made, so it no longer fits. "
    "Take back the lines that do harm and train a new candidate."
)
OLDER_LINES_GONE = (
    "Lines of the model before were erased since. Take back the lines that do harm and train a candidate."
)


class PromotionRefusedError(RuntimeError):
    """The model may not be put in force; the message says why, in words for the reviewer."""


class NothingToRollBackError(RuntimeError):
    """No promotion is in force."""


def promote(engine: Engine, candidate_id: str, by: str, workshop: Workshop) -> Promotion:
    """Put a compared candidate in force.

    Raises:
        NoSuchCandidateError: there is none.
        CandidateChangedError: it does not wait for its promotion, or another promotion was faster.
        PromotionRefusedError: its comparison refuses it, or it is not what was compared.
        ProgramError: the current model could not be named.
    """
    with transaction(engine) as session:
        candidate, before = _waiting(session, candidate_id), newest_row(session)
    _require_comparison(candidate)
    _require_current(workshop, candidate)
    try:
        with transaction(engine) as session:
            _take(session, candidate)
            _require_lines(session, candidate)
            promotion = _add(session, before, PUT_IN_FORCE, _move_of(candidate, workshop), by)
            _mark_taught(session, labels_of(candidate))
    except IntegrityError as error:
        raise CandidateChangedError("another promotion was faster") from error
    bring_files_up_to_date(engine, workshop)
    return promotion


def roll_back(engine: Engine, promotion_id: int, by: str, workshop: Workshop) -> Promotion:
    """Put the model in force that was so before a promotion. Its lines wait for a next candidate again.

    Args:
        engine: the database.
        promotion_id: the promotion that the person was shown as the one in force.
        by: the name of the account.
        workshop: of the instance.

    Raises:
        NothingToRollBackError: no promotion is in force.
        CandidateChangedError: another promotion was faster.
        PromotionRefusedError: the model before no longer fits.
        ProgramError: the current model could not be named.
    """
    with transaction(engine) as session:
        newest, standing = newest_row(session), standing_rows(session)
    if not standing:
        raise NothingToRollBackError("no promotion is in force")
    taken_back = standing[-1]
    if taken_back.id != promotion_id:
        raise CandidateChangedError("another promotion was faster")
    _require_fitting(workshop, taken_back)
    try:
        with transaction(engine) as session:
            move = (taken_back.model_before, taken_back.taught_before, taken_back.model, taken_back.taught)
            promotion = _add(session, newest, ROLLED_BACK, move, by)
            labels = labels_in_file(session, taken_back.taught_before)
            if not are_all_there(session, labels):
                raise PromotionRefusedError(OLDER_LINES_GONE)
            session.execute(_set_aside_promoted(taken_back.model))
            _mark_taught(session, labels)
    except IntegrityError as error:
        raise CandidateChangedError("another promotion was faster") from error
    bring_files_up_to_date(engine, workshop)
    return promotion


def _waiting(session: Session, candidate_id: str) -> Candidate:
    candidate = session.get(Candidate, candidate_id)
    if candidate is None:
        raise NoSuchCandidateError("there is no such candidate")
    if candidate.state != READY:
        raise CandidateChangedError("the candidate does not wait for its promotion")
    return candidate


def _require_comparison(candidate: Candidate) -> None:
    refusals = json.loads(candidate.comparison)["refusals"]
    if refusals:
        raise PromotionRefusedError(" ".join(refusals))


def _require_current(workshop: Workshop, candidate: Candidate) -> None:
    """The comparison was between what is in force now and what the candidate's lines give now."""
    try:
        taught = workshop.files.find(candidate.taught)
    except TaughtFileMissingError as error:
        raise PromotionRefusedError(LINES_CHANGED) from error
    names = workshop.model_name(workshop.files.in_force), workshop.model_name(taught)
    if names != (candidate.model_before, candidate.model):
        raise PromotionRefusedError(CONTENT_CHANGED)
    if not workshop.archive(candidate.model).is_file():
        raise PromotionRefusedError(MODEL_GONE)


def _require_fitting(workshop: Workshop, taken_back: Promotion) -> None:
    try:
        taught = workshop.files.find(taken_back.taught_before)
    except TaughtFileMissingError as error:
        raise PromotionRefusedError(OLDER_LINES_GONE) from error
    if workshop.model_name(taught) != taken_back.model_before:
        raise PromotionRefusedError(OLDER_CONTENT)
    if not workshop.archive(taken_back.model_before).is_file():
        raise PromotionRefusedError(MODEL_GONE)


def _require_lines(session: Session, candidate: Candidate) -> None:
    """Every line of it is still wanted as it was trained; what was released since waits for the next candidate."""
    wanted = {line.correction_id: line.label for line in lines_to_teach(session)}
    if any(wanted.get(correction_id) != label for correction_id, label in labels_of(candidate).items()):
        raise PromotionRefusedError(LINES_CHANGED)


def _take(session: Session, candidate: Candidate) -> None:
    statement = update(Candidate).where(Candidate.id == candidate.id, Candidate.state == READY).values(state=PROMOTED)
    if session.execute(statement.execution_options(synchronize_session=False)).rowcount != 1:
        raise CandidateChangedError("the candidate does not wait for its promotion")
    set_ready_aside(session, but=candidate.id)


def _move_of(candidate: Candidate, workshop: Workshop) -> tuple[Any, ...]:
    in_force = workshop.files.in_force
    taught_before = workshop.files.add(in_force.read_text(encoding="utf-8")) if in_force else None
    return candidate.model, candidate.taught, candidate.model_before, taught_before


def _add(session: Session, before: Promotion | None, kind: str, move: tuple[Any, ...], by: str) -> Promotion:
    """The next row. Its id is given, so that of two promotions at once the later one fails."""
    model, taught, model_before, taught_before = move
    promotion = Promotion(
        id=before.id + 1 if before else 1,
        kind=kind,
        model=model,
        taught=taught,
        model_before=model_before,
        taught_before=taught_before,
        promoted_by=by,
        promoted_at=clock.now(),
    )
    session.add(promotion)
    session.flush()
    return promotion


def _set_aside_promoted(model: str) -> Any:
    own = (Candidate.model == model, Candidate.state == PROMOTED)
    return update(Candidate).where(*own).values(state=SET_ASIDE).execution_options(synchronize_session=False)


def _mark_taught(session: Session, labels: Mapping[str, str]) -> None:
    """Note at each correction whether, and as what, it is part of the model that is now in force."""
    concerned = Correction.taught_label.is_not(None) | Correction.state.in_((RELEASED, TAUGHT))
    for correction in session.execute(select(Correction).where(concerned).with_for_update()).scalars():
        label = labels.get(correction.id)
        state = correction.state
        if state in (RELEASED, TAUGHT):
            state = TAUGHT if label == correction.label else RELEASED
        if (label, state) != (correction.taught_label, correction.state):
            correction.taught_label, correction.state = label, state
            correction.version += 1
    # No model that can be put in force again has them.
    gone = delete(Correction).where(Correction.state == ERASED, Correction.taught_label.is_(None))
    session.flush()
    session.execute(gone.execution_options(synchronize_session=False))
