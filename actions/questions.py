"""What an appointment request asks for, in which order, and how it is read back. Pure logic."""

from actions.details import (
    CONFIRMATION,
    CONTACT,
    CONTACT_NAME,
    NAME_NOT_GIVEN,
    PATIENT_NAME,
    PREFERRED_TIME,
    Reading,
    shown_phone,
)
from actions.memory import Memory
from actions.open_questions import shown_before_sending
from actions.replies import CHANGE_IT, LEAVE_IT_OUT, LEAVE_THEM_OUT, SEND_IT, Reply

RELATIONS_OF_NOBODY = frozenset({"other", "patient"})


def next_question(memory: Memory) -> str:
    """The slot to ask for, in a fixed order; what is known is never asked again."""
    if not memory.contact_name:
        return CONTACT_NAME
    if memory.patient_relation and not memory.patient_name:
        return PATIENT_NAME
    if not memory.reachable:
        return CONTACT
    if not memory.preferred_time:
        return PREFERRED_TIME
    return CONFIRMATION


def question(memory: Memory, asked: str) -> tuple[Reply, ...]:
    """The question for a slot; the read-back shows everything that would be sent, and what goes along before it."""
    if asked != CONFIRMATION:
        return (Reply(f"utter_ask_{asked}"),)
    return (*shown_before_sending(memory), _read_back(memory))


def _read_back(memory: Memory) -> Reply:
    contact = [shown_phone(memory.phone)] if memory.phone else []
    contact += [memory.email] if memory.email else []
    variables = {
        "contact_name": _people(memory),
        "contact_shown": " or ".join(contact),
        "preferred_time": memory.preferred_time or "",
        "reason_shown": f" Reason: {memory.reason.rstrip('.')}." if memory.reason else "",
    }
    leaves_out = (LEAVE_THEM_OUT if len(memory.open_questions) > 1 else LEAVE_IT_OUT,) if memory.open_questions else ()
    return Reply("utter_ask_confirmation", variables, (SEND_IT, CHANGE_IT, *leaves_out))


def ask(memory: Memory, asked: str, reading: Reading) -> tuple[Reply, ...]:
    """The question, or the problem with what was given: its wording is itself the question for that detail."""
    if reading.problem is not None:
        return (Reply(reading.problem),)
    return question(memory, asked)


def asked_after(memory: Memory, reading: Reading) -> str:
    """The slot that is open once a problem was named: at the read-back the detail with the problem."""
    asked = next_question(memory)
    if reading.problem is None or asked != CONFIRMATION:
        return asked
    return PREFERRED_TIME if reading.problem.startswith("utter_time_") else CONTACT


def _people(memory: Memory) -> str:
    contact = memory.contact_name or ""
    if not memory.patient_relation:
        return contact
    nameless = memory.patient_name in (None, NAME_NOT_GIVEN)
    patient = relation_shown(memory.patient_relation) if nameless else memory.patient_name
    return f"{contact} (visit for {patient})"


def relation_shown(relation: str) -> str:
    """Somebody without a name, as the contact would hear it: "your son"."""
    return "somebody else" if relation in RELATIONS_OF_NOBODY else f"your {relation}"
