"""What may be done to a change of the assistant's words: releasing it, rejecting it, going back. For all subjects."""

import re
from collections.abc import Callable, Sequence

from starlette.responses import Response

from clinic.answers.problems import Problem, stopping
from clinic.answers.proposals import (
    LONGEST_REASON,
    Change,
    NoSuchProposalError,
    OtherProposalWaitsError,
    SamePersonError,
    find_proposal,
    propose,
    reject,
    release,
)
from clinic.answers.tables import ContentProposal
from clinic.answers.versions import ContentChangedError, NoSuchVersionError, content_of, put_back
from console.colleagues import has_another_reviewer
from console.content_state import ContentState
from console.visit import BadInputError, ConflictError, NotFoundError, Visit

NUMBER = re.compile(r"\d{1,9}")
NO_REASON = "Please say why, in a few words. It stands in the history."
LONG_REASON = f"Please say it in {LONGEST_REASON} characters. It stands in the history."
CHANGED = "Somebody else changed or decided this in the meantime. Please look at it again."
NEEDS_ANOTHER = "You proposed this yourself. Somebody else, a reviewer or an admin, has to take it live."
OTHER_WAITS = "Somebody else's change of this waits. Please release or reject it first."
NOT_SAID = "It cannot go live: {}"
WENT_BACK = "Went back to version {}"
WENT_BACK_TO_SHIPPED = "Went back to what came with the assistant"
KEPT = "Kept after an update of the assistant"

Check = Callable[[str | None], Sequence[Problem]]
"""What is wrong with a content, as it is stored."""


def reason_problems(reason: str) -> list[Problem]:
    """What is wrong with the reason for a change."""
    if not reason:
        return [Problem("reason", NO_REASON)]
    return [Problem("reason", LONG_REASON)] if len(reason) > LONGEST_REASON else []


def lacks_colleague(visit: Visit) -> bool:
    """Whether a proposal of this person could not go live at present: it takes two, and there is no second."""
    return visit.settings.console.needs_two_people and not has_another_reviewer(visit.engine, visit.account.name)


def keep_proposal(visit: Visit, state: ContentState, content: str, reason: str) -> ContentProposal:
    """Keep what somebody wants until it is released.

    Raises:
        BadInputError: another proposal of somebody else waits.
    """
    change = Change(state.subject, content, reason, state.shown, state.shipped_digest)
    try:
        return propose(visit.engine, change, visit.account.name)
    except OtherProposalWaitsError as error:
        raise ConflictError(OTHER_WAITS) from error


def release_proposal(visit: Visit, state: ContentState, check: Check, address: str) -> Response:
    """Take what waits live, if nothing stands against it."""
    proposal = _shown_proposal(visit, state)
    _require(check(None if proposal.content is None else str(proposal.content)))
    needs_two_people = visit.settings.console.needs_two_people
    try:
        version = release(visit.engine, int(proposal.id), visit.account.name, needs_two_people=needs_two_people)
    except SamePersonError as error:
        raise BadInputError(NEEDS_ANOTHER) from error
    except ContentChangedError as error:
        raise ConflictError(CHANGED) from error
    _tell(visit, version=version.id, proposal=proposal.id)
    return visit.redirect(address, notice="content_released")


def reject_proposal(visit: Visit, state: ContentState, address: str) -> Response:
    """Reject what waits, or take back one's own."""
    proposal = _shown_proposal(visit, state)
    try:
        reject(visit.engine, int(proposal.id), visit.account.name)
    except ContentChangedError as error:
        raise ConflictError(CHANGED) from error
    _tell(visit, proposal=proposal.id)
    return visit.redirect(address, notice="content_rejected")


def go_back(visit: Visit, state: ContentState, check: Check, address: str) -> Response:
    """Put an earlier version, or what is shipped, in force again, in one step."""
    version_id = number_in(visit, "version")
    try:
        content = content_of(visit.engine, state.subject, version_id)
    except NoSuchVersionError as error:
        raise NotFoundError from error
    _require(check(content))
    reason = WENT_BACK.format(version_id) if version_id else WENT_BACK_TO_SHIPPED
    _put(visit, state, content, reason)
    return visit.redirect(address, notice="content_went_back")


def keep_own(visit: Visit, state: ContentState, check: Check, address: str) -> Response:
    """Keep what is in force although what is shipped was changed: nobody is told of that change again."""
    _require(check(state.content))
    _put(visit, state, state.content, KEPT)
    return visit.redirect(address, notice="content_kept")


def number_in(visit: Visit, field: str) -> int:
    """A number that the page put into its form.

    Raises:
        BadInputError: it is none.
    """
    typed = str(visit.form.get(field, ""))
    if not typed.isascii() or not NUMBER.fullmatch(typed):
        raise BadInputError("The form is incomplete. Please load the page again.")
    return int(typed)


def _put(visit: Visit, state: ContentState, content: str | None, reason: str) -> None:
    if number_in(visit, "shown") != state.shown:
        raise ConflictError(CHANGED)
    try:
        version = put_back(
            visit.engine,
            state.subject,
            content,
            shown=state.shown,
            shipped_digest=state.shipped_digest,
            reason=reason,
            by=visit.account.name,
        )
    except ContentChangedError as error:
        raise ConflictError(CHANGED) from error
    _tell(visit, version=version.id)


def _shown_proposal(visit: Visit, state: ContentState) -> ContentProposal:
    proposal_id = number_in(visit, "proposal")
    try:
        proposal = find_proposal(visit.engine, proposal_id)
    except NoSuchProposalError as error:
        raise NotFoundError from error
    if proposal.subject != state.subject:
        raise NotFoundError
    return proposal


def _require(problems: Sequence[Problem]) -> None:
    found = stopping(problems)
    if found:
        raise BadInputError(NOT_SAID.format(" ".join(dict.fromkeys(problem.said for problem in found))))


def _tell(visit: Visit, **details: object) -> None:
    if visit.subject:
        visit.about(visit.subject.kind, visit.subject.id, **details)
