"""What a message means outside of a form when something is still open: an offer, or an emergency. Pure logic."""

from dataclasses import replace

from actions.answers import questions_in
from actions.appointment import Step
from actions.details import read_details
from actions.memory import APPOINTMENT, JUST_STORED, STAFF_MESSAGE, Memory
from actions.replies import Reply
from actions.turn import Turn

FORM_OF_OFFER = {STAFF_MESSAGE: "staff_message_form", APPOINTMENT: "appointment_form"}
GIVES_A_PERSON = ("contact_name", "phone", "email")


def take_up(memory: Memory, turn: Turn) -> Step | None:
    """The step that an open offer or an open emergency asks for, or None when the message stands for itself."""
    if memory.after_safety and not turn.asks("faq/", "uncovered/", "request_appointment"):
        return Step(memory, (Reply("utter_safety_follow_up"),))
    if memory.offer == JUST_STORED and turn.label == "affirm":
        return Step(memory, (Reply("utter_request_already_stored"),))
    gives = set(read_details(turn, None).found).intersection(GIVES_A_PERSON)
    if memory.offer in FORM_OF_OFFER and (turn.label == "affirm" or (gives and not questions_in(turn))):
        return Step(memory, follow_up=FORM_OF_OFFER[memory.offer])
    if turn.language == "es" and not turn.safety:
        offered = replace(memory, offer=STAFF_MESSAGE, topic="call_back", message_text=turn.text, language="es")
        return Step(offered, (Reply("utter_spanish"),))
    return None
