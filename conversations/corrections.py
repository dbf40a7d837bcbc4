"""Corrections of what messages were taken for: one person proposes, a second one releases or rejects.

A released correction is only wanted; it becomes part of a model by a candidate that is promoted
(conversations/candidates.py, conversations/promotions.py).
"""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from conversations.correction_states import (
    PROPOSED,
    REFUSED,
    REJECTED,
    RELEASED,
    TAUGHT,
    change_correction,
)
from conversations.known_labels import known_labels
from conversations.taught_text import UnteachableError, taught_line
from conversations.teaching import Correction
from conversations.turn_log import LoggedTurn

_TRIES = 3

__all__ = [
    "PROPOSED",
    "REFUSED",
    "REJECTED",
    "RELEASED",
    "TAUGHT",
    "CorrectionChangedError",
    "NoSuchCorrectionError",
    "NoSuchMessageError",
    "NotCheckedError",
    "Proposal",
    "SamePersonError",
    "UnknownLabelError",
    "decide",
    "find_correction",
    "propose",
    "take_back",
]


class NoSuchMessageError(LookupError):
    """The log has no such message, or its text is no longer kept."""


class UnknownLabelError(ValueError):
    """There is no such label."""


class NoSuchCorrectionError(LookupError):
    """There is no such correction, or no more."""


class CorrectionChangedError(RuntimeError):
    """Somebody else changed or decided the correction meanwhile."""


class SamePersonError(RuntimeError):
    """Who proposed a correction may not release it."""


class NotCheckedError(RuntimeError):
    """The correction has not been checked yet against what the assistant knows and is measured with."""


@dataclass(frozen=True)
class Proposal:
    """What became of a proposal: the correction, its state, and why it was refused, where it was."""

    correction_id: str
    state: str
    refusal: str | None


def propose(engine: Engine, event_id: int, label: str, by: str) -> Proposal:
    """Say which label a message should have.

    Messages that say the same are one correction; a later proposal of another label takes the place of the earlier one
    and has to be released anew. A message that can never be a training line becomes a refused correction.

    Args:
        engine: the database.
        event_id: the turn in which it was said, as `LoggedTurn.event_id`.
        label: a label of data/labels.yml; the one it was given already says that this was right.
        by: the name of the account.

    Raises:
        NoSuchMessageError: there is no text to teach.
        UnknownLabelError: there is no such label.
        CorrectionChangedError: others kept changing it.
    """
    if label not in known_labels():
        raise UnknownLabelError(f"there is no label '{label}'")
    for _ in range(_TRIES):
        try:
            with transaction(engine) as session:
                proposal = _proposed_once(session, _turn(session, event_id), label, by)
        except IntegrityError:
            continue  # another person proposed it first, between our look and our insert
        if proposal is not None:
            return proposal
    raise CorrectionChangedError("others change the same correction")


def decide(
    engine: Engine, correction_id: str, version: int, *, release: bool, by: str, needs_two_people: bool
) -> Correction:
    """Release a proposed correction for training, or reject it.

    Args:
        engine: the database.
        correction_id: which one.
        version: the version that the person was shown.
        release: whether it is released.
        by: the name of the account. Who proposed it may reject it, which is taking it back.
        needs_two_people: whether somebody else than the proposer must release it.

    Returns:
        The correction as it is now.

    Raises:
        NoSuchCorrectionError: there is none.
        CorrectionChangedError: it is not what the person was shown.
        SamePersonError: two people are needed.
        NotCheckedError: it may be released once it has been checked.
    """
    with transaction(engine) as session:
        correction = _shown(session, correction_id, version, PROPOSED)
        if release and needs_two_people and by == correction.proposed_by:
            raise SamePersonError("somebody else has to release it")
        if release and correction.checked_version != version:
            raise NotCheckedError("it is still being checked")
        values = {"state": RELEASED} if release else _without_the_proposal(correction)
        _change(session, correction, values | {"decided_by": by, "decided_at": clock.now()})
    return correction


def take_back(engine: Engine, correction_id: str, version: int, by: str) -> Correction:
    """Take a released or taught correction out of the lines for the next candidate; the model in force stays as it is.

    Raises:
        NoSuchCorrectionError: there is none.
        CorrectionChangedError: it is not what the person was shown.
    """
    with transaction(engine) as session:
        correction = _shown(session, correction_id, version, RELEASED, TAUGHT)
        values = _without_the_proposal(correction) if correction.state == RELEASED else {"state": REJECTED}
        _change(session, correction, values | {"decided_by": by, "decided_at": clock.now()})
    return correction


def find_correction(engine: Engine, correction_id: str) -> Correction:
    """One correction.

    Raises:
        NoSuchCorrectionError: there is none.
    """
    with transaction(engine) as session:
        correction = session.get(Correction, correction_id)
    if correction is None:
        raise NoSuchCorrectionError("there is no such correction")
    return correction


def _turn(session: Session, event_id: int) -> LoggedTurn:
    turn = session.execute(select(LoggedTurn).where(LoggedTurn.event_id == event_id)).scalar_one_or_none()
    if turn is None or turn.text is None:
        raise NoSuchMessageError("the text of this message is not kept")
    return turn


def _proposed_once(session: Session, turn: LoggedTurn, label: str, by: str) -> Proposal | None:
    """The proposal, or None when somebody else was faster."""
    query = select(Correction).where(Correction.text_digest == turn.text_digest)
    correction = session.execute(query).scalar_one_or_none()
    values = _values_of_proposal(turn, label, by)
    if correction is None:
        correction = Correction(id=str(uuid.uuid4()), text_digest=turn.text_digest, version=1, **values)
        session.add(correction)
        session.flush()
    elif not _stands_already(correction, label) and not change_correction(session, correction, values):
        return None
    return Proposal(correction.id, correction.state, correction.refusal)


def _stands_already(correction: Correction, label: str) -> bool:
    return correction.label == label and correction.state in (PROPOSED, RELEASED, TAUGHT)


def _values_of_proposal(turn: LoggedTurn, label: str, by: str) -> dict[str, Any]:
    refusal = _refusal_of_text(str(turn.text))
    return {
        "text": turn.text,
        "event_id": turn.event_id,
        "conversation_id": turn.conversation_id,
        "label_before": turn.label,
        "label": label,
        "state": REFUSED if refusal else PROPOSED,
        "refusal": refusal,
        "proposed_by": by,
        "proposed_at": clock.now(),
        "decided_by": None,
        "decided_at": None,
        "warning": None,
        "checked_version": None,
    }


def _refusal_of_text(text: str) -> str | None:
    try:
        taught_line(text)
    except UnteachableError as error:
        return str(error)
    return None


def _shown(session: Session, correction_id: str, version: int, *states: str) -> Correction:
    correction = session.get(Correction, correction_id)
    if correction is None:
        raise NoSuchCorrectionError("there is no such correction")
    if correction.version != version or correction.state not in states:
        raise CorrectionChangedError("somebody else changed it meanwhile")
    return correction


def _without_the_proposal(correction: Correction) -> dict[str, Any]:
    """What is left when a label is not wanted: the one in force, if there is any."""
    if correction.taught_label is None:
        return {"state": REJECTED}
    return {"state": TAUGHT, "label": correction.taught_label}


def _change(session: Session, correction: Correction, values: dict[str, Any]) -> None:
    if not change_correction(session, correction, values):
        raise CorrectionChangedError("somebody else changed it meanwhile")
