"""Beginning a session: after an hour of silence nothing half-made goes on by itself."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import APPOINTMENT, STAFF_MESSAGE
from actions.replies import Reply, say

CARRIED = ("contact_name", "phone", "email", "language")
CARRIED_WITH_A_REQUEST = (
    "patient_name",
    "patient_relation",
    "also_for",
    "preferred_time",
    "reason",
    "request_key",
    "open_questions",
)
CARRIED_WITH_A_MESSAGE = ("topic", "message_text", "open_questions")
LEFT_OPEN = {
    "appointment_form": (CARRIED_WITH_A_REQUEST, APPOINTMENT, "utter_form_expired"),
    "staff_message_form": (CARRIED_WITH_A_MESSAGE, STAFF_MESSAGE, "utter_staff_form_expired"),
}


class ActionSessionStart(Action):
    """Replaces Rasa's own, which carries the asked slot but not the form, so that the next answer is misread."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_session_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Keep who the visitor is; say so when a form was left open, and offer to go on with it."""
        left_open = LEFT_OPEN.get((tracker.active_loop or {}).get("name") or "")
        carried = CARRIED + left_open[0] if left_open else CARRIED
        events: list[EventType] = [SessionStarted()]
        events += [SlotSet(name, tracker.get_slot(name)) for name in carried if tracker.get_slot(name) is not None]
        if left_open:
            say(dispatcher, [Reply(left_open[2])])
            events.append(SlotSet("offer", left_open[1]))
        events.append(ActionExecuted("action_listen"))
        return events
