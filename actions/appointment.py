"""Taking an appointment request: what to ask, what to take, when to send. Pure logic, no storage and no wording."""

import re
import uuid
from dataclasses import replace

from actions.answers import QUESTIONS, answer_within_form, ask_which
from actions.details import (
    CONFIRMATION,
    CONTACT,
    CONTACT_NAME,
    CORRECTION,
    PREFERRED_TIME,
    Reading,
    apply,
    read_details,
    shown,
    shown_phone,
)
from actions.form_turn import Step, aside, could_be_a_name
from actions.memory import APPOINTMENT, STAFF_MESSAGE, Memory
from actions.replies import ASK_THE_STAFF, CHANGE_IT, SEND_IT, Reply
from actions.turn import SMS, Turn
from actions.urgency import remember_danger, say_where_help_is, says_they_are_well
from clinic.readings.confirmations import has_doubt, is_plain_yes, is_waiting

LEAVES = {"stop": "utter_stop", "cancel_appointment": "utter_stop", "start_over": "utter_start_over"}
GOES_TO_STAFF = frozenset({"talk_to_human", "delete_my_data"})
NOT_SENT_YET = frozenset({"thanks", "goodbye", "appointment_status"})
STAFF_FORM = "staff_message_form"
LONGEST_REASON = 500
LONGEST_TIME = 200
SURE_OF_YES = 0.9
SURE_OF_LEAVING = 0.6
MISSES_BEFORE_TAKING_THE_WORDS = 1
MISSES_BEFORE_OFFERING_THE_STAFF = 2
NO_PREFERENCE = "no preference"
_CLAUSE_END = re.compile(r"[.,;!?\n]+\s*|\s+and\s+")
_NAMES_A_SLOT = {
    CONTACT_NAME: re.compile(r"\bname\b", re.IGNORECASE),
    CONTACT: re.compile(r"\b(?:phone|number|cell|e-?mail|mail|contact)\b", re.IGNORECASE),
    PREFERRED_TIME: re.compile(r"\b(?:time|day|date|when)\b", re.IGNORECASE),
}


def take_turn(memory: Memory, turn: Turn) -> Step:
    """One message while the appointment form is active; `memory.asked` is None on the message that started it."""
    if turn.safety:
        return Step(remember_danger(memory, turn), say_where_help_is(turn))
    reading = _read(memory, turn)
    if turn.language == "es" and (memory.asked is None or not reading.found):
        return _offer_spanish_call_back(memory, turn, reading)
    if memory.asked is None:
        return _start(memory, turn, reading)
    if not reading.found:
        leaving = _leave(memory, turn)
        if leaving is not None:
            return leaving
    if memory.asked == CONFIRMATION and _confirms(memory, turn, reading):
        return Step(memory, store=True, asked=CONFIRMATION)
    return _go_on(memory, turn, reading)


def next_question(memory: Memory) -> str:
    """The slot to ask for, in a fixed order; what is known is never asked again."""
    if not memory.contact_name:
        return CONTACT_NAME
    if not memory.reachable:
        return CONTACT
    if not memory.preferred_time:
        return PREFERRED_TIME
    return CONFIRMATION


def question(memory: Memory, asked: str) -> Reply:
    """The question for a slot; the read-back shows everything that would be sent."""
    if asked != CONFIRMATION:
        return Reply(f"utter_ask_{asked}")
    contact = [shown_phone(memory.phone)] if memory.phone else []
    contact += [memory.email] if memory.email else []
    variables = {
        "contact_name": memory.contact_name or "",
        "contact_shown": " or ".join(contact),
        "preferred_time": memory.preferred_time or "",
        "reason_shown": f" Reason: {memory.reason.rstrip('.')}." if memory.reason else "",
    }
    return Reply("utter_ask_confirmation", variables, (SEND_IT, CHANGE_IT))


def _read(memory: Memory, turn: Turn) -> Reading:
    """The details of the message; what was typed is taken as the answer when reading it has failed before."""
    reading = read_details(turn, memory.asked)
    if reading.found or reading.problem or is_waiting(turn.text) or "?" in turn.text:
        return reading
    missed_before = memory.misses >= MISSES_BEFORE_TAKING_THE_WORDS
    off_topic = turn.label in ("inform", "out_of_scope") or bool(turn.candidates)
    typed = could_be_a_name(turn.text) and off_topic and (missed_before or turn.text[:1].isupper())
    if memory.asked == CONTACT_NAME and typed:
        return Reading({CONTACT_NAME: " ".join(turn.text.split()).rstrip(".")})
    if memory.asked == PREFERRED_TIME:
        if turn.label == "deny" and not has_doubt(turn.text.replace("no", "", 1)):
            return Reading({PREFERRED_TIME: NO_PREFERENCE})
        if missed_before and off_topic:
            return Reading({PREFERRED_TIME: turn.text[:LONGEST_TIME]})
    return reading


def _offer_spanish_call_back(memory: Memory, turn: Turn, reading: Reading) -> Step:
    """Spanish is answered with a call back; what was offered so keeps its words, and given details go straight on."""
    already = memory.offer == STAFF_MESSAGE and memory.language == "es"
    kept = memory if already else replace(memory.without_request(), topic="call_back", message_text=turn.text)
    offered = replace(kept, offer=STAFF_MESSAGE, language="es")
    if reading.found:
        return Step(offered, follow_up=STAFF_FORM)
    return Step(offered, (Reply("utter_spanish"),))


def _leave(memory: Memory, turn: Turn) -> Step | None:
    if is_waiting(turn.text):
        return Step(memory, (Reply("utter_take_your_time"),), memory.asked)
    sure = turn.confidence >= SURE_OF_LEAVING
    if turn.label in LEAVES and sure:
        forgotten = Memory(misses=0) if turn.label == "start_over" else memory.without_request()
        return Step(forgotten, (Reply(LEAVES[turn.label]),))
    if turn.label in GOES_TO_STAFF and sure:
        return Step(memory.without_request(), follow_up=STAFF_FORM)
    if turn.label == "deny" and memory.asked == CONTACT:
        # The offer stays, so that a contact given after all goes on with the request.
        return Step(replace(memory, offer=APPOINTMENT), (Reply("utter_contact_refused"),))
    return None


def _start(memory: Memory, turn: Turn, reading: Reading) -> Step:
    if turn.candidates and not reading.found and memory.offer != APPOINTMENT:
        return Step(memory, *_which(turn, memory))
    resumed = memory.after_safety is not None and memory.request_key is not None
    started = replace(
        apply(memory, reading.found),
        after_safety=None,
        offer=None,
        misses=0,
        request_key=memory.request_key or uuid.uuid4().hex,
        reason=memory.reason or _reason(turn),
        open_questions=memory.open_questions or _carried_question(memory),
        topic=None,
        message_text=None,
    )
    answers, started = answer_within_form(turn, started)
    asked = next_question(started)
    return Step(started, (*answers, Reply(_opening(resumed, turn)), *_ask(started, asked, reading)), asked)


def _which(turn: Turn, memory: Memory) -> tuple[tuple[Reply, ...]]:
    return (tuple(ask_which(turn, memory)[0]),)


def _opening(resumed: bool, turn: Turn) -> str:
    if not resumed:
        return "utter_appointment_started"
    return "utter_appointment_resumed" if says_they_are_well(turn.text) else "utter_appointment_continued"


def _go_on(memory: Memory, turn: Turn, reading: Reading) -> Step:
    corrected = {key: value for key, value in reading.found.items() if getattr(memory, key) not in (None, value)}
    updated = replace(apply(memory, reading.found), misses=0 if reading.found else memory.misses)
    if memory.asked in (CONFIRMATION, CORRECTION) and not reading.found and reading.problem is None:
        correcting = _correct(updated, turn)
        if correcting is not None:
            return correcting
    if memory.asked == CONFIRMATION and turn.label in NOT_SENT_YET and not reading.found:
        return Step(updated, (Reply("utter_not_sent_yet"), question(updated, CONFIRMATION)), CONFIRMATION)
    answers, updated = aside(updated, turn, reading)
    asked = next_question(updated)
    replies: list[Reply] = list(answers)
    if corrected:
        replies.append(Reply("utter_details_changed", {"details_shown": shown(corrected)}))
    elif reading.found and asked != CONFIRMATION:
        replies.append(Reply("utter_details_noted", {"details_shown": shown(reading.found)}))
    elif not answers and not reading.found and reading.problem is None:
        updated = replace(updated, misses=updated.misses + 1)
        stuck = updated.misses >= MISSES_BEFORE_OFFERING_THE_STAFF
        replies.append(Reply("utter_detail_not_understood", choices=(ASK_THE_STAFF,) if stuck else ()))
    return Step(updated, (*replies, *_ask(updated, asked, reading)), asked)


def _correct(memory: Memory, turn: Turn) -> Step | None:
    """Somebody wants something changed: ask for the detail they name, or which one it is."""
    wants_change = turn.label in ("deny", "reschedule_appointment") or memory.asked == CORRECTION
    named = next((slot for slot, words in _NAMES_A_SLOT.items() if words.search(turn.text)), None)
    if named is not None and (wants_change or has_doubt(turn.text)) and "?" not in turn.text:
        return Step(memory, (Reply(f"utter_ask_{named}"),), named)
    if wants_change and memory.asked == CONFIRMATION:
        return Step(memory, (Reply("utter_ask_correction"),), CORRECTION)
    return None


def _ask(memory: Memory, asked: str, reading: Reading) -> tuple[Reply, ...]:
    # The wording of a problem is itself the question for that detail.
    if reading.problem is not None:
        return (Reply(reading.problem),)
    return (question(memory, asked),)


def _confirms(memory: Memory, turn: Turn, reading: Reading) -> bool:
    """A yes in a closed set of words, or a very sure one without any doubt in it, that changes and asks nothing."""
    if turn.candidates or turn.asks(*QUESTIONS):
        return False
    if any(getattr(memory, slot) != value for slot, value in reading.found.items()):
        return False
    sure = turn.label == "affirm" and turn.confidence >= SURE_OF_YES and not has_doubt(turn.text)
    return sure or is_plain_yes(turn.text)


def _reason(turn: Turn) -> str | None:
    """The visitor's own words about the place on their body, when the request itself names one."""
    site = turn.first_of("body_site")
    if site is None or turn.channel == SMS:
        return None
    about = next((clause for clause in _CLAUSE_END.split(turn.text) if site.text in clause), None)
    return about[:LONGEST_REASON].strip() if about else None


def _carried_question(memory: Memory) -> tuple[str, ...]:
    return (memory.message_text,) if memory.offer == STAFF_MESSAGE and memory.message_text else ()
