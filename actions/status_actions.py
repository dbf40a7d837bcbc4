"""What a visitor may learn about the requests of their own conversation."""

import asyncio

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import LONGEST_QUESTION
from actions.backend import engine
from actions.memory import STAFF_MESSAGE
from actions.replies import ASK_THE_STAFF, Reply, say
from actions.turn import turn_of
from clinic.appointment_requests import requests_of_conversation


class ActionAppointmentStatus(Action):
    """Says what is recorded from this conversation and never looks beyond it, whatever name the message gives."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_appointment_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Read the requests of this conversation; the newest is the one that is meant."""
        turn = turn_of(tracker)
        requests = await asyncio.to_thread(requests_of_conversation, engine(), turn.conversation_id)
        if requests:
            say(dispatcher, [Reply("utter_appointment_status", {"preferred_time": requests[-1].preferred_time})])
            return [SlotSet("offer", None)]
        say(dispatcher, [Reply("utter_appointment_status_none", choices=(ASK_THE_STAFF,))])
        return [
            SlotSet("offer", STAFF_MESSAGE),
            SlotSet("topic", turn.label),
            SlotSet("message_text", turn.text[:LONGEST_QUESTION]),
        ]
