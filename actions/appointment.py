"""Taking an appointment request: what to ask, what to take, when to send. Pure logic, no storage and no wording."""

import re
import uuid
from dataclasses import dataclass, replace

from actions.answers import QUESTIONS, answer_within_form, questions_in
from actions.details import (
    CONFIRMATION,
    CONTACT,
    CONTACT_NAME,
    CORRECTION,
    PREFERRED_TIME,
    Reading,
    apply,
    read_details,
    shown,
    shown_phone,
)
from actions.memory import STAFF_MESSAGE, Memory
from actions.replies import CHANGE_IT, SEND_IT, Reply
from actions.turn import SMS, Turn

LEAVES = {"stop": "utter_stop", "cancel_appointment": "utter_stop", "start_over": "utter_start_over"}
GOES_TO_STAFF = frozenset({"talk_to_human", "delete_my_data", "reschedule_appointment"})
SMALL_TALK = frozenset(
    {"greet", "goodbye", "thanks", "bot_challenge", "help", "privacy_question", "feedback_negative", "out_of_scope"}
)
STAFF_FORM = "staff_message_form"
LONGEST_REASON = 500
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Step:
    """What a turn leads to: `memory` afterwards, `replies` in order, and at most one of the three ways to go on.

    `asked` is what is asked next, None when the form ends. `store` says that the visitor confirmed. `follow_up` names
    the action that takes over.
    """

    memory: Memory
    replies: tuple[Reply, ...] = ()
    asked: str | None = None
    store: bool = False
    follow_up: str | None = None


def take_turn(memory: Memory, turn: Turn) -> Step:
    """One message while the appointment form is active; `memory.asked` is None on the message that started it."""
    if turn.safety:
        return _drop_for_safety(memory, turn)
    if turn.language == "es":
        return _offer_spanish_call_back(memory, turn)
    reading = read_details(turn, memory.asked)
    if not reading.found:
        leaving = _leave(memory, turn)
        if leaving is not None:
            return leaving
    if memory.asked is None:
        return _start(memory, turn, reading)
    if memory.asked == CONFIRMATION and _confirms(turn, reading):
        return Step(memory, store=True, asked=CONFIRMATION)
    return _go_on(memory, turn, reading)


def next_question(memory: Memory) -> str:
    """The slot to ask for, in a fixed order; what is known is never asked again."""
    if not memory.contact_name:
        return CONTACT_NAME
    if not memory.reachable:
        return CONTACT
    if not memory.preferred_time:
        return PREFERRED_TIME
    return CONFIRMATION


def question(memory: Memory, asked: str) -> Reply:
    """The question for a slot; the read-back shows everything that would be sent."""
    if asked != CONFIRMATION:
        return Reply(f"utter_ask_{asked}")
    contact = [shown_phone(memory.phone)] if memory.phone else []
    contact += [memory.email] if memory.email else []
    variables = {
        "contact_name": memory.contact_name or "",
        "contact_shown": " or ".join(contact),
        "preferred_time": memory.preferred_time or "",
        "reason_shown": f" Reason: {memory.reason.rstrip('.')}." if memory.reason else "",
    }
    return Reply("utter_ask_confirmation", variables, (SEND_IT, CHANGE_IT))


def _drop_for_safety(memory: Memory, turn: Turn) -> Step:
    found = read_details(turn, None).found
    return Step(replace(apply(memory, found), after_safety=turn.safety), (Reply(f"utter_{turn.safety}"),))


def _offer_spanish_call_back(memory: Memory, turn: Turn) -> Step:
    offered = replace(
        memory.without_request(), offer=STAFF_MESSAGE, topic="call_back", message_text=turn.text, language="es"
    )
    return Step(offered, (Reply("utter_spanish"),))


def _leave(memory: Memory, turn: Turn) -> Step | None:
    if turn.label in LEAVES and memory.asked is not None:
        return Step(memory.without_request(), (Reply(LEAVES[turn.label]),))
    if turn.label in GOES_TO_STAFF and memory.asked is not None:
        return Step(memory.without_request(), follow_up=STAFF_FORM)
    if turn.label == "deny" and memory.asked == CONTACT:
        return Step(memory.without_request(), (Reply("utter_contact_refused"),))
    return None


def _start(memory: Memory, turn: Turn, reading: Reading) -> Step:
    resumed = memory.after_safety is not None
    started = apply(memory, reading.found)
    started = replace(
        started,
        after_safety=None,
        offer=None,
        misses=0,
        request_key=started.request_key or uuid.uuid4().hex,
        reason=started.reason or _reason(turn),
        open_questions=started.open_questions or _carried_question(memory),
        topic=None,
        message_text=None,
    )
    answers, started = answer_within_form(turn, started)
    opening = Reply("utter_appointment_resumed" if resumed else "utter_appointment_started")
    asked = next_question(started)
    return Step(started, (*answers, opening, *_ask(started, asked, reading)), asked)


def _go_on(memory: Memory, turn: Turn, reading: Reading) -> Step:
    corrected = {key: value for key, value in reading.found.items() if getattr(memory, key) not in (None, value)}
    updated = apply(memory, reading.found)
    answers, updated = _aside(updated, turn, reading)
    if memory.asked == CONFIRMATION and turn.label == "deny" and not reading.found:
        return Step(updated, (*answers, Reply("utter_ask_correction")), CORRECTION)
    asked = next_question(updated)
    replies: list[Reply] = list(answers)
    if corrected:
        replies.append(Reply("utter_details_changed", {"details_shown": shown(corrected)}))
    elif reading.found and asked != CONFIRMATION:
        replies.append(Reply("utter_details_noted", {"details_shown": shown(reading.found)}))
    elif not answers and not reading.found and reading.problem is None:
        replies.append(Reply("utter_detail_not_understood"))
    return Step(updated, (*replies, *_ask(updated, asked, reading)), asked)


def _ask(memory: Memory, asked: str, reading: Reading) -> tuple[Reply, ...]:
    # The wording of a problem is itself the question for that detail.
    if reading.problem is not None:
        return (Reply(reading.problem),)
    return (question(memory, asked),)


def _aside(memory: Memory, turn: Turn, reading: Reading) -> tuple[list[Reply], Memory]:
    """Whatever else the message was: a question beside a detail, or small talk instead of one."""
    if reading.found and not reading.leaves_a_question:
        return [], memory
    if questions_in(turn) and not turn.candidates:
        return answer_within_form(turn, memory)
    if reading.found or reading.problem or turn.label not in SMALL_TALK or turn.candidates:
        return [], memory
    return [Reply(f"utter_{turn.label}")], memory


def _confirms(turn: Turn, reading: Reading) -> bool:
    return turn.label == "affirm" and not reading.found and not turn.asks(*QUESTIONS)


def _reason(turn: Turn) -> str | None:
    """The visitor's own sentence about the place on their body, when the request itself names one."""
    site = turn.first_of("body_site")
    if site is None or turn.channel == SMS:
        return None
    about = next((sentence for sentence in _SENTENCE_END.split(turn.text) if site.text in sentence), turn.text)
    return about[:LONGEST_REASON].strip()


def _carried_question(memory: Memory) -> tuple[str, ...]:
    return (memory.message_text,) if memory.offer == STAFF_MESSAGE and memory.message_text else ()
