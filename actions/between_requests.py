"""What a message means outside of a form when something is still open: an offer, or an emergency. Pure logic."""

from dataclasses import replace

from actions.answers import questions_in
from actions.details import read_details
from actions.form_turn import Step
from actions.memory import APPOINTMENT, JUST_STORED, STAFF_MESSAGE, Memory
from actions.replies import ASK_THE_STAFF, Reply
from actions.turn import Turn
from actions.urgency import help_is_coming, says_they_are_well
from clinic.readings.confirmations import is_plain_yes

FORM_OF_OFFER = {STAFF_MESSAGE: "staff_message_form", APPOINTMENT: "appointment_form"}
GIVES_A_PERSON = ("contact_name", "phone", "email")
ENDS_DANGER = ("faq/", "uncovered/", "ask_diagnosis", "request_appointment")
GOES_ON = frozenset({"request_appointment", "reschedule_appointment", "appointment_status"})
CLOSES = frozenset({"thanks", "goodbye"})
CHANGES = frozenset({"inform", "deny", "reschedule_appointment"})


def take_up(memory: Memory, turn: Turn) -> Step | None:
    """The step that an open offer or an open emergency asks for, or None when the message stands for itself."""
    if memory.after_safety:
        return _after_danger(memory, turn)
    agrees = turn.label == "affirm" or is_plain_yes(turn.text)
    if memory.offer == JUST_STORED:
        return _after_storing(memory, turn, agrees)
    gives = set(read_details(turn, None).found).intersection(GIVES_A_PERSON)
    if memory.offer in FORM_OF_OFFER and (agrees or (gives and not questions_in(turn))):
        return Step(memory, follow_up=FORM_OF_OFFER[memory.offer])
    if turn.language == "es" and turn.label in CLOSES:
        return Step(memory, (Reply("utter_goodbye_spanish"),))
    if turn.language == "es" and not turn.safety:
        offered = replace(memory, offer=STAFF_MESSAGE, topic="call_back", message_text=turn.text, language="es")
        return Step(offered, follow_up="staff_message_form" if gives else None, replies=_spanish(bool(gives)))
    return None


def _spanish(details_given: bool) -> tuple[Reply, ...]:
    return () if details_given else (Reply("utter_spanish"),)


def _after_danger(memory: Memory, turn: Turn) -> Step | None:
    suspended = memory.request_key is not None
    if suspended and (turn.label in GOES_ON or says_they_are_well(turn.text)):
        return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
    if suspended and memory.offer == APPOINTMENT and (turn.label == "affirm" or is_plain_yes(turn.text)):
        return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
    if help_is_coming(turn.text):
        return Step(memory, (Reply("utter_safety_follow_up"),))
    if says_they_are_well(turn.text):
        return Step(replace(memory, after_safety=None), (Reply("utter_safety_over"),))
    if turn.asks(*ENDS_DANGER) and not turn.candidates:
        return None
    kept = replace(memory, offer=APPOINTMENT) if suspended else memory
    return Step(kept, (Reply(f"utter_still_{(memory.after_safety or '').partition('/')[2]}"),))


def _after_storing(memory: Memory, turn: Turn, agrees: bool) -> Step | None:
    """A request has just been stored: a second yes adds nothing, and a correction is for the staff."""
    if agrees:
        return Step(memory, (Reply("utter_request_already_stored"),))
    if turn.label in CHANGES and read_details(turn, None).found:
        change = replace(memory, offer=STAFF_MESSAGE, topic="change_of_request", message_text=turn.text)
        return Step(change, (Reply("utter_change_after_storing", choices=(ASK_THE_STAFF,)),))
    return None
