"""What a message means outside of a form when something is still open: an offer, or an emergency. Pure logic."""

import re
from dataclasses import replace

from actions import erasing, own_requests
from actions.after_danger import after_danger
from actions.answers import answers_to, questions_in
from actions.appointment_start import says_a_change, says_a_second
from actions.details import CONTACT_NAME, GIVES_A_PERSON, PATIENT_RELATION, PREFERRED_TIME, read_details
from actions.form_turn import APPOINTMENT_FORM, GOES_ON_WITH_IT, STAFF_FORM, Effect, Step
from actions.memory import (
    ANOTHER_REQUEST,
    APPOINTMENT,
    DEEDS,
    ERASURE,
    JUST_STORED,
    SECOND_OR_CHANGE,
    SENT_TO_STAFF,
    STAFF_MESSAGE,
    Memory,
)
from actions.own_details import told
from actions.own_requests import Requests
from actions.replies import ASK_THE_STAFF, CHANGE_FIRST, NOT_NOW, SECOND_VISIT, THAT_ONE_TOO, Reply
from actions.spanish import in_spanish
from actions.turn import Turn
from clinic.readings.confirmations import is_plain_yes
from clinic.readings.own_details import points_at_what_is_known
from clinic.readings.patient_words import OTHER
from clinic.readings.patients import read_companions

FORM_OF_OFFER = {
    STAFF_MESSAGE: STAFF_FORM,
    APPOINTMENT: APPOINTMENT_FORM,
    ANOTHER_REQUEST: APPOINTMENT_FORM,
}
ABOUT_STORED = DEEDS - {ERASURE}
# After these the staff are offered as a way out; a number that is given then is hardly meant for them.
NOT_FOR_THE_STAFF = frozenset({"out_of_scope", "bot_challenge", "privacy_question"})
_ANOTHER_ONE = re.compile(
    r"\b(?:another|one more|a second) "
    r"(?:resident|patient|person|one|child|kid|appointment|appt|request|visit|booking)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\b(?:thanks?|thx|thank you|ty|tysm|gracias)\b", re.IGNORECASE)
ADDS = frozenset({"inform", "out_of_scope", "talk_to_human", "feedback_negative", "appointment_status"})
FEWEST_WORDS_ADDED = 3
CHANGES = frozenset({"inform", "affirm", "deny", "reschedule_appointment", "out_of_scope"})
MOVES = frozenset({"reschedule_appointment"})
OWN_WISHES = frozenset({"appointment_status", "cancel_appointment", "reschedule_appointment", "delete_my_data"})


def needs_requests(memory: Memory, turn: Turn) -> bool:
    """Whether the stored requests of the conversation matter to this turn; the others need not wait for them."""
    return bool(memory.offer) or turn.label in OWN_WISHES or turn.label in CHANGES or bool(turn.candidates)


def take_up(memory: Memory, turn: Turn, requests: Requests = ()) -> Step | None:
    """The step that an open offer or an open emergency asks for, or None when the message stands for itself."""
    if memory.after_safety:
        return after_danger(memory, turn)
    agrees = turn.label == "affirm" or is_plain_yes(turn.text)
    return (
        _about_stored(memory, turn, requests, agrees)
        or _added_to_message(memory, turn)
        or _begins_what_was_offered(memory, turn, agrees)
        or in_spanish(memory, turn)
        or told(memory, turn, requests)
    )


def _added_to_message(memory: Memory, turn: Turn) -> Step | None:
    """Words after a message was passed on that belong to it: "its about my bill, i was charged twice"."""
    belongs = turn.label in ADDS or turn.label.startswith("uncovered/")
    if memory.offer != SENT_TO_STAFF or not belongs or turn.candidates or turn.language == "es":
        return None
    if turn.label == "out_of_scope" and "?" in turn.text:
        return None
    if len(turn.text.split()) < FEWEST_WORDS_ADDED:
        return None
    return Step(memory, tuple(answers_to(turn)), effect=Effect.ADD_TO_MESSAGE)


def _begins_what_was_offered(memory: Memory, turn: Turn, agrees: bool) -> Step | None:
    given = set(read_details(turn, None).found)
    a_way_out = memory.offer == STAFF_MESSAGE and memory.topic in NOT_FOR_THE_STAFF
    begun = memory.offer == APPOINTMENT and memory.request_key is not None
    gives = given if begun else given.intersection(GIVES_A_PERSON)
    gives_for_it = gives and not questions_in(turn) and not a_way_out
    already_given = memory.offer == STAFF_MESSAGE and points_at_what_is_known(turn.text)
    wants = agrees or gives_for_it or already_given or GOES_ON_WITH_IT.search(turn.text) is not None
    return Step(memory, follow_up=FORM_OF_OFFER[memory.offer]) if memory.offer in FORM_OF_OFFER and wants else None


def _about_stored(memory: Memory, turn: Turn, requests: Requests, agrees: bool) -> Step | None:
    """What the message means for a request that is stored, or for everything that is."""
    if memory.offer == ERASURE:
        return erasing.take_up(memory, turn, requests)
    if memory.offer in ABOUT_STORED and (own_requests.agrees(turn) or turn.label not in OWN_WISHES - MOVES):
        return own_requests.take_up(memory, turn, requests)
    if memory.offer == SECOND_OR_CHANGE:
        return _second_or_change(memory, turn, requests, agrees)
    if memory.offer == JUST_STORED and agrees and not _is_for_another(turn, requests):
        return _agreed_again(memory, turn, requests)
    if turn.label in CHANGES and memory.offer in (None, JUST_STORED):
        return _with_details_after_storing(memory, turn, requests)
    return None


def _with_details_after_storing(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    """Details of another request, a correction of the stored one, or one that comes too late for that."""
    if _is_for_another(turn, requests):
        return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
    others = read_companions(turn.text) if own_requests.open_ones(requests) else ()
    if others:
        waiting = replace(memory, offer=ANOTHER_REQUEST, also_for=tuple((OTHER, name) for name in others))
        return Step(waiting, (Reply("utter_offer_another", {"patient": others[0]}, (THAT_ONE_TOO, NOT_NOW)),))
    return own_requests.correct(memory, turn, requests) or _too_late_to_change(memory, turn, requests)


def _is_for_another(turn: Turn, requests: Requests) -> bool:
    """ "Also another resident, Mrs. Kowalski, any morning": details of a further request, not of the stored one."""
    if not own_requests.open_ones(requests) or not says_a_second(turn.text):
        return False
    found = read_details(turn, None).found
    return bool({CONTACT_NAME, PATIENT_RELATION, PREFERRED_TIME}.intersection(found) or _ANOTHER_ONE.search(turn.text))


def _agreed_again(memory: Memory, turn: Turn, requests: Requests) -> Step:
    """ "So is it confirmed?" asks; a second yes adds nothing."""
    if "?" in turn.text:
        return own_requests.status(memory, turn, requests)
    if _THANKS.search(turn.text):
        return Step(memory, (Reply("utter_thanks"),))
    if not own_requests.open_ones(requests):
        # "The staff will get in touch" may be untrue by now.
        return own_requests.status(memory, turn, requests)
    return Step(memory, (Reply("utter_request_already_stored"),))


def _too_late_to_change(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    """Details that differ, when the staff work on the request already, are for the staff."""
    if memory.offer != JUST_STORED or own_requests.open_ones(requests) or not read_details(turn, None).found:
        return None
    change = replace(memory, offer=STAFF_MESSAGE, topic="change_of_request", message_text=turn.text)
    return Step(change, (Reply("utter_change_after_storing", choices=(ASK_THE_STAFF,)),))


def _second_or_change(memory: Memory, turn: Turn, requests: Requests, agrees: bool) -> Step | None:
    if says_a_second(turn.text):
        return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
    if says_a_change(turn.text) or turn.label == "reschedule_appointment":
        return own_requests.reschedule(memory, turn, requests)
    if turn.label in ("deny", "stop"):
        return Step(memory.without_offer(), (Reply("utter_request_kept"),))
    waiting = own_requests.open_ones(requests)
    if agrees and waiting:
        shown = {"request_shown": own_requests.request_shown(waiting[-1])}
        return Step(memory, (Reply("utter_second_or_change", shown, (CHANGE_FIRST, SECOND_VISIT)),))
    return None
