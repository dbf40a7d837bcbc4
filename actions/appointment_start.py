"""Beginning an appointment request: for whom, whether it is a new one, and what is known already. Pure logic."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import replace

from actions.answers import answer_within_form, ask_which
from actions.corrections import with_details
from actions.details import CONTACT_NAME, PATIENT_NAME, PATIENT_RELATION, Reading
from actions.form_turn import Step
from actions.memory import ANOTHER_REQUEST, APPOINTMENT, SECOND_OR_CHANGE, Memory
from actions.open_questions import without_staff_offer
from actions.own_requests import open_ones, request_shown, reschedule
from actions.questions import ask, next_question
from actions.replies import CHANGE_FIRST, SECOND_VISIT, Reply
from actions.turn import SMS, Turn
from actions.urgency import is_urgent, says_they_are_well
from clinic.appointment_requests import StoredAppointmentRequest
from clinic.readings.patient_words import OTHER
from clinic.readings.patients import SELF, read_patient

LONGEST_REASON = 500
# Offers whose taking up begins a request, however the words were understood.
BEGINS = frozenset({APPOINTMENT, ANOTHER_REQUEST, SECOND_OR_CHANGE})
_CLAUSE_END = re.compile(r"[.,;!?\n]+\s*|\s+and\s+")
_A_SECOND = re.compile(
    r"\b(?:another|second|2nd|one more|additional|separate|extra|different (?:person|one)|also (?:need|want|book)"
    r"|as well|too|new (?:one|request|appointment|appt|visit))\b",
    re.IGNORECASE,
)
_A_CHANGE = re.compile(
    r"\b(?:chang\w*|mov(?:e|ing)|instead|reschedul\w*|different (?:time|day|date)|new (?:time|day|date)|that one"
    r"|first one|same one|existing|correct)\b",
    re.IGNORECASE,
)


def start(memory: Memory, turn: Turn, reading: Reading, requests: Sequence[StoredAppointmentRequest]) -> Step:
    """The first turn of the form: everything that was given is taken, and the first missing detail asked for."""
    if turn.candidates and not reading.found and memory.offer not in BEGINS:
        return Step(memory, tuple(ask_which(turn, memory)[0]))
    second_or_change = _second_or_change(memory, turn, reading, requests)
    if second_or_change is not None:
        return second_or_change
    opening = _opening(memory, turn)
    reading = _for_whom(memory, turn, reading) if requests else reading
    started = _started(with_details(_for_next_person(memory), turn, reading), turn)
    answers, started = answer_within_form(turn, started)
    asked = next_question(started)
    return Step(started, (*answers, Reply(opening), *ask(started, asked, reading)), asked)


def says_a_second(text: str) -> bool:
    """Whether a message asks for one more request beside the one that is there."""
    return _A_SECOND.search(text) is not None and _A_CHANGE.search(text) is None


def says_a_change(text: str) -> bool:
    """Whether a message asks for a change of the request that is there."""
    return _A_CHANGE.search(text) is not None and _A_SECOND.search(text) is None


def _for_whom(memory: Memory, turn: Turn, reading: Reading) -> Reading:
    """ "And one for Zoe too", from somebody whose name is known: Zoe is whom it is for."""
    name = reading.found.get(CONTACT_NAME)
    if not name or not memory.contact_name or not says_a_second(turn.text):
        return reading
    if re.search(rf"\bfor {re.escape(name.split()[0])}\b", turn.text, re.IGNORECASE) is None:
        return reading
    rest = {slot: value for slot, value in reading.found.items() if slot != CONTACT_NAME}
    return replace(reading, found={**rest, PATIENT_NAME: name, PATIENT_RELATION: OTHER})


def _second_or_change(
    memory: Memory, turn: Turn, reading: Reading, requests: Sequence[StoredAppointmentRequest]
) -> Step | None:
    """Asking again soon after is a change or a second visit; it is asked where that is unclear."""
    waiting = open_ones(requests)
    begun = memory.request_key is not None or memory.offer == ANOTHER_REQUEST
    if not waiting or begun or _is_for_somebody_new(turn, reading, waiting) or says_a_second(turn.text):
        return None
    if memory.offer == SECOND_OR_CHANGE and turn.text == SECOND_VISIT.title:
        return None
    if says_a_change(turn.text):
        return reschedule(memory, turn, requests)
    kept = without_staff_offer(memory).open_questions
    asking = replace(memory.without_request(), open_questions=kept, offer=SECOND_OR_CHANGE)
    shown = {"request_shown": request_shown(waiting[-1])}
    return Step(asking, (Reply("utter_second_or_change", shown, (CHANGE_FIRST, SECOND_VISIT)),))


def _is_for_somebody_new(turn: Turn, reading: Reading, waiting: Sequence[StoredAppointmentRequest]) -> bool:
    patient = read_patient(turn.text)
    if patient is None:
        return False
    if patient.relation == SELF:
        return all(request.patient_name for request in waiting)
    named = reading.found.get(PATIENT_NAME)
    same_name = any(request.patient_name == named for request in waiting)
    return not same_name if named else True


def _for_next_person(memory: Memory) -> Memory:
    if memory.offer != ANOTHER_REQUEST or not memory.also_for:
        return memory
    relation, name = memory.also_for[0]
    next_one = replace(memory.without_request(), patient_name=name, patient_relation=relation)
    return replace(next_one, also_for=memory.also_for[1:])


def _started(memory: Memory, turn: Turn) -> Memory:
    return replace(
        memory,
        after_safety=None,
        offer=None,
        misses=0,
        request_key=memory.request_key or uuid.uuid4().hex,
        reason=memory.reason or _reason(turn),
        open_questions=without_staff_offer(memory).open_questions,
        # What was urgent stays so, though it now travels with a request.
        topic=memory.topic if is_urgent(memory.topic) else None,
        message_text=None,
    )


def _opening(memory: Memory, turn: Turn) -> str:
    if memory.request_key is None:
        return "utter_appointment_started"
    if memory.after_safety is None:
        return "utter_appointment_taken_up"
    return "utter_appointment_resumed" if says_they_are_well(turn.text) else "utter_appointment_continued"


def _reason(turn: Turn) -> str | None:
    """The visitor's own words about the place on their body, when the request itself names one."""
    site = turn.first_of("body_site")
    if site is None or turn.channel == SMS:
        return None
    about = next((clause for clause in _CLAUSE_END.split(turn.text) if site.text in clause), None)
    return about[:LONGEST_REASON].strip() if about else None
