"""Candidates: models made from what was released, one at a time, each compared before anybody can promote it."""

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, aliased

from clinic import clock
from clinic.database import transaction
from conversations.correction_states import PROPOSED, RELEASED, TAUGHT
from conversations.teaching import Candidate, Correction

QUEUED = "queued"
TRAINING = "training"
COMPARING = "comparing"
READY = "ready"
FAILED = "failed"
PROMOTED = "promoted"
SET_ASIDE = "set_aside"
WORKED_ON = (TRAINING, COMPARING)
UNDER_WAY = (QUEUED, *WORKED_ON)
LEASE = timedelta(seconds=60)
LONGEST_ERROR = 300
CUT_SHORT = "It was cut short: the program or the computer was stopped. Nothing has changed; please train again."


class CandidateUnderWayError(RuntimeError):
    """Another candidate is being made."""


class NothingToTeachError(RuntimeError):
    """The model in force knows all that is released."""


class NoSuchCandidateError(LookupError):
    """There is no such candidate."""


class CandidateChangedError(RuntimeError):
    """The candidate is not in the state it was shown in."""


class LeaseLostError(RuntimeError):
    """The candidate was taken from the process that worked on it."""


def request_candidate(engine: Engine, by: str) -> str:
    """Ask for a model with all that is released, and say the candidate's id.

    Raises:
        CandidateUnderWayError: one is being made.
        NothingToTeachError: it would be the model in force.
    """
    candidate_id = str(uuid.uuid4())
    with transaction(engine) as session:
        if session.execute(select(Candidate.id).where(Candidate.state.in_(UNDER_WAY))).first():
            raise CandidateUnderWayError("a candidate is being made")
        if not has_something_to_teach(session):
            raise NothingToTeachError("nothing was released or taken back")
        session.add(Candidate(id=candidate_id, state=QUEUED, requested_by=by, requested_at=clock.now()))
    return candidate_id


def has_something_to_teach(session: Session) -> bool:
    """Whether the next candidate would have other lines than the model in force."""
    taken_back = Correction.taught_label.is_not(None) & Correction.state.not_in((TAUGHT, PROPOSED))
    query = select(Correction.id).where((Correction.state == RELEASED) | taken_back)
    return session.execute(query.limit(1)).first() is not None


def something_to_teach(engine: Engine) -> bool:
    """Whether the next candidate would have other lines than the model in force."""
    with transaction(engine) as session:
        return has_something_to_teach(session)


def under_way(engine: Engine) -> Candidate | None:
    """The candidate that is being made, if any."""
    with transaction(engine) as session:
        return session.execute(select(Candidate).where(Candidate.state.in_(UNDER_WAY)).limit(1)).scalar()


def next_queued(engine: Engine) -> str | None:
    """The id of the candidate to work on, None while there is none or another one is worked on."""
    with transaction(engine) as session:
        if session.execute(select(Candidate.id).where(Candidate.state.in_(WORKED_ON))).first():
            return None
        query = select(Candidate.id).where(Candidate.state == QUEUED).order_by(Candidate.requested_at)
        return session.execute(query.limit(1)).scalar()


def claim_candidate(engine: Engine, candidate_id: str) -> bool:
    """Take a queued candidate to work on it; False when another process has it, or works on another one."""
    other = aliased(Candidate)
    busy = exists().where(other.state.in_(WORKED_ON))
    free = (Candidate.id == candidate_id, Candidate.state == QUEUED, ~busy)
    now = clock.now()
    values = {"state": TRAINING, "started_at": now, "claimed_until": now + LEASE}
    with transaction(engine) as session:
        return _changed(session, free, values)


def renew_claim(engine: Engine, candidate_id: str, **values: Any) -> None:
    """Say that the work goes on, and perhaps something new about the candidate.

    Raises:
        LeaseLostError: it was taken for dead, or is gone.
    """
    own = (Candidate.id == candidate_id, Candidate.state.in_(WORKED_ON))
    with transaction(engine) as session:
        if not _changed(session, own, {"claimed_until": clock.now() + LEASE} | values):
            raise LeaseLostError("somebody else has the candidate")


def finish_candidate(engine: Engine, candidate_id: str, comparison: Mapping[str, Any]) -> None:
    """Show a compared candidate; an earlier one that waits for its promotion is set aside.

    Raises:
        LeaseLostError: it was taken for dead, or is gone.
    """
    own = (Candidate.id == candidate_id, Candidate.state == COMPARING)
    values = {
        "state": READY,
        "finished_at": clock.now(),
        "claimed_until": None,
        "comparison": json.dumps(comparison),
    }
    with transaction(engine) as session:
        set_ready_aside(session, but=candidate_id)
        if not _changed(session, own, values):
            raise LeaseLostError("somebody else has the candidate")


def fail_candidate(engine: Engine, candidate_id: str, error: str) -> None:
    """End the work on a candidate; one that has ended already stays as it is."""
    under_way = (Candidate.id == candidate_id, Candidate.state.in_(UNDER_WAY))
    with transaction(engine) as session:
        _changed(session, under_way, _failed(error))


def fail_abandoned(engine: Engine) -> int:
    """Fail the candidates whose process has not been heard of for a minute; says how many."""
    moment = clock.now()
    # A lease from the far future was given before the clock was put back.
    over = or_(Candidate.claimed_until < moment, Candidate.claimed_until > moment + 2 * LEASE)
    abandoned = (Candidate.state.in_(WORKED_ON), over)
    statement = update(Candidate).where(*abandoned).values(**_failed(CUT_SHORT))
    with transaction(engine) as session:
        # An update takes SQLite's one lock for writing, also when there is nothing to write.
        if session.execute(select(Candidate.id).where(*abandoned)).first() is None:
            return 0
        return int(session.execute(statement.execution_options(synchronize_session=False)).rowcount)


def set_aside(engine: Engine, candidate_id: str) -> None:
    """Put a candidate that waits for its promotion aside for good.

    Raises:
        CandidateChangedError: it does not wait.
    """
    waiting = (Candidate.id == candidate_id, Candidate.state == READY)
    with transaction(engine) as session:
        if not _changed(session, waiting, {"state": SET_ASIDE}):
            raise CandidateChangedError("the candidate does not wait for its promotion")


def set_ready_aside(session: Session, but: str) -> None:
    """Put aside all that wait for their promotion but one: they were compared with what is no longer in force."""
    statement = update(Candidate).where(Candidate.state == READY, Candidate.id != but).values(state=SET_ASIDE)
    session.execute(statement.execution_options(synchronize_session=False))


def find_candidate(engine: Engine, candidate_id: str) -> Candidate:
    """One candidate.

    Raises:
        NoSuchCandidateError: there is none.
    """
    with transaction(engine) as session:
        candidate = session.get(Candidate, candidate_id)
    if candidate is None:
        raise NoSuchCandidateError("there is no such candidate")
    return candidate


def list_candidates(engine: Engine, limit: int) -> list[Candidate]:
    """The newest candidates."""
    query = select(Candidate).order_by(Candidate.requested_at.desc(), Candidate.id).limit(limit)
    with transaction(engine) as session:
        return list(session.execute(query).scalars())


def labels_of(candidate: Candidate) -> dict[str, str]:
    """The labels that a candidate was trained with, by the id of the correction."""
    return dict(json.loads(candidate.labels or "{}"))


def _failed(error: str) -> dict[str, Any]:
    return {"state": FAILED, "finished_at": clock.now(), "claimed_until": None, "error": error[:LONGEST_ERROR]}


def _changed(session: Session, where: tuple[Any, ...], values: dict[str, Any]) -> bool:
    statement = update(Candidate).where(*where).values(**values)
    return session.execute(statement.execution_options(synchronize_session=False)).rowcount == 1
