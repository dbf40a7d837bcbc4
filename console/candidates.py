"""The pages of candidates: making one, seeing how it compares, putting it in force, and taking that back."""

from dataclasses import dataclass

from starlette.responses import Response

from clinic import clock
from clinic.clock import in_utc
from console.bot_health import ask_bot
from console.candidate_view import STATE_LOOKS, STATE_NAMES, taught_ids, view_of
from console.roles import REVIEWERS
from console.routing import ConsoleRoute
from console.typed_numbers import whole_number
from console.visit import ConflictError, NotFoundError, Visit
from conversations.candidates import (
    UNDER_WAY,
    CandidateChangedError,
    CandidateUnderWayError,
    NoSuchCandidateError,
    NothingToTeachError,
    find_candidate,
    list_candidates,
    request_candidate,
    set_aside,
)
from conversations.correction_lists import corrections_by_id
from conversations.promotion_history import newest_promotion, promotion_in_force
from conversations.promotions import NothingToRollBackError, PromotionRefusedError, promote, roll_back
from conversations.teaching import Candidate
from conversations.workshop import ProgramError, Workshop

CANDIDATES_SHOWN = 50
LONGEST_PROMOTION_ID = 9
CHANGED = "This has changed in the meantime. Please look at it again."
NOTHING_IN_FORCE = "No promoted model is in force, so there is nothing to go back to."


@dataclass(frozen=True)
class Progress:
    """Whether a candidate is being made, and the whole seconds since that began."""

    is_under_way: bool
    seconds: int


def show_candidates(visit: Visit) -> Response:
    """All candidates, the newest first."""
    return visit.page(
        "candidates.html",
        candidates=list_candidates(visit.engine, CANDIDATES_SHOWN),
        state_names=STATE_NAMES,
        state_looks=STATE_LOOKS,
        in_force=promotion_in_force(visit.engine),
    )


def make_candidate(visit: Visit) -> Response:
    """Ask for a candidate with all that is released."""
    try:
        candidate_id = request_candidate(visit.engine, visit.account.name)
    except CandidateUnderWayError as error:
        raise ConflictError("A candidate is being made already. Please wait for it.") from error
    except NothingToTeachError as error:
        raise ConflictError("Nothing was released or taken back since the last candidate was promoted.") from error
    visit.about("candidate", candidate_id)
    return visit.redirect(_address(candidate_id), notice="candidate_requested")


def show_candidate(visit: Visit) -> Response:
    """One candidate with its progress or its comparison."""
    return _page(visit, _candidate(visit))


def show_progress(visit: Visit) -> Response:
    """How far a candidate is; once it has ended, the page is loaded anew."""
    candidate = _candidate(visit)
    response = visit.page("candidate_progress.html", candidate=candidate, progress=_progress(candidate))
    if candidate.state not in UNDER_WAY and visit.is_fragment:
        response.headers["HX-Refresh"] = "true"
    return response


def ask_before_promotion(visit: Visit) -> Response:
    """Say what a promotion does, and ask."""
    candidate = _candidate(visit)
    if candidate.state != "ready":
        raise ConflictError(CHANGED)
    return visit.page("candidate_promotion.html", candidate=candidate, comparison=view_of(candidate, {}))


def promote_candidate(visit: Visit) -> Response:
    """Put a candidate in force."""
    candidate = _candidate(visit)
    try:
        promotion = promote(visit.engine, str(candidate.id), visit.account.name, Workshop.of(visit.settings))
    except NoSuchCandidateError as error:
        raise NotFoundError from error
    except CandidateChangedError as error:
        raise ConflictError(CHANGED) from error
    except PromotionRefusedError as error:
        return _page(visit, candidate, refusal=str(error))
    except ProgramError as error:
        return _page(visit, candidate, refusal=f"It could not be promoted: {error}.")
    visit.about("candidate", str(candidate.id), promotion=promotion.id)
    return visit.redirect(_address(str(candidate.id)), notice="candidate_promoted")


def put_aside(visit: Visit) -> Response:
    """Put a candidate that waits for its promotion aside."""
    candidate = _candidate(visit)
    try:
        set_aside(visit.engine, str(candidate.id))
    except CandidateChangedError as error:
        raise ConflictError(CHANGED) from error
    return visit.redirect(_address(str(candidate.id)), notice="candidate_set_aside")


def ask_before_rolling_back(visit: Visit) -> Response:
    """Say what rolling back does, and ask."""
    return _rolling_back(visit)


def roll_back_promotion(visit: Visit) -> Response:
    """Put the model in force that was so before the last promotion."""
    promotion_id = whole_number(str(visit.form.get("promotion", "")), LONGEST_PROMOTION_ID)
    if promotion_id is None:
        raise ConflictError(CHANGED)
    visit.about("promotion", str(promotion_id))
    try:
        roll_back(visit.engine, promotion_id, visit.account.name, Workshop.of(visit.settings))
    except NothingToRollBackError as error:
        raise ConflictError(NOTHING_IN_FORCE) from error
    except CandidateChangedError as error:
        raise ConflictError(CHANGED) from error
    except PromotionRefusedError as error:
        return _rolling_back(visit, refusal=str(error))
    except ProgramError as error:
        return _rolling_back(visit, refusal=f"It could not be rolled back: {error}.")
    return visit.redirect("/teaching/candidates", notice="promotion_rolled_back")


def show_bot(visit: Visit) -> Response:
    """Which model answers the visitors now, as the bot of this instance says."""
    newest = newest_promotion(visit.engine)
    return visit.page("bot_model.html", wanted=newest.model if newest else "", health=ask_bot(visit.settings))


def _candidate(visit: Visit) -> Candidate:
    candidate_id = visit.path["id"]
    visit.about("candidate", candidate_id)
    try:
        return find_candidate(visit.engine, candidate_id)
    except NoSuchCandidateError as error:
        raise NotFoundError from error


def _page(visit: Visit, candidate: Candidate, refusal: str = "") -> Response:
    corrections = corrections_by_id(visit.engine, taught_ids(candidate))
    newest = newest_promotion(visit.engine)
    return visit.page(
        "candidate.html",
        status=409 if refusal else 200,
        candidate=candidate,
        comparison=view_of(candidate, {key: str(row.text) for key, row in corrections.items() if row.text}),
        refusal=refusal,
        is_in_force=candidate.state == "promoted" and newest is not None and newest.model == candidate.model,
        state_names=STATE_NAMES,
        state_looks=STATE_LOOKS,
        progress=_progress(candidate),
    )


def _rolling_back(visit: Visit, refusal: str = "") -> Response:
    promotion = promotion_in_force(visit.engine)
    if promotion is None:
        raise NotFoundError
    visit.about("promotion", str(promotion.id))
    return visit.page("roll_back.html", status=409 if refusal else 200, promotion=promotion, refusal=refusal)


def _progress(candidate: Candidate) -> Progress:
    since = candidate.started_at or candidate.requested_at
    seconds = int((clock.now() - in_utc(since)).total_seconds())
    return Progress(candidate.state in UNDER_WAY, max(seconds, 0))


def _address(candidate_id: str) -> str:
    return f"/teaching/candidates/{candidate_id}"


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/teaching/candidates", "GET", show_candidates, REVIEWERS, "candidates.viewed"),
    ConsoleRoute("/teaching/candidates", "POST", make_candidate, REVIEWERS, "candidate.requested"),
    ConsoleRoute("/teaching/candidates/{id}", "GET", show_candidate, REVIEWERS, "candidate.viewed"),
    ConsoleRoute("/teaching/candidates/{id}/progress", "GET", show_progress, REVIEWERS, None),
    ConsoleRoute("/teaching/candidates/{id}/promote", "GET", ask_before_promotion, REVIEWERS, "candidate.viewed"),
    ConsoleRoute("/teaching/candidates/{id}/promote", "POST", promote_candidate, REVIEWERS, "candidate.promoted"),
    ConsoleRoute("/teaching/candidates/{id}/aside", "POST", put_aside, REVIEWERS, "candidate.set_aside"),
    ConsoleRoute("/teaching/roll-back", "GET", ask_before_rolling_back, REVIEWERS, "promotion.viewed"),
    ConsoleRoute("/teaching/roll-back", "POST", roll_back_promotion, REVIEWERS, "promotion.rolled_back"),
    ConsoleRoute("/teaching/bot", "GET", show_bot, REVIEWERS, None),
)
