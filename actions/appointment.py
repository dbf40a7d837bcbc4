"""Taking an appointment request: what to ask, what to take, when to send. Pure logic, no storage and no wording."""

import re
from dataclasses import replace

from actions import erasing
from actions.answer_reading import NO_PREFERENCE, WANTS_A_PERSON, has_no_preference, read_answer
from actions.answers import CLINIC_DETAILS, QUESTIONS, questions_in
from actions.appointment_start import start
from actions.corrections import changed, corrected_reading, drops_a_contact, with_details
from actions.details import (
    CONFIRMATION,
    CONTACT,
    CONTACT_NAME,
    CORRECTION,
    NAME_NOT_GIVEN,
    PATIENT_NAME,
    PREFERRED_TIME,
    Reading,
    shown,
    shown_with_thanks,
)
from actions.form_turn import GOES_ON_WITH_IT, STAFF_FORM, Effect, Step, aside, asks_something
from actions.memory import APPOINTMENT, EASY_TIME, EMAIL_INSTEAD, STAFF_MESSAGE, Memory
from actions.open_questions import LONGEST_QUESTION
from actions.own_details import tell
from actions.own_requests import Requests, confirm_withdrawal, stored_under
from actions.questions import ask, asked_after, next_question, question
from actions.questions_left_out import leave_questions_out
from actions.replies import ASK_THE_STAFF, EASY_TIMES, Reply
from actions.turn import Turn
from actions.urgency import remember_danger, say_where_help_is
from clinic.readings.confirmations import has_doubt, is_plain_yes, is_waiting
from clinic.readings.patient_words import OTHER
from clinic.readings.patients import read_companions
from clinic.readings.staff_wishes import asks_for_a_person, leaves_word_for_staff
from clinic.readings.times import is_no_preference

LEAVES = {"stop": "utter_stop", "cancel_appointment": "utter_stop", "start_over": "utter_start_over"}
READ_BACK = frozenset({CONFIRMATION, CORRECTION})
CLOSING = frozenset({"thanks", "goodbye"})
SURE_OF_YES = 0.9
SURE_OF_LEAVING = 0.6
MISSES_BEFORE_OFFERING_THE_STAFF = 2
_DOES_NOT_KNOW = re.compile(r"\b(?:idk|dunno|don'?t know|not sure|no idea)\b", re.IGNORECASE)
_REFUSES_CONTACT = re.compile(
    r"\b(?:don'?t|do not|won'?t|not|rather not|can'?t|refuse|no way)\b[^.?!]{0,30}"
    r"\b(?:give|giving|share|sharing|hand\w*|tell\w*|leave|provide|want you|have (?:a |an |one|any))\b"
    r"|\bnone of (?:your|ur) business\b|\bno (?:phone|number|e-?mail)(?: (?:or|and) \w+)?\W*$",
    re.IGNORECASE,
)
_NO_PHONE = re.compile(
    r"\b(?:no|not|don'?t|dont|without|isn'?t|broken?|lost)\b[^.?!]{0,25}\b(?:phone|number|cell|call\w*)\b(?!.*\be-?mail)",
    re.IGNORECASE,
)
_DOES_NOT_WANT_IT = re.compile(
    r"\b(?:don'?t|do not|no longer) (?:want|need) (?:it|this|that|an? (?:appointment|visit)|to (?:book|come))\b"
    r"|\bnot interested\b",
    re.IGNORECASE,
)
_ASKS_WHATS_FREE = re.compile(
    r"\b(?:available|availability|openings?|slots?|free|soonest|earliest|what (?:do (?:you|u) have|times|days))\b.*\?"
    r"|^\W*what.{0,20}\b(?:have|available|open)\b",
    re.IGNORECASE,
)
_ASKS_WHY = re.compile(
    r"\W*(?:but |and |um )?(?:why|wdym|what for|for what|how come|what do (?:you|u) (?:mean|need|want))\b",
    re.IGNORECASE,
)
_NAMES_A_SLOT = {
    CONTACT_NAME: re.compile(r"\bname\b", re.IGNORECASE),
    CONTACT: re.compile(r"\b(?:phone|number|cell|e-?mail|mail|contact)\b", re.IGNORECASE),
    PREFERRED_TIME: re.compile(r"\b(?:time|day|date|when)\b", re.IGNORECASE),
}


def take_turn(memory: Memory, turn: Turn, requests: Requests = ()) -> Step:
    """One message while the appointment form is active; `memory.asked` is None on the message that started it.

    `requests` are those that this conversation stored before.
    """
    if turn.safety:
        return Step(remember_danger(memory, turn), say_where_help_is(turn))
    without_questions = leave_questions_out(memory, turn)
    if without_questions is not None:
        return without_questions
    reading = corrected_reading(memory, turn, read_answer(memory, turn, requests))
    if turn.language == "es" and (memory.asked is None or not reading.found):
        return _offer_spanish_call_back(memory, turn, reading)
    if memory.asked is None:
        return start(memory, turn, reading, requests)
    leaving = None if reading.found else _leave(memory, turn, requests)
    return leaving or _answer(memory, turn, reading)


def _answer(memory: Memory, turn: Turn, reading: Reading) -> Step:
    if memory.asked == CONFIRMATION and _confirms(memory, turn, reading):
        return Step(_with_word_beside(memory, turn), effect=Effect.STORE, asked=CONFIRMATION)
    if _leaves_the_time_open(memory, reading):
        easier = replace(memory, offer=EASY_TIME, misses=0)
        asking = Step(easier, (Reply("utter_ask_easy_time", choices=EASY_TIMES),), PREFERRED_TIME)
        return _after_answering(asking, turn, reading)
    return _go_on(memory, turn, reading)


def _with_word_beside(memory: Memory, turn: Turn) -> Memory:
    """ "Yes, and tell the nurse I'm allergic": these words go along too, and nothing that was shown gives way."""
    if not leaves_word_for_staff(turn.text):
        return memory
    return replace(memory, open_questions=(*memory.open_questions, turn.text[:LONGEST_QUESTION]))


def _leaves_the_time_open(memory: Memory, reading: Reading) -> bool:
    """ "Whenever" is taken after one easy offer, which helps the staff and costs a word."""
    if memory.asked != PREFERRED_TIME or memory.offer == EASY_TIME or set(reading.found) != {PREFERRED_TIME}:
        return False
    wish = reading.found[PREFERRED_TIME]
    return wish == NO_PREFERENCE or is_no_preference(wish)


def _offer_spanish_call_back(memory: Memory, turn: Turn, reading: Reading) -> Step:
    """Spanish is answered with a call back; what was offered so keeps its words, and given details go straight on."""
    already = memory.offer == STAFF_MESSAGE and memory.language == "es"
    kept = memory if already else replace(memory.without_request(), topic="call_back", message_text=turn.text)
    offered = replace(kept, offer=STAFF_MESSAGE, language="es")
    if reading.found:
        return Step(offered, follow_up=STAFF_FORM)
    return Step(offered, (Reply("utter_spanish"),))


def _leave(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    waiting = _waits(memory, turn)
    if waiting is not None:
        return waiting
    refused = _refuses(memory, turn)
    if refused is not None:
        return Step(replace(memory, offer=APPOINTMENT), (Reply(refused),))
    if turn.label in WANTS_A_PERSON and asks_for_a_person(turn.text):
        return Step(memory.without_request(), follow_up=STAFF_FORM)
    return _leave_for_something_else(memory, turn, requests)


def _leave_for_something_else(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    leaves_word = turn.label not in (*LEAVES, "delete_my_data") and leaves_word_for_staff(turn.text)
    if turn.confidence < SURE_OF_LEAVING or GOES_ON_WITH_IT.search(turn.text) or leaves_word:
        return None
    if turn.label in LEAVES or (memory.asked in READ_BACK and _DOES_NOT_WANT_IT.search(turn.text)):
        return _drop(memory, turn, requests)
    if turn.label == "delete_my_data":
        return erasing.ask(memory, requests)
    return Step(memory.without_request(), follow_up=STAFF_FORM) if turn.label == "talk_to_human" else None


def _waits(memory: Memory, turn: Turn) -> Step | None:
    """Somebody who needs a moment, or offers no phone and may have an e-mail address: the same detail stays asked."""
    if is_waiting(turn.text) and not asks_something(turn) and not has_no_preference(memory, turn):
        again = question(memory, memory.asked) if memory.asked and _DOES_NOT_KNOW.search(turn.text) else ()
        return Step(memory, (Reply("utter_take_your_time"), *again), memory.asked)
    if memory.asked == CONTACT and memory.offer != EMAIL_INSTEAD and _NO_PHONE.search(turn.text):
        return Step(replace(memory, offer=EMAIL_INSTEAD), (Reply("utter_email_is_enough"),), CONTACT)
    return None


def _refuses(memory: Memory, turn: Turn) -> str | None:
    """What is said to somebody who keeps a name or contact to themselves; given after all, it goes on."""
    if memory.asked == CONTACT and (turn.label == "deny" or _REFUSES_CONTACT.search(turn.text)):
        return "utter_contact_refused"
    refuses_name = memory.asked == CONTACT_NAME and turn.label == "deny" and turn.confidence >= SURE_OF_LEAVING
    return "utter_stop" if refuses_name else None


def _drop(memory: Memory, turn: Turn, requests: Requests) -> Step:
    stored = stored_under(requests, turn, memory.request_key)
    if stored is not None:
        return confirm_withdrawal(memory.without_request(), stored)
    forgotten = Memory(misses=0) if turn.label == "start_over" else memory.without_request()
    return Step(forgotten, (Reply(LEAVES.get(turn.label, "utter_stop")),))


def _go_on(memory: Memory, turn: Turn, reading: Reading) -> Step:
    dropped = drops_a_contact(memory, turn, reading)
    if dropped is not None:
        dropped, said = _answered(dropped, turn, reading)
        return Step(dropped, (*said, *question(dropped, next_question(dropped))), next_question(dropped))
    corrections = changed(memory, reading)
    updated = replace(with_details(memory, turn, reading), misses=0 if reading.found else memory.misses)
    updated = _without_patients_name(memory, updated, reading)
    if memory.asked in READ_BACK and not reading.found and reading.problem is None:
        correcting = _correct(updated, turn)
        if correcting is not None:
            return _after_answering(correcting, turn, reading)
    answers, updated = _beside(updated, turn, reading)
    asked = asked_after(updated, reading)
    replies: list[Reply] = list(answers)
    if answers and turn.label == "out_of_scope" and not reading.found:
        updated = replace(updated, misses=updated.misses + 1)
        if updated.misses >= MISSES_BEFORE_OFFERING_THE_STAFF:
            replies[-1] = replace(replies[-1], choices=(ASK_THE_STAFF,))
    if corrections:
        replies.append(Reply("utter_details_changed", {"details_shown": shown(corrections)}))
    elif shown(reading.found) and asked != CONFIRMATION:
        replies.append(Reply("utter_details_noted", {"details_shown": shown_with_thanks(reading.found)}))
    elif not answers and not reading.found and reading.problem is None and not _only_agrees(memory, turn):
        updated = replace(updated, misses=updated.misses + 1)
        stuck = updated.misses >= MISSES_BEFORE_OFFERING_THE_STAFF
        replies.append(Reply("utter_detail_not_understood", choices=(ASK_THE_STAFF,) if stuck else ()))
    return Step(updated, (*replies, *ask(updated, asked, reading)), asked)


def _after_answering(step: Step, turn: Turn, reading: Reading) -> Step:
    """The step with the answer to a question that stood beside what it is about; an open one is not lost."""
    memory, answers = _answered(step.memory, turn, reading)
    return replace(step, memory=memory, replies=(*answers, *step.replies))


def _answered(memory: Memory, turn: Turn, reading: Reading) -> tuple[Memory, tuple[Reply, ...]]:
    if not (questions_in(turn) or reading.leaves_a_question):
        return memory, ()
    answers, after = aside(memory, turn, reading)
    return after, tuple(answers)


def _only_agrees(memory: Memory, turn: Turn) -> bool:
    """ "Yes" to a question for a detail means "go on": the question comes again, without a word about it."""
    agrees = turn.label == "affirm" and not turn.candidates
    return memory.asked != CONFIRMATION and (agrees or GOES_ON_WITH_IT.search(turn.text) is not None)


def _asks_whether_it_is_sent(memory: Memory, turn: Turn, reading: Reading) -> bool:
    if reading.problem or turn.candidates:
        return False
    return turn.label == "appointment_status" or (memory.asked == CONFIRMATION and turn.label in CLOSING)


def _without_patients_name(memory: Memory, updated: Memory, reading: Reading) -> Memory:
    """Asked twice for the patient's name in vain, go on without: the staff ask."""
    if memory.asked != PATIENT_NAME or updated.patient_name or not updated.patient_relation:
        return updated
    missed = replace(updated, misses=memory.misses + 1)
    return replace(missed, patient_name=NAME_NOT_GIVEN, misses=0) if missed.misses > 1 else missed


def _beside(memory: Memory, turn: Turn, reading: Reading) -> tuple[list[Reply], Memory]:
    told = tell(memory, turn, ()) if not reading.found else None
    if told is not None:
        return [told], memory
    others = () if reading.found else read_companions(turn.text)
    if others:
        later = replace(memory, also_for=(*memory.also_for, *((OTHER, name) for name in others)))
        return [Reply("utter_another_later", {"patient": " and ".join(others)})], later
    remark = _remark(memory, turn, reading)
    return ([remark], memory) if remark else aside(memory, turn, reading)


def _remark(memory: Memory, turn: Turn, reading: Reading) -> Reply | None:
    """What is said to a question about the request itself."""
    if reading.found or _asks_what_is_not_covered(turn):
        return None
    if memory.asked == PREFERRED_TIME and _ASKS_WHATS_FREE.search(turn.text):
        return Reply("utter_no_calendar")
    if memory.asked in (CONTACT, CONTACT_NAME) and _ASKS_WHY.match(turn.text):
        return Reply("utter_why_details")
    return Reply("utter_not_sent_yet") if _asks_whether_it_is_sent(memory, turn, reading) else None


def _asks_what_is_not_covered(turn: Turn) -> bool:
    """ "Is the visit free?" has a word of those who ask for free times, and is about the price."""
    surely = turn.confidence >= SURE_OF_LEAVING and not turn.candidates
    return surely and turn.label.startswith("uncovered/") and turn.label != CLINIC_DETAILS


def _correct(memory: Memory, turn: Turn) -> Step | None:
    """Somebody wants something changed: ask for the detail they name, or which one it is."""
    if turn.text.strip().isdigit():
        return None
    wants_change = turn.label in ("deny", "reschedule_appointment") or memory.asked == CORRECTION
    named = next((slot for slot, words in _NAMES_A_SLOT.items() if words.search(turn.text)), None)
    if named is not None and (wants_change or has_doubt(turn.text)) and "?" not in turn.text:
        return Step(memory, (Reply(f"utter_ask_{named}"),), named)
    if wants_change and memory.asked == CONFIRMATION:
        return Step(memory, (Reply("utter_ask_correction"),), CORRECTION)
    return None


def _confirms(memory: Memory, turn: Turn, reading: Reading) -> bool:
    """A yes in a closed set of words, or a very sure one without any doubt in it, that changes and asks nothing."""
    if turn.candidates or turn.asks(*QUESTIONS):
        return False
    if any(getattr(memory, slot) != value for slot, value in reading.found.items()):
        return False
    sure = turn.label == "affirm" and turn.confidence >= SURE_OF_YES and not has_doubt(turn.text)
    return sure or is_plain_yes(turn.text)
