"""The first answer to anything that may be urgent, outside of a form."""

from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import LONGEST_QUESTION
from actions.between_requests import is_getting_help
from actions.details import apply, read_details
from actions.memory import STAFF_MESSAGE, changes, memory_of
from actions.replies import Reply, say
from actions.safety_flags import HELP_NOW, flag
from actions.turn import turn_of


class ActionSafety(Action):
    """Says where help is, flags the turn, and keeps details for later without asking for any."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_safety"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Say the safety wording first; everything else comes after it."""
        turn = turn_of(tracker)
        before = memory_of(tracker, turn)
        if before.after_safety and is_getting_help(turn.text):
            say(dispatcher, [Reply("utter_safety_follow_up")])
            return []
        label = turn.safety or turn.label
        if turn.language == "es":
            say(dispatcher, [Reply("utter_safety_language")])
        say(dispatcher, [Reply(f"utter_{label}")])
        say(dispatcher, await flag(replace(turn, safety=label)))
        after = replace(
            apply(before, read_details(turn, None).found), after_safety=label if label in HELP_NOW else None
        )
        if label not in HELP_NOW:
            after = replace(after, offer=STAFF_MESSAGE, topic=label, message_text=turn.text[:LONGEST_QUESTION])
        return changes(before, after)
