"""The pages of corrections: what was proposed, what a second person makes of it, and what becomes of it."""

import re

from starlette.responses import Response

from console.content_steps import lacks_colleague
from console.conversation_addresses import address_of_turn
from console.names import label_name, label_names
from console.roles import REVIEWERS
from console.routing import ConsoleRoute
from console.typed_numbers import whole_number
from console.visit import BadInputError, ConflictError, NotFoundError, Visit
from conversations.candidates import something_to_teach, under_way
from conversations.correction_lists import Listed, count_by_state, list_corrections
from conversations.corrections import (
    PROPOSED,
    REFUSED,
    REJECTED,
    RELEASED,
    TAUGHT,
    CorrectionChangedError,
    NoSuchCorrectionError,
    NoSuchMessageError,
    NotCheckedError,
    SamePersonError,
    UnknownLabelError,
    decide,
    find_correction,
    propose,
    take_back,
)
from conversations.promotion_history import promotion_in_force
from conversations.taught_text import UnteachableError, taught_line
from conversations.teaching import Correction

TRAINED_ALREADY = re.compile(r"^Trained already as ([\w/]+): ")
ROWS_OF_A_PAGE = 50
LONGEST_VERSION = 9
PAGE_NUMBER = re.compile("[1-9][0-9]{0,3}")
TABS = {
    PROPOSED: "Proposed",
    RELEASED: "Released",
    TAUGHT: "Taught",
    REFUSED: "Refused",
    REJECTED: "Rejected",
}
EXPLAINED = {
    PROPOSED: "A second person looks at each of these and releases or rejects it.",
    RELEASED: "These wait for the next candidate. The assistant does not know them yet.",
    TAUGHT: "The assistant was trained with these, and answers with them now.",
    REFUSED: "These cannot be training lines. The reason stands with each.",
    REJECTED: "These were not wanted.",
}
CHANGED = "Somebody else changed or decided this in the meantime. Please look at it again."
NEEDS_ANOTHER = "You proposed this yourself. Somebody else, a reviewer or an admin, has to release it."
NOT_CHECKED = "This is still being checked against what the assistant knows. Please try again in a moment."
WORDS_GONE = "The words of this message are no longer kept, so it cannot be taught."


def show_corrections(visit: Visit) -> Response:
    """The corrections of one state, a page of them."""
    state = visit.query.get("state", PROPOSED)
    if state not in TABS:
        raise BadInputError("There is no such list.")
    number = _page_number(visit)
    listed = list_corrections(visit.engine, state, ROWS_OF_A_PAGE + 1, (number - 1) * ROWS_OF_A_PAGE)
    counts = count_by_state(visit.engine)
    return visit.page(
        "teaching.html",
        state=state,
        tabs=[(key, title, counts.get(key, 0)) for key, title in TABS.items()],
        explained=EXPLAINED[state],
        rows=[_row(each, visit) for each in listed[:ROWS_OF_A_PAGE]],
        newer=_address(state, number - 1) if number > 1 else "",
        older=_address(state, number + 1) if len(listed) > ROWS_OF_A_PAGE else "",
        labels=list(label_names().items()),
        can_train=something_to_teach(visit.engine),
        candidate=under_way(visit.engine),
        in_force=promotion_in_force(visit.engine),
        needs_two_people=visit.settings.console.needs_two_people,
        lacks_colleague=lacks_colleague(visit),
    )


def release_correction(visit: Visit) -> Response:
    """Release a proposed correction for the next candidate."""
    return _decide(visit, release=True, notice="correction_released")


def reject_correction(visit: Visit) -> Response:
    """Reject a proposed correction, or take back one's own proposal."""
    return _decide(visit, release=False, notice="correction_rejected")


def withdraw_correction(visit: Visit) -> Response:
    """Take a released or taught correction out of the lines for the next candidate."""
    correction_id, version = _shown(visit)
    try:
        correction = take_back(visit.engine, correction_id, version, visit.account.name)
    except NoSuchCorrectionError as error:
        raise NotFoundError from error
    except CorrectionChangedError as error:
        raise ConflictError(CHANGED) from error
    visit.about("correction", correction_id, label=str(correction.label))
    return visit.redirect(_address(_state_of_list(visit)), notice="correction_withdrawn")


def relabel_correction(visit: Visit) -> Response:
    """Propose another label for a correction."""
    correction_id, version = _shown(visit)
    label = str(visit.form.get("label", ""))
    try:
        correction = find_correction(visit.engine, correction_id)
        if correction.version != version:
            raise ConflictError(CHANGED)
        proposal = propose(visit.engine, int(correction.event_id), label, visit.account.name)
    except NoSuchCorrectionError as error:
        raise NotFoundError from error
    except UnknownLabelError as error:
        raise BadInputError("There is no such label.") from error
    except NoSuchMessageError as error:
        raise BadInputError(WORDS_GONE) from error
    except CorrectionChangedError as error:
        raise ConflictError(CHANGED) from error
    visit.about("correction", correction_id, label=label)
    return visit.redirect(_address(proposal.state), notice="correction_proposed")


def _decide(visit: Visit, *, release: bool, notice: str) -> Response:
    correction_id, version = _shown(visit)
    needs_two_people = visit.settings.console.needs_two_people
    try:
        correction = decide(
            visit.engine,
            correction_id,
            version,
            release=release,
            by=visit.account.name,
            needs_two_people=needs_two_people,
        )
    except NoSuchCorrectionError as error:
        raise NotFoundError from error
    except CorrectionChangedError as error:
        raise ConflictError(CHANGED) from error
    except SamePersonError as error:
        raise BadInputError(NEEDS_ANOTHER) from error
    except NotCheckedError as error:
        raise BadInputError(NOT_CHECKED) from error
    visit.about("correction", correction_id, label=str(correction.label))
    return visit.redirect(_address(PROPOSED), notice=notice)


def _shown(visit: Visit) -> tuple[str, int]:
    """Which correction the form is about, and the version that the person saw."""
    correction_id = visit.path["id"]
    visit.about("correction", correction_id)
    version = whole_number(str(visit.form.get("version", "")), LONGEST_VERSION)
    if version is None:
        raise BadInputError("The form is incomplete. Please go back and try again.")
    return correction_id, version


def _row(listed: Listed, visit: Visit) -> dict[str, object]:
    """What the page shows of a correction."""
    correction = listed.correction
    own = correction.proposed_by == visit.account.name
    return {
        "correction": correction,
        "said": listed.said,
        "line": _line(correction),
        "address": address_of_turn(correction.conversation_id, listed.ordinal) if listed.ordinal else "",
        "warnings": [_in_words(warning) for warning in (correction.warning or "").splitlines()],
        "is_checked": correction.checked_version == correction.version,
        "may_release": not (own and visit.settings.console.needs_two_people),
    }


def _in_words(warning: str) -> str:
    """A warning with the label that it names as the console calls it."""
    return TRAINED_ALREADY.sub(lambda found: f"Trained already as “{label_name(found[1])}”: ", warning, count=1)


def _line(correction: Correction) -> str:
    """The training line, where it differs from the message; empty otherwise."""
    try:
        line = taught_line(correction.text)
    except UnteachableError:
        return ""
    return "" if line == correction.text.strip() else line


def _state_of_list(visit: Visit) -> str:
    """The list that a form was sent from."""
    state = str(visit.form.get("list", ""))
    return state if state in TABS else PROPOSED


def _page_number(visit: Visit) -> int:
    text = visit.query.get("page", "1")
    if not PAGE_NUMBER.fullmatch(text):
        raise BadInputError("There is no such page.")
    return int(text)


def _address(state: str, page: int = 1) -> str:
    return f"/teaching?state={state}" + (f"&page={page}" if page > 1 else "")


ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute("/teaching", "GET", show_corrections, REVIEWERS, "corrections.viewed"),
    ConsoleRoute("/teaching/corrections/{id}/release", "POST", release_correction, REVIEWERS, "correction.released"),
    ConsoleRoute("/teaching/corrections/{id}/reject", "POST", reject_correction, REVIEWERS, "correction.rejected"),
    ConsoleRoute("/teaching/corrections/{id}/withdraw", "POST", withdraw_correction, REVIEWERS, "correction.withdrawn"),
    ConsoleRoute("/teaching/corrections/{id}/relabel", "POST", relabel_correction, REVIEWERS, "correction.relabelled"),
)
