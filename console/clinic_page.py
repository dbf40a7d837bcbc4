"""The page of the clinic's details: phone number, address and opening hours, as the assistant tells them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from clinic.answers.detail_checks import check_details
from clinic.answers.in_force import ContentInForce, merged, read_in_force
from clinic.answers.plain_text import tidied
from clinic.answers.problems import Problem, stopping
from clinic.answers.sample_values import filled_with
from clinic.answers.versions import CLINIC_DETAILS
from clinic.answers.wordings import SMS, WEB, texts_of, wordings_of
from clinic.clinic_details import (
    ADDRESS,
    HOURS,
    NOTE,
    PHONE,
    ClinicDetails,
    TypedDetails,
    read_details,
    typed_of,
    with_details,
)
from clinic.contact import clinic_variables
from clinic.opening_hours import WEEKDAYS
from clinic.settings import Settings
from clinic.sms_text import segments
from console.answer_texts import shipped_responses
from console.content_state import ContentState, read_stored, state_of, unreadable
from console.content_steps import (
    go_back,
    keep_own,
    keep_proposal,
    lacks_colleague,
    reason_problems,
    reject_proposal,
    release_proposal,
)
from console.missing_phone import missing_phone
from console.roles import DESK, EVERYBODY, REVIEWERS
from console.routing import ConsoleRoute, TypedForm
from console.visit import Visit

ADDRESS_OF_PAGE = "/clinic"
FIRST_OF_WEEK = WEEKDAYS[0]
WORKDAYS = WEEKDAYS[:5]
LONGEST_FIELD = 500
NOT_NEW = "Nothing is different from what the assistant tells now."
INTERRUPTED = "This is not saved yet. Please look at it again."
EXAMPLES = {
    "utter_uncovered/clinic_logistics": "Asked for address or hours",
    "utter_talk_to_human": "Asked for a person",
}


@dataclass(frozen=True)
class Desk:
    """What the page is made of: what stands, and all that the staff put in force."""

    state: ContentState
    content: ContentInForce
    settings: Settings

    @property
    def in_force(self) -> ClinicDetails:
        """The details that the assistant tells now; its hours are None while they are the operator's."""
        return self.content.details or ClinicDetails(self.settings.clinic_phone, self.settings.clinic_address)

    def check(self, content: str | None) -> Sequence[Problem]:
        """What is wrong with stored details; nothing with the operator's."""
        if content is None:
            return []
        details = read_stored(content, ClinicDetails.from_stored_form)
        return self.problems(details) if details else unreadable()

    def problems(self, details: ClinicDetails) -> list[Problem]:
        """What is wrong with details."""
        return check_details(details, shipped_responses(), self.content, self.settings)


@dataclass(frozen=True)
class Typed:
    """What the form holds."""

    details: TypedDetails
    reason: str


@dataclass(frozen=True)
class Reading:
    """What was typed, the details in it, and what is wrong with them."""

    typed: Typed
    details: ClinicDetails
    problems: list[Problem]


@dataclass(frozen=True)
class Example:
    """What the assistant says with some details; `segments` are those of the text message."""

    title: str
    web: str
    sms: str
    segments: int


def show_details(visit: Visit) -> Response:
    """The details in force, and the form."""
    return _page(visit, _desk(visit))


def check_typed(visit: Visit) -> Response:
    """The page with what was typed and how it is told; nothing is kept."""
    desk, typed = _desk(visit), _typed(visit)
    return _page(visit, desk, _read(desk, _with_copied_hours(typed) if "copy" in visit.form else typed))


def propose_typed(visit: Visit) -> Response:
    """Keep what was typed until a second person takes it live; where that cannot be, the page says why."""
    desk = _desk(visit)
    read = _read(desk, _typed(visit))
    read.problems.extend(reason_problems(read.typed.reason))
    if read.details == desk.in_force:
        read.problems.append(Problem("", NOT_NEW))
    if stopping(read.problems):
        return _page(visit, desk, read, status=400)
    proposal = keep_proposal(visit, desk.state, read.details.stored_form(), read.typed.reason)
    visit.about(CLINIC_DETAILS, "", proposal=proposal.id)
    return visit.redirect(ADDRESS_OF_PAGE, notice="content_proposed")


def show_again(visit: Visit) -> Response:
    """The page with what was typed before the session ended."""
    desk = _desk(visit)
    read = _read(desk, _typed(visit))
    read.problems.append(Problem("", INTERRUPTED))
    return _page(visit, desk, read, status=409)


def release_details(visit: Visit) -> Response:
    """Take the details that wait live."""
    desk = _desk(visit)
    return release_proposal(visit, desk.state, desk.check, ADDRESS_OF_PAGE)


def reject_details(visit: Visit) -> Response:
    """Reject the details that wait."""
    return reject_proposal(visit, _desk(visit).state, ADDRESS_OF_PAGE)


def details_back(visit: Visit) -> Response:
    """Go back to earlier details."""
    desk = _desk(visit)
    return go_back(visit, desk.state, desk.check, ADDRESS_OF_PAGE)


def keep_details(visit: Visit) -> Response:
    """Keep the details although the operator's settings were changed."""
    desk = _desk(visit)
    return keep_own(visit, desk.state, desk.check, ADDRESS_OF_PAGE)


def _desk(visit: Visit) -> Desk:
    visit.about(CLINIC_DETAILS, "")
    own = (visit.settings.clinic_phone, visit.settings.clinic_address, visit.settings.clinic_hours)
    digest = hashlib.sha256("\n".join(own).encode()).hexdigest()
    return Desk(state_of(visit.engine, CLINIC_DETAILS, digest), read_in_force(visit.engine), visit.settings)


def _read(desk: Desk, typed: Typed) -> Reading:
    details, problems = read_details(typed.details)
    return Reading(typed, details, problems or desk.problems(details))


def _typed(visit: Visit) -> Typed:
    hours = {day: (_field(visit, f"{day}-opens"), _field(visit, f"{day}-closes")) for day in WEEKDAYS}
    details = TypedDetails(_field(visit, PHONE), _field(visit, ADDRESS), hours, _field(visit, NOTE))
    return Typed(details, tidied(_field(visit, "reason")))


def _with_copied_hours(typed: Typed) -> Typed:
    """The hours of Monday on each workday."""
    details = typed.details
    hours = {**details.hours, **dict.fromkeys(WORKDAYS, details.hours[FIRST_OF_WEEK])}
    return Typed(TypedDetails(details.phone, details.address, hours, details.note), typed.reason)


def _field(visit: Visit, field: str) -> str:
    return str(visit.form.get(field, "")).strip()[:LONGEST_FIELD]


def _page(visit: Visit, desk: Desk, read: Reading | None = None, status: int = 200) -> Response:
    problems = read.problems if read else []
    waiting = desk.state.waiting
    wanted = read_stored(waiting.content, ClinicDetails.from_stored_form) if waiting else None
    return visit.page(
        "clinic.html",
        status=status,
        address=ADDRESS_OF_PAGE,
        state=desk.state,
        in_force=_told(desk, desk.in_force),
        name=visit.settings.clinic_name,
        by_operator=visit.settings.clinic_hours,
        typed=read.typed.details if read else typed_of(desk.in_force),
        weekdays=WEEKDAYS,
        reason=read.typed.reason if read else "",
        problems={place: _said(problems, place) for place in ("", PHONE, ADDRESS, HOURS, NOTE, "reason")},
        is_checked=read is not None,
        is_stopped=bool(stopping(problems)),
        examples=_examples(desk, read.details if read else desk.in_force),
        wanted=_told(desk, wanted) if wanted else [],
        wanted_problems=[problem.said for problem in desk.problems(wanted)] if wanted else [],
        versions=[(version, _history(desk, version.content)) for version in desk.state.history],
        may_change=visit.account.role in DESK,
        may_release=visit.account.role in REVIEWERS,
        needs_two_people=visit.settings.console.needs_two_people,
        lacks_colleague=lacks_colleague(visit),
        missing_phone=missing_phone(visit.engine, visit.settings, visit.account.role),
    )


def _said(problems: Sequence[Problem], place: str) -> str:
    return " ".join(problem.said for problem in problems if problem.place == place)


def _told(desk: Desk, details: ClinicDetails) -> list[tuple[str, str]]:
    """The details in words, with what is said where one is missing."""
    return [
        ("Phone", details.phone or "not known: people read “contact the clinic directly”"),
        ("Address", details.address or "not known: people are told so"),
        ("Opening hours", details.hours_shown(desk.settings.clinic_hours) or "not known: people are told so"),
    ]


def _history(desk: Desk, stored: str | None) -> list[tuple[str, str]]:
    details = read_stored(stored, ClinicDetails.from_stored_form)
    return _told(desk, details) if details else []


def _examples(desk: Desk, details: ClinicDetails) -> list[Example]:
    known = clinic_variables(with_details(desk.settings, details))
    said = merged(shipped_responses(), desk.content)
    examples = []
    for response, title in EXAMPLES.items():
        wordings = wordings_of(said[response])
        web, sms = (filled_with(texts_of(wordings, channel)[0], known) for channel in (WEB, SMS))
        examples.append(Example(title, web, sms, segments(sms)))
    return examples


FORM = TypedForm((PHONE, ADDRESS, NOTE, "reason"), show_again)
ROUTES: tuple[ConsoleRoute, ...] = (
    ConsoleRoute(ADDRESS_OF_PAGE, "GET", show_details, EVERYBODY, "clinic_details.viewed"),
    ConsoleRoute(ADDRESS_OF_PAGE, "POST", propose_typed, DESK, "clinic_details.proposed", FORM),
    ConsoleRoute(f"{ADDRESS_OF_PAGE}/check", "POST", check_typed, DESK, "clinic_details.checked", FORM),
    ConsoleRoute(f"{ADDRESS_OF_PAGE}/release", "POST", release_details, REVIEWERS, "clinic_details.released"),
    ConsoleRoute(f"{ADDRESS_OF_PAGE}/reject", "POST", reject_details, DESK, "clinic_details.rejected"),
    ConsoleRoute(f"{ADDRESS_OF_PAGE}/back", "POST", details_back, REVIEWERS, "clinic_details.put_back"),
    ConsoleRoute(f"{ADDRESS_OF_PAGE}/keep", "POST", keep_details, REVIEWERS, "clinic_details.kept"),
)
