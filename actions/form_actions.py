"""The two forms' validation: Rasa's form calls it once a turn, and it decides everything about that turn.

Storing happens here and not in an action after the form. If this server dies or the database is away, Rasa drops the
events of this one call, so the form still waits for the same answer and a later "yes" stores the request
(rasa/core/processor.py, `_run_action`). What is said is said after the commit, by the same call.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions import appointment, staff_message
from actions.backend import engine
from actions.details import CONFIRMATION, CONTACT
from actions.form_turn import Step
from actions.memory import JUST_STORED, Memory, changes, memory_of
from actions.replies import Reply, say
from actions.safety_flags import flag
from actions.turn import Turn, turn_of
from clinic.appointment_requests import NewAppointmentRequest, store_appointment_request
from clinic.staff_messages import ORDINARY, URGENT, NewStaffMessage, store_staff_message

logger = logging.getLogger(__name__)
OPEN_QUESTION = "open_question"
REQUESTED_SLOT = "requested_slot"


class _FormValidation(Action, ABC):
    """One message in a form: decide it, store if that is what it leads to, and say what is true afterwards."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Take the turn; the database is asked in a thread, so that other visitors do not wait for it."""
        turn = turn_of(tracker)
        before = memory_of(tracker, turn)
        step = self.decide(before, turn)
        if step.store:
            step = await asyncio.to_thread(self.store, step.memory, turn)
        return await _finish(dispatcher, before, step, turn)

    @abstractmethod
    def decide(self, memory: Memory, turn: Turn) -> Step:
        """What the message leads to."""

    @abstractmethod
    def store(self, memory: Memory, turn: Turn) -> Step:
        """Store what was confirmed; the step says whether that succeeded."""


class ValidateAppointmentForm(_FormValidation):
    """Takes an appointment request, turn by turn, and stores it on the visitor's "yes"."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "validate_appointment_form"

    def decide(self, memory: Memory, turn: Turn) -> Step:
        """Ask, take, read back."""
        return appointment.take_turn(memory, turn)

    def store(self, memory: Memory, turn: Turn) -> Step:
        """Store the request and the open question that travels with it."""
        return _store_request(memory, turn)


class ValidateStaffMessageForm(_FormValidation):
    """Takes a message for the staff and stores it as soon as the staff can answer it."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "validate_staff_message_form"

    def decide(self, memory: Memory, turn: Turn) -> Step:
        """Ask who it is from and how to answer."""
        return staff_message.take_turn(memory, turn)

    def store(self, memory: Memory, turn: Turn) -> Step:
        """Store the message."""
        return _store_message(memory, turn)


async def _finish(dispatcher: CollectingDispatcher, before: Memory, step: Step, turn: Turn) -> list[EventType]:
    say(dispatcher, step.replies)
    if turn.safety:
        say(dispatcher, await flag(turn))
    events = changes(before, step.memory)
    # Rasa takes a turn that sets no slot but the asked one for a rejected form, and lets other rules answer it first
    # (rasa/core/actions/forms.py, `validate`).
    events.append(SlotSet(CONFIRMATION, None))
    events.append(SlotSet(REQUESTED_SLOT, step.asked))
    if step.follow_up:
        events.append(FollowupAction(step.follow_up))
    return events


def _store_request(memory: Memory, turn: Turn) -> Step:
    key = f"{turn.conversation_id}:{memory.request_key}"
    request = NewAppointmentRequest(
        idempotency_key=key,
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        contact_name=memory.contact_name or "",
        phone=memory.phone,
        email=memory.email,
        preferred_time=memory.preferred_time or "",
        reason=memory.reason,
    )
    question = _open_question(memory, turn, key) if memory.open_questions else None
    try:
        stored = store_appointment_request(engine(), request, question)
    except SQLAlchemyError as error:
        logger.error("an appointment request could not be stored: %s", type(error).__name__)
        return Step(memory, (Reply("utter_not_stored"),), asked=CONFIRMATION)
    done = replace(memory.without_request(), offer=JUST_STORED)
    if stored.already_stored:
        return Step(done, (Reply("utter_request_already_stored"),))
    along = (Reply("utter_question_goes_along"),) if question else ()
    return Step(done, (Reply("utter_request_stored"), *along))


def _open_question(memory: Memory, turn: Turn, key: str) -> NewStaffMessage:
    return NewStaffMessage(
        idempotency_key=f"{key}:{OPEN_QUESTION}",
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        topic=OPEN_QUESTION,
        contact_name=memory.contact_name,
        phone=memory.phone,
        email=memory.email,
        text="\n".join(memory.open_questions),
    )


def _store_message(memory: Memory, turn: Turn) -> Step:
    topic = memory.topic or "talk_to_human"
    spanish = memory.language == "es"
    message = NewStaffMessage(
        idempotency_key=f"{turn.conversation_id}:{memory.request_key}",
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        topic=topic,
        urgency=URGENT if topic.startswith("safety/") else ORDINARY,
        language="es" if spanish else "en",
        contact_name=memory.contact_name,
        phone=memory.phone,
        email=memory.email,
        text="\n".join((memory.message_text or "", *memory.open_questions)).strip(),
    )
    try:
        store_staff_message(engine(), message)
    except SQLAlchemyError as error:
        logger.error("a message for the staff could not be stored: %s", type(error).__name__)
        asked = memory.asked or CONTACT
        return Step(memory, (Reply("utter_not_stored"),), asked=asked)
    reply = Reply("utter_staff_message_stored_spanish" if spanish else "utter_staff_message_stored")
    return Step(memory.without_request(), (reply,))
