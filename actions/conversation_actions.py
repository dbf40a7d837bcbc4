"""Questions, small talk, offers and doubts outside of the forms."""

import re
from abc import ABC, abstractmethod
from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import LONGEST_QUESTION, answer
from actions.between_requests import FORM_OF_OFFER, take_up
from actions.details import apply, read_details
from actions.form_turn import Step
from actions.memory import APPOINTMENT, STAFF_MESSAGE, Memory, changes, memory_of
from actions.replies import ASK_THE_STAFF, REQUEST_APPOINTMENT, Reply, say
from actions.turn import Turn, turn_of

OFFERS_A_PERSON = frozenset({"bot_challenge", "feedback_negative", "out_of_scope"})
FORGETS = frozenset({"start_over"})
NAMES_A_VISIT = re.compile(r"\b(?:appointment|appt|apt|appointments|booking|book|visit)\b", re.IGNORECASE)


class _Conversing(Action, ABC):
    """An action whose turn is first held against what is still open."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Take up what is open, or else decide for the message itself."""
        turn = turn_of(tracker)
        before = memory_of(tracker, turn)
        step = take_up(before, turn) or self.decide(before, turn)
        say(dispatcher, step.replies)
        events = changes(before, step.memory)
        if step.follow_up:
            events.append(FollowupAction(step.follow_up))
        return events

    @abstractmethod
    def decide(self, memory: Memory, turn: Turn) -> Step:
        """What this message leads to when nothing is open."""


class ActionAnswer(_Conversing):
    """Answers questions, covered or not."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_answer"

    def decide(self, memory: Memory, turn: Turn) -> Step:
        """One or two answers, and the form when the message also asks for a visit."""
        if turn.second_label == "request_appointment":
            # The form answers the question too, so that nothing is said twice.
            return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
        replies, after = answer(turn, memory)
        return Step(after, tuple(replies))


class ActionConverse(_Conversing):
    """Greetings, thanks, steering, and what is out of scope."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_converse"

    def decide(self, memory: Memory, turn: Turn) -> Step:
        """Answer in kind; ask which was meant when it is unclear; offer a person where that helps."""
        if turn.candidates:
            replies, after = answer(turn, memory)
            return Step(after, tuple(replies))
        if turn.label in FORGETS:
            return Step(Memory(), (Reply(f"utter_{turn.label}"),))
        if turn.label in ("deny", "stop"):
            return Step(memory.without_request(), (Reply(f"utter_{turn.label}"),))
        fresh = replace(memory, misses=0, offer=None)
        if turn.label in OFFERS_A_PERSON:
            fresh = replace(fresh, offer=STAFF_MESSAGE, topic=turn.label, message_text=turn.text[:LONGEST_QUESTION])
            return Step(fresh, (Reply(f"utter_{turn.label}", choices=(ASK_THE_STAFF,)),))
        choices = (REQUEST_APPOINTMENT, ASK_THE_STAFF) if turn.label in ("help", "greet") else ()
        return Step(fresh, (Reply(f"utter_{turn.label}", choices=choices),))


class ActionTakeUpOffer(_Conversing):
    """A bare "yes" or bare details, when no form is waiting for them."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_take_up_offer"

    def decide(self, memory: Memory, turn: Turn) -> Step:
        """Nothing was offered: keep the details and ask what they are for."""
        if turn.candidates:
            replies, after = answer(turn, memory)
            return Step(after, tuple(replies))
        kept = apply(memory, read_details(turn, None).found)
        if NAMES_A_VISIT.search(turn.text) and kept != memory:
            return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
        if turn.label == "affirm":
            return Step(kept, (Reply("utter_affirm", choices=(REQUEST_APPOINTMENT, ASK_THE_STAFF)),))
        kept = replace(kept, offer=APPOINTMENT)
        return Step(kept, (Reply("utter_inform", choices=(REQUEST_APPOINTMENT, ASK_THE_STAFF)),))


class ActionNotUnderstood(_Conversing):
    """What Rasa falls back to when no rule fits."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_not_understood"

    def decide(self, memory: Memory, turn: Turn) -> Step:
        """Say so, and offer the staff."""
        offered = replace(
            memory, offer=STAFF_MESSAGE, topic="not_understood", message_text=turn.text[:LONGEST_QUESTION]
        )
        return Step(offered, (Reply("utter_not_understood", choices=(ASK_THE_STAFF,)),))
