"""Taking a message for the staff: its subject comes from what was said, so only a name and a contact are asked."""

import uuid
from dataclasses import replace

from actions.answers import LONGEST_QUESTION, ask_which
from actions.details import CONTACT, CONTACT_NAME, Reading, apply, read_details, shown
from actions.form_turn import Step, aside, could_be_a_name
from actions.memory import STAFF_MESSAGE, Memory
from actions.replies import ASK_THE_STAFF, Reply
from actions.turn import Turn
from actions.urgency import remember_danger, say_where_help_is
from clinic.readings.confirmations import is_waiting

OPENINGS = {
    "talk_to_human": "utter_talk_to_human",
    "reschedule_appointment": "utter_reschedule_appointment",
    "cancel_appointment": "utter_cancel_appointment",
    "delete_my_data": "utter_delete_my_data",
}
LEAVES = {"stop": "utter_stop", "start_over": "utter_start_over"}
WISHES = frozenset({"reschedule_appointment", "cancel_appointment", "delete_my_data"})
APPOINTMENT_FORM = "appointment_form"
SURE = 0.6


def take_turn(memory: Memory, turn: Turn) -> Step:
    """One message while a message for the staff is being taken. It is stored as soon as the staff can answer it."""
    if turn.safety:
        return Step(replace(remember_danger(memory, turn), request_key=None), say_where_help_is(turn))
    reading = read_details(turn, memory.asked)
    if memory.asked is None:
        return _start(memory, turn, reading)
    leaving = None if reading.found else _leave(memory, turn)
    return leaving or _go_on(memory, turn, reading)


def _leave(memory: Memory, turn: Turn) -> Step | None:
    if is_waiting(turn.text):
        return Step(memory, (Reply("utter_take_your_time"),), memory.asked)
    if turn.confidence < SURE:
        return None
    if turn.label in LEAVES:
        return Step(memory.without_request(), (Reply(LEAVES[turn.label]),))
    if turn.label == "request_appointment":
        return Step(memory, follow_up=APPOINTMENT_FORM)
    if turn.label == "deny":
        return Step(replace(memory, offer=STAFF_MESSAGE), (Reply("utter_contact_refused"),))
    return None


def _start(memory: Memory, turn: Turn, reading: Reading) -> Step:
    if memory.after_safety and memory.request_key and turn.label == "reschedule_appointment":
        # "Can we finish the booking?" after an emergency means the request that it interrupted.
        return Step(memory, follow_up=APPOINTMENT_FORM)
    offered = _is_about_the_offer(memory, turn)
    if turn.candidates and not offered:
        return Step(memory, tuple(ask_which(turn, memory)[0]))
    started = _with_subject(apply(memory, reading.found), turn, offered)
    if _missing(started) is None:
        given_now = {"phone", "email"}.intersection(reading.found)
        return Step(started, store=True) if offered or given_now else _ask_before_sending(started, turn)
    opening = "utter_staff_message_started" if offered else OPENINGS.get(turn.label, "utter_staff_message_started")
    openings = () if started.language == "es" else (Reply(opening),)
    return Step(started, (*openings, *_ask(started, reading)), _missing(started))


def _is_about_the_offer(memory: Memory, turn: Turn) -> bool:
    """Whether the message takes up what was offered; a wish of its own is not to be sent under another subject."""
    if turn.text == ASK_THE_STAFF.title:
        return memory.message_text is not None
    return memory.offer == STAFF_MESSAGE and turn.label not in WISHES


def _with_subject(memory: Memory, turn: Turn, offered: bool) -> Memory:
    earlier = (memory.message_text,) if memory.message_text and memory.offer == STAFF_MESSAGE and not offered else ()
    return replace(
        memory,
        topic=memory.topic if offered else turn.label,
        message_text=memory.message_text if offered else turn.text[:LONGEST_QUESTION],
        open_questions=(*memory.open_questions, *earlier),
        language="es" if turn.language == "es" or (offered and memory.language == "es") else "en",
        request_key=uuid.uuid4().hex,
        offer=None,
        after_safety=None,
        misses=0,
    )


def _ask_before_sending(memory: Memory, turn: Turn) -> Step:
    """Everything is known already, so one word could send it: ask first."""
    opening = Reply(OPENINGS.get(turn.label, "utter_talk_to_human"))
    offer = Reply("utter_offer_staff", choices=(ASK_THE_STAFF,))
    return Step(replace(memory, offer=STAFF_MESSAGE, request_key=None), (opening, offer))


def _go_on(memory: Memory, turn: Turn, reading: Reading) -> Step:
    if memory.asked == CONTACT_NAME and not reading.found and memory.misses and could_be_a_name(turn.text):
        reading = Reading({CONTACT_NAME: " ".join(turn.text.split()).rstrip(".")})
    updated = replace(apply(memory, reading.found), misses=0 if reading.found else memory.misses + 1)
    if turn.label in WISHES and turn.confidence >= SURE and not turn.candidates:
        updated = replace(
            updated,
            topic=turn.label,
            message_text=f"{memory.message_text or ''}\n{turn.text[:LONGEST_QUESTION]}".strip(),
        )
        opening = [Reply(OPENINGS[turn.label])]
    else:
        opening, updated = _beside(updated, turn, reading)
    if _missing(updated) is None and reading.found:
        return Step(updated, store=True)
    return Step(updated, (*opening, *_ask(updated, reading)), _missing(updated))


def _beside(memory: Memory, turn: Turn, reading: Reading) -> tuple[list[Reply], Memory]:
    if memory.language == "es":
        return [], memory
    replies, memory = aside(memory, turn, reading)
    if replies or reading.problem:
        return replies, memory
    if reading.found:
        return [Reply("utter_details_noted", {"details_shown": shown(reading.found)})], memory
    return [Reply("utter_detail_not_understood")], memory


def _missing(memory: Memory) -> str | None:
    if not memory.contact_name:
        return CONTACT_NAME
    return None if memory.reachable else CONTACT


def _ask(memory: Memory, reading: Reading) -> tuple[Reply, ...]:
    if reading.problem is not None:
        return (Reply(reading.problem),)
    spanish = "_spanish" if memory.language == "es" else "_for_staff"
    return (Reply(f"utter_ask_{_missing(memory)}{spanish}"),)
