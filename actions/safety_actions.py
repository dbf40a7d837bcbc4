"""The first answer to anything that may be urgent, outside of a form."""

from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import changes, memory_of
from actions.replies import Reply, say
from actions.safety_flags import flag
from actions.turn import turn_of
from actions.urgency import help_is_coming, remember_danger, say_where_help_is


class ActionSafety(Action):
    """Says where help is, flags the turn, and keeps details for later without asking for any."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_safety"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Say the safety wording first; everything else comes after it."""
        given = turn_of(tracker)
        turn = replace(given, safety=given.safety or given.label)
        before = memory_of(tracker, turn)
        if before.after_safety and help_is_coming(turn.text):
            say(dispatcher, [Reply("utter_safety_follow_up")])
        else:
            say(dispatcher, say_where_help_is(turn))
        say(dispatcher, await flag(turn))
        return changes(before, remember_danger(before, turn))
