"""Taking a message for the staff: its subject comes from what was said, so only a name and a contact are asked."""

import uuid
from dataclasses import replace

from actions.answers import LONGEST_QUESTION, answer_within_form, questions_in
from actions.appointment import LEAVES, SMALL_TALK, Step
from actions.details import CONTACT, CONTACT_NAME, Reading, apply, read_details, shown
from actions.memory import STAFF_MESSAGE, Memory
from actions.replies import Reply
from actions.turn import Turn

OPENINGS = {
    "talk_to_human": "utter_talk_to_human",
    "reschedule_appointment": "utter_reschedule_appointment",
    "cancel_appointment": "utter_cancel_appointment",
    "delete_my_data": "utter_delete_my_data",
}
APPOINTMENT_FORM = "appointment_form"


def take_turn(memory: Memory, turn: Turn) -> Step:
    """One message while a message for the staff is being taken. It is stored as soon as the staff can answer it."""
    if turn.safety:
        found = read_details(turn, None).found
        dropped = replace(apply(memory, found), after_safety=turn.safety, request_key=None)
        return Step(dropped, (Reply(f"utter_{turn.safety}"),))
    reading = read_details(turn, memory.asked)
    if memory.asked is None:
        return _start(memory, turn, reading)
    leaving = None if reading.found else _leave(memory, turn)
    return leaving or _go_on(memory, turn, reading)


def _leave(memory: Memory, turn: Turn) -> Step | None:
    if turn.label in LEAVES:
        return Step(memory.without_request(), (Reply(LEAVES[turn.label]),))
    if turn.label == "request_appointment":
        return Step(memory, follow_up=APPOINTMENT_FORM)
    if turn.label == "deny":
        return Step(memory.without_request(), (Reply("utter_contact_refused"),))
    return None


def _start(memory: Memory, turn: Turn, reading: Reading) -> Step:
    if memory.after_safety and memory.request_key and turn.label == "reschedule_appointment":
        # "Can we finish the booking?" after an emergency means the request that it interrupted.
        return Step(memory, follow_up=APPOINTMENT_FORM)
    offered = memory.offer == STAFF_MESSAGE
    started = replace(
        apply(memory, reading.found),
        topic=memory.topic if offered else turn.label,
        message_text=memory.message_text if offered else turn.text[:LONGEST_QUESTION],
        language="es" if turn.language == "es" or (offered and memory.language == "es") else "en",
        request_key=uuid.uuid4().hex,
        offer=None,
        after_safety=None,
        misses=0,
    )
    opening = Reply(
        "utter_staff_message_started" if offered else OPENINGS.get(turn.label, "utter_staff_message_started")
    )
    if _missing(started) is None:
        return Step(started, store=True)
    openings = () if started.language == "es" else (opening,)
    return Step(started, (*openings, *_ask(started, reading)), _missing(started))


def _go_on(memory: Memory, turn: Turn, reading: Reading) -> Step:
    updated = apply(memory, reading.found)
    if _missing(updated) is None and reading.found:
        return Step(updated, store=True)
    replies: list[Reply] = []
    if questions_in(turn) and (not reading.found or reading.leaves_a_question):
        replies, updated = answer_within_form(turn, updated)
    elif reading.found:
        replies.append(Reply("utter_details_noted", {"details_shown": shown(reading.found)}))
    elif turn.label in SMALL_TALK and not turn.candidates and memory.language != "es":
        replies.append(Reply(f"utter_{turn.label}"))
    elif reading.problem is None and memory.language != "es":
        replies.append(Reply("utter_detail_not_understood"))
    return Step(updated, (*replies, *_ask(updated, reading)), _missing(updated))


def _missing(memory: Memory) -> str | None:
    if not memory.contact_name:
        return CONTACT_NAME
    return None if memory.reachable else CONTACT


def _ask(memory: Memory, reading: Reading) -> tuple[Reply, ...]:
    if reading.problem is not None:
        return (Reply(reading.problem),)
    spanish = "_spanish" if memory.language == "es" else ""
    return (Reply(f"utter_ask_{_missing(memory)}{spanish}"),)
