"""The first answer to anything that may be urgent, outside of a form."""

from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.between_requests import take_up
from actions.memory import Memory, changes, memory_of
from actions.replies import Reply, say
from actions.safety_flags import flag
from actions.turn import Turn, turn_of
from actions.urgency import help_is_coming, remember_danger, say_where_help_is, says_they_are_well


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
        before = memory_of(tracker, given)
        if before.after_safety and says_they_are_well(given.text):
            return await self._over(dispatcher, before, given)
        if before.after_safety and help_is_coming(given.text):
            # Who is being driven to hospital is still in the danger of before, whatever the words were taken for.
            turn = replace(given, safety=before.after_safety)
            say(dispatcher, [Reply("utter_safety_follow_up")])
        else:
            turn = replace(given, safety=given.safety or given.label)
            say(dispatcher, say_where_help_is(turn))
        say(dispatcher, await flag(turn))
        return changes(before, remember_danger(before, turn))

    async def _over(self, dispatcher: CollectingDispatcher, before: Memory, given: Turn) -> list[EventType]:
        """ "I'm fine now, it was a panic attack" speaks of what is past. The staff still see it."""
        await flag(replace(given, safety=given.safety or given.label))
        step = take_up(before, replace(given, safety=None))
        if step is None:
            return []
        say(dispatcher, step.replies)
        events = changes(before, step.memory)
        if step.follow_up:
            events.append(FollowupAction(step.follow_up))
        return events
