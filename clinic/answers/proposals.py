"""Changes that somebody wants: one at a time for each subject, released or rejected by a second person."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.answers.tables import ContentProposal, ContentVersion
from clinic.answers.versions import ContentChangedError, add_version
from clinic.database import transaction

WAITING = "waiting"
RELEASED = "released"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"
LONGEST_REASON = 300


class NoSuchProposalError(LookupError):
    """There is no such proposal."""


class SamePersonError(RuntimeError):
    """Who proposed a change may not release it."""


class OtherProposalWaitsError(RuntimeError):
    """Somebody else's proposal for the same subject waits for its release."""


@dataclass(frozen=True)
class Change:
    """What somebody wants: the new content (None for what is shipped), and what it was written against."""

    subject: str
    content: str | None
    reason: str
    based_on: int
    shipped_digest: str


def propose(engine: Engine, change: Change, by: str) -> ContentProposal:
    """Keep a change until somebody releases it. A person's own earlier one for the subject is withdrawn.

    Raises:
        OtherProposalWaitsError: that of somebody else waits.
    """
    with transaction(engine) as session:
        for waiting in _waiting(session, change.subject):
            if waiting.proposed_by != by:
                raise OtherProposalWaitsError("somebody else's proposal waits")
            _decide(session, int(waiting.id), WITHDRAWN, by)
        proposal = ContentProposal(
            subject=change.subject,
            content=change.content,
            reason=change.reason,
            based_on=change.based_on,
            shipped_digest=change.shipped_digest,
            state=WAITING,
            proposed_by=by,
            proposed_at=clock.now(),
        )
        session.add(proposal)
        session.flush()
        return proposal


def release(engine: Engine, proposal_id: int, by: str, *, needs_two_people: bool) -> ContentVersion:
    """Put a proposal in force. The caller has checked that it may be said.

    Raises:
        NoSuchProposalError: there is none.
        SamePersonError: somebody else has to do it.
        ContentChangedError: it was decided, or something else was put in force since it was written.
    """
    try:
        with transaction(engine) as session:
            proposal = _found(session, proposal_id)
            if needs_two_people and proposal.proposed_by == by:
                raise SamePersonError("somebody else has to release it")
            _decide(session, proposal_id, RELEASED, by)
            return add_version(session, proposal, by)
    except IntegrityError as error:
        raise ContentChangedError("something else was put in force meanwhile") from error


def reject(engine: Engine, proposal_id: int, by: str) -> ContentProposal:
    """Reject a proposal, or take back one's own.

    Raises:
        NoSuchProposalError: there is none.
        ContentChangedError: it was decided meanwhile.
    """
    with transaction(engine) as session:
        proposal = _found(session, proposal_id)
        _decide(session, proposal_id, WITHDRAWN if proposal.proposed_by == by else REJECTED, by)
        return proposal


def find_proposal(engine: Engine, proposal_id: int) -> ContentProposal:
    """One proposal, whatever became of it.

    Raises:
        NoSuchProposalError: there is none.
    """
    with transaction(engine) as session:
        return _found(session, proposal_id)


def waiting_proposals(engine: Engine) -> list[ContentProposal]:
    """All that wait, the oldest first."""
    with transaction(engine) as session:
        query = select(ContentProposal).where(ContentProposal.state == WAITING).order_by(ContentProposal.id)
        return list(session.execute(query).scalars())


def proposals_for(engine: Engine, subject: str) -> list[ContentProposal]:
    """Those that wait for a subject, the oldest first: more than one where people proposed in the same moment."""
    with transaction(engine) as session:
        return _waiting(session, subject)


def waiting_proposal(engine: Engine, subject: str) -> ContentProposal | None:
    """The one that waits for a subject; of several the oldest."""
    return next(iter(proposals_for(engine, subject)), None)


def _waiting(session: Session, subject: str) -> list[ContentProposal]:
    query = select(ContentProposal).where(ContentProposal.state == WAITING, ContentProposal.subject == subject)
    return list(session.execute(query.order_by(ContentProposal.id)).scalars())


def _found(session: Session, proposal_id: int) -> ContentProposal:
    proposal = session.get(ContentProposal, proposal_id)
    if proposal is None:
        raise NoSuchProposalError("there is no such proposal")
    return proposal


def _decide(session: Session, proposal_id: int, state: str, by: str) -> None:
    own = (ContentProposal.id == proposal_id, ContentProposal.state == WAITING)
    statement = update(ContentProposal).where(*own).values(state=state, decided_by=by, decided_at=clock.now())
    if session.execute(statement.execution_options(synchronize_session=False)).rowcount != 1:
        raise ContentChangedError("it was decided meanwhile")
