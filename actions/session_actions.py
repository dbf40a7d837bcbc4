"""Beginning a session: after an hour of silence nothing half-made goes on by itself."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import APPOINTMENT
from actions.replies import Reply, say

CARRIED = ("contact_name", "phone", "email", "language")
CARRIED_WITH_A_FORM = ("preferred_time", "reason", "request_key", "open_questions")


class ActionSessionStart(Action):
    """Replaces Rasa's own, which carries the asked slot but not the form, so that the next answer is misread."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_session_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Keep who the visitor is; say so when a form was left open, and offer to go on with it."""
        left_open = (tracker.active_loop or {}).get("name") == "appointment_form"
        carried = CARRIED + CARRIED_WITH_A_FORM if left_open else CARRIED
        events: list[EventType] = [SessionStarted()]
        events += [SlotSet(name, tracker.get_slot(name)) for name in carried if tracker.get_slot(name) is not None]
        if left_open:
            say(dispatcher, [Reply("utter_form_expired")])
            events.append(SlotSet("offer", APPOINTMENT))
        events.append(ActionExecuted("action_listen"))
        return events
