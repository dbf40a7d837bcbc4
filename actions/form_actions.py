"""The two forms' validation: Rasa's form calls it once a turn, and it decides everything about that turn.

Storing happens here and not in an action after the form. If this server dies or the database is away, Rasa drops the
events of this one call, so the form still waits for the same answer and a later "yes" stores the request
(rasa/core/processor.py, `_run_action`). What is said is said after the commit, by the same call.
"""

import asyncio
from abc import ABC, abstractmethod

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import appointment, staff_message
from actions.details import CONFIRMATION
from actions.form_turn import Effect, Step
from actions.memory import Memory, changes, memory_of
from actions.own_requests import Requests
from actions.records import own_requests
from actions.replies import say, within_a_form
from actions.safety_flags import flag
from actions.storing import store_message, store_request
from actions.topics import about_its_topic
from actions.turn import Turn, turn_of

REQUESTED_SLOT = "requested_slot"
REFERS_TO_REQUESTS = frozenset({"delete_my_data", "cancel_appointment", "reschedule_appointment", "stop", "start_over"})
REFERS_BACK = "same"


class _FormValidation(Action, ABC):
    """One message in a form: decide it, store if that is what it leads to, and say what is true afterwards."""

    begins_with_requests = False

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Take the turn; the database is asked in a thread, so that other visitors do not wait for it."""
        heard = turn_of(tracker)
        before = memory_of(tracker, heard)
        turn, memory = about_its_topic(heard, before)
        step = self.decide(memory, turn, await self._requests_for(memory, turn))
        if step.effect is Effect.STORE:
            step = await asyncio.to_thread(self.store, step.memory, turn)
        return await _finish(dispatcher, before, step, turn)

    async def _requests_for(self, memory: Memory, turn: Turn) -> Requests:
        """What is stored already, where it matters: other turns do not wait for the database, nor fail with it."""
        refers = turn.label in REFERS_TO_REQUESTS or REFERS_BACK in turn.text.lower()
        begins = self.begins_with_requests and memory.asked is None
        return await asyncio.to_thread(own_requests, turn) if (refers or begins) and not turn.safety else ()

    @abstractmethod
    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """What the message leads to."""

    @abstractmethod
    def store(self, memory: Memory, turn: Turn) -> Step:
        """Store what was confirmed; the step says whether that succeeded."""


class ValidateAppointmentForm(_FormValidation):
    """Takes an appointment request, turn by turn, and stores it on the visitor's "yes"."""

    begins_with_requests = True

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "validate_appointment_form"

    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """Ask, take, read back."""
        return appointment.take_turn(memory, turn, requests)

    def store(self, memory: Memory, turn: Turn) -> Step:
        """Store the request and the open question that travels with it."""
        return store_request(memory, turn)


class ValidateStaffMessageForm(_FormValidation):
    """Takes a message for the staff and stores it as soon as the staff can answer it."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "validate_staff_message_form"

    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """Ask who it is from and how to answer."""
        return staff_message.take_turn(memory, turn, requests)

    def store(self, memory: Memory, turn: Turn) -> Step:
        """Store the message."""
        return store_message(memory, turn)


async def _finish(dispatcher: CollectingDispatcher, before: Memory, step: Step, turn: Turn) -> list[EventType]:
    say(dispatcher, map(within_a_form, step.replies) if step.asked else step.replies)
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
