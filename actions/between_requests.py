"""What a message means outside of a form when something is still open: an offer, or an emergency. Pure logic."""

import re
from dataclasses import replace

from actions.answers import questions_in
from actions.appointment import Step
from actions.details import read_details
from actions.memory import APPOINTMENT, JUST_STORED, STAFF_MESSAGE, Memory
from actions.replies import Reply
from actions.turn import Turn

FORM_OF_OFFER = {STAFF_MESSAGE: "staff_message_form", APPOINTMENT: "appointment_form"}
GIVES_A_PERSON = ("contact_name", "phone", "email")


GETTING_HELP = re.compile(
    r"\b(?:er|e\.r\.|emergency room|hospital|ambulance|paramedics?|urgent care|911|988|on (?:my|our|the|his|her) way"
    r"|(?:driving|taking|drove|took|bringing) (?:me|us|him|her|them))\b",
    re.IGNORECASE,
)
GOES_ON = frozenset({"inform", "affirm", "request_appointment", "reschedule_appointment", "appointment_status"})


def is_getting_help(text: str) -> bool:
    """Whether somebody who was told to get help says that it is under way."""
    return GETTING_HELP.search(text) is not None


def take_up(memory: Memory, turn: Turn) -> Step | None:
    """The step that an open offer or an open emergency asks for, or None when the message stands for itself."""
    suspended = memory.after_safety is not None and memory.request_key is not None
    if suspended and turn.label in GOES_ON and not is_getting_help(turn.text):
        return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
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
