"""Spanish outside of the forms: the assistant says so, and the staff call back. Pure logic."""

import re
from dataclasses import replace

from actions.details import GIVES_A_PERSON, read_details
from actions.form_turn import STAFF_FORM, Step
from actions.memory import STAFF_MESSAGE, Memory
from actions.replies import Reply
from actions.turn import Turn

CLOSES = frozenset({"thanks", "goodbye"})
_YES = re.compile(r"^\W*(?:s[ií]|claro|dale|bueno|por favor)\b|\bll[aá]m(?:en|eme|enme|ame)\b", re.IGNORECASE)


def in_spanish(memory: Memory, turn: Turn) -> Step | None:
    """The step for a message in Spanish; None for every other."""
    if turn.language != "es":
        return None
    if turn.label in CLOSES:
        return Step(memory, (Reply("utter_goodbye_spanish"),))
    if memory.offer == STAFF_MESSAGE and _YES.search(turn.text):
        return Step(memory, follow_up=STAFF_FORM)
    return None if turn.safety else _call_back(memory, turn)


def _call_back(memory: Memory, turn: Turn) -> Step:
    offered = replace(memory, offer=STAFF_MESSAGE, topic="call_back", message_text=turn.text, language="es")
    if set(GIVES_A_PERSON).intersection(read_details(turn, None).found):
        return Step(offered, follow_up=STAFF_FORM)
    known = memory.contact_name and memory.reachable
    return Step(offered, (Reply("utter_offer_staff_spanish" if known else "utter_spanish"),))
