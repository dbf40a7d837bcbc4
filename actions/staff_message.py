"""Taking a message for the staff: its subject comes from what was said, so only a name and a contact are asked."""

import re
from dataclasses import replace

from actions import erasing
from actions.answers import QUESTIONS, ask_which, offer_of_staff
from actions.details import CONFIRMATION, CONTACT, CONTACT_NAME, Reading, apply, read_details, shown_with_thanks
from actions.form_turn import APPOINTMENT_FORM, NAMES_A_VISIT, Effect, Step, aside, could_be_a_name, is_complaint
from actions.memory import SENT_TO_STAFF, STAFF_MESSAGE, Memory
from actions.open_questions import CHATTER, LONGEST_QUESTION, without_staff_offer
from actions.own_details import tell
from actions.own_requests import Requests, agrees, open_ones, reschedule, withdraw
from actions.replies import ASK_THE_STAFF, Reply
from actions.turn import Turn
from actions.urgency import is_urgent, remember_danger, say_where_help_is
from clinic.readings.confirmations import is_waiting
from clinic.readings.staff_wishes import asks_for_a_person, leaves_word_for_staff

TALK_TO_HUMAN = "talk_to_human"
OPENINGS = {
    TALK_TO_HUMAN: "utter_talk_to_human",
    "reschedule_appointment": "utter_reschedule_appointment",
    "cancel_appointment": "utter_cancel_appointment",
}
LEAVES = {"stop": "utter_stop", "start_over": "utter_start_over"}
WISHES = frozenset({"reschedule_appointment", "cancel_appointment"})
SURE = 0.6
LONGEST_MESSAGE = 4000
_AGAIN = re.compile(r"\b(?:again|retry|resend|send|once more)\b", re.IGNORECASE)


def take_turn(memory: Memory, turn: Turn, requests: Requests = ()) -> Step:
    """One message while a message for the staff is being taken. It is stored as soon as the staff can answer it."""
    if turn.safety:
        return Step(replace(remember_danger(memory, turn), request_key=None), say_where_help_is(turn))
    reading = read_details(turn, memory.asked)
    if memory.asked is None:
        return _start(memory, turn, reading)
    leaving = None if reading.found else _leave(memory, turn, reading, requests)
    if leaving is None and memory.asked == CONFIRMATION:
        return _try_again(memory, turn, reading)
    return leaving or _go_on(memory, turn, reading)


def _leave(memory: Memory, turn: Turn, reading: Reading, requests: Requests) -> Step | None:
    if is_waiting(turn.text):
        return Step(memory, (Reply("utter_take_your_time"),), memory.asked)
    if _asks_again_for_a_person(memory, turn):
        return _tell_the_ways_to_a_person(memory, turn, reading)
    return _leave_surely(memory, turn, requests) if turn.confidence >= SURE else None


def _leave_surely(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    if turn.label in LEAVES:
        return Step(memory.without_request(), (Reply(LEAVES[turn.label]),))
    if turn.label == "deny" and NAMES_A_VISIT.search(turn.text):
        return Step(memory.without_request(), follow_up=APPOINTMENT_FORM)
    if turn.label == "deny":
        return Step(replace(memory, offer=STAFF_MESSAGE), (Reply("utter_contact_refused"),))
    return _leave_for_another_wish(memory, turn, requests)


def _leave_for_another_wish(memory: Memory, turn: Turn, requests: Requests) -> Step | None:
    if turn.label == "request_appointment":
        return Step(memory, follow_up=APPOINTMENT_FORM)
    if turn.label == "delete_my_data":
        return erasing.ask(memory, requests)
    if turn.label in WISHES and open_ones(requests):
        act = withdraw if turn.label == "cancel_appointment" else reschedule
        return act(memory.without_request(), turn, requests)
    return None


def _asks_again_for_a_person(memory: Memory, turn: Turn) -> bool:
    if memory.asked == CONFIRMATION or memory.language == "es":
        return False
    sure = turn.label == TALK_TO_HUMAN and turn.confidence >= SURE and not turn.candidates
    return asks_for_a_person(turn.text) or (sure and not leaves_word_for_staff(turn.text))


def _tell_the_ways_to_a_person(memory: Memory, turn: Turn, reading: Reading) -> Step:
    """The same wish again is no failed answer: how to reach a person now, and what the staff need to get back."""
    told = memory if asks_for_a_person(turn.text) else _with_words_added(memory, turn)
    return Step(replace(told, misses=0), (Reply("utter_person_again"), *_ask(told, reading)), memory.asked)


def _with_words_added(memory: Memory, turn: Turn) -> Memory:
    # What is too much stays in the conversation, which the staff read; a memory that only grows slows every turn.
    words = f"{memory.message_text or ''}\n{turn.text[:LONGEST_QUESTION]}".strip()
    return replace(memory, message_text=words[:LONGEST_MESSAGE])


def _start(memory: Memory, turn: Turn, reading: Reading) -> Step:
    if memory.after_safety and memory.request_key and turn.label == "reschedule_appointment":
        # "Can we finish the booking?" after an emergency means the request that it interrupted.
        return Step(memory, follow_up=APPOINTMENT_FORM)
    offered = _is_about_the_offer(memory, turn)
    leaves_word = _leaves_word(turn)
    if turn.candidates and not offered and not leaves_word:
        return Step(memory, tuple(ask_which(turn, memory)[0]))
    started = _with_subject(apply(memory, reading.found), turn, offered)
    if _missing(started) is None:
        # Who has just sent a message and writes on does not want to be asked again.
        sure = offered or memory.offer == SENT_TO_STAFF or {"phone", "email"}.intersection(reading.found)
        return Step(started, effect=Effect.STORE) if sure else _ask_before_sending(started, turn)
    opening = (
        "utter_staff_message_started"
        if offered or leaves_word
        else OPENINGS.get(turn.label, "utter_staff_message_started")
    )
    openings: tuple[Reply, ...] = () if started.language == "es" else (Reply(opening),)
    if openings and is_complaint(turn.text) and not memory.apologised:
        started = replace(started, apologised=True)
        openings = (Reply("utter_sorry_to_hear"), *openings)
    return Step(started, (*openings, *_ask(started, reading)), _missing(started))


def _is_about_the_offer(memory: Memory, turn: Turn) -> bool:
    """Whether the message takes up what was offered; a wish of its own is not to be sent under another subject."""
    if _is_tapped(turn):
        return memory.message_text is not None
    return memory.offer == STAFF_MESSAGE and turn.label not in WISHES


def _leaves_word(turn: Turn) -> bool:
    return not turn.chosen and leaves_word_for_staff(turn.text)


def _is_tapped(turn: Turn) -> bool:
    return turn.text == ASK_THE_STAFF.title


def _with_subject(memory: Memory, turn: Turn, offered: bool) -> Memory:
    # "Get me a person" after an insult is the message; the insult is not.
    talks_over = turn.label == TALK_TO_HUMAN and memory.topic in CHATTER and not _is_tapped(turn)
    own_words = not offered or talks_over or _leaves_word(turn)
    carried = memory if offered and not own_words else without_staff_offer(memory)
    return replace(
        carried,
        topic=_topic_of(memory, turn, offered) if own_words else memory.topic,
        message_text=turn.text[:LONGEST_QUESTION] if own_words else memory.message_text,
        language="es" if turn.language == "es" or (offered and memory.language == "es") else "en",
        # From the turn itself: when it is played again after a crash, the message is found and not stored twice.
        request_key=turn.turn_id,
        offer=None,
        after_safety=None,
        misses=0,
    )


def _topic_of(memory: Memory, turn: Turn, offered: bool) -> str:
    """What the staff read the message is about: "yes, and ask the doctor if ..." stays with what was offered."""
    about = turn.label in OPENINGS or turn.label.startswith(QUESTIONS)
    if not _leaves_word(turn):
        return turn.label
    if offered and memory.topic and (is_urgent(memory.topic) or not about):
        return memory.topic
    return turn.label if about else TALK_TO_HUMAN


def _ask_before_sending(memory: Memory, turn: Turn) -> Step:
    """Everything is known already, so one word could send it: ask first."""
    opening = () if _leaves_word(turn) else (Reply(OPENINGS.get(turn.label, "utter_talk_to_human")),)
    offered = replace(memory, offer=STAFF_MESSAGE, request_key=None)
    return Step(offered, (*opening, offer_of_staff(memory)))


def _try_again(memory: Memory, turn: Turn, reading: Reading) -> Step:
    """Everything is known, and storing it failed before: one word sends it, anything else is asked about."""
    updated = apply(memory, reading.found)
    if agrees(turn) or reading.found or _AGAIN.search(turn.text):
        return Step(updated, effect=Effect.STORE)
    replies, updated = aside(updated, turn, reading)
    return Step(updated, (*(replies or [Reply("utter_not_sent_yet")]), offer_of_staff(updated)), CONFIRMATION)


def _go_on(memory: Memory, turn: Turn, reading: Reading) -> Step:
    unclear = turn.label in ("inform", "out_of_scope") or turn.candidates or turn.confidence < SURE
    if memory.asked == CONTACT_NAME and not reading.found and memory.misses and unclear and could_be_a_name(turn.text):
        reading = Reading({CONTACT_NAME: " ".join(turn.text.split()).rstrip(".")})
    updated = replace(apply(memory, reading.found), misses=0 if reading.found else memory.misses + 1)
    if turn.label in WISHES and turn.confidence >= SURE and not turn.candidates:
        updated = replace(_with_words_added(updated, turn), topic=turn.label)
        opening = [Reply(OPENINGS[turn.label])]
    else:
        opening, updated = _beside(updated, turn, reading)
    if _missing(updated) is None and reading.found:
        return Step(updated, effect=Effect.STORE)
    return Step(updated, (*opening, *_ask(updated, reading)), _missing(updated))


def _beside(memory: Memory, turn: Turn, reading: Reading) -> tuple[list[Reply], Memory]:
    if memory.language == "es":
        return [], memory
    own = tell(memory, turn, ()) if not reading.found else None
    replies, memory = ([own], memory) if own else aside(memory, turn, reading)
    if replies or reading.problem:
        return replies, memory
    if reading.found:
        return [Reply("utter_details_noted", {"details_shown": shown_with_thanks(reading.found)})], memory
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
