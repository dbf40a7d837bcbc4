"""Questions, small talk, offers and doubts outside of the forms."""

import asyncio
import re
from abc import ABC, abstractmethod
from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import erasing
from actions.answers import answer, ask_which, offering_the_staff
from actions.between_requests import FORM_OF_OFFER, OWN_WISHES, needs_requests, take_up
from actions.details import FEWEST_DIGITS, GIVES_A_PERSON, PATIENT_RELATION, apply, read_details
from actions.form_turn import NAMES_A_VISIT, Step, is_complaint
from actions.memory import APPOINTMENT, DEEDS, STAFF_MESSAGE, Memory, changes, memory_of
from actions.open_questions import declined, without_staff_offer
from actions.own_requests import Requests, reschedule, status, withdraw
from actions.records import own_requests, perform
from actions.replies import ASK_THE_STAFF, REQUEST_APPOINTMENT, Reply, say
from actions.topics import about_its_topic
from actions.turn import Turn, turn_of
from clinic.readings.staff_wishes import leaves_word_for_staff

OFFERS_A_PERSON = frozenset({"bot_challenge", "out_of_scope", "privacy_question"})
FORGETS = frozenset({"start_over"})
SURE = 0.7
SURE_OF_NO = 0.6
KEEPS_THE_OFFER = frozenset({"greet", "help"})
BEGINS_WITH_A_VISIT = re.compile(
    r"\W*(?:(?:i )?(?:need|want)|book|can i (?:get|have)|make)?(?: me)?(?: an?| the)? ?"
    r"(?:appointment|appt|apt|booking)\b",
    re.IGNORECASE,
)
ASKS_STATUS = re.compile(r"\bstatus\b", re.IGNORECASE)


class _Conversing(Action, ABC):
    """An action whose turn is first held against what is still open."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, object]
    ) -> list[EventType]:
        """Take up what is open, or else decide for the message itself."""
        heard = turn_of(tracker)
        before = memory_of(tracker, heard)
        turn, memory = about_its_topic(heard, before)
        requests = await asyncio.to_thread(own_requests, turn) if needs_requests(memory, turn) else []
        step = take_up(memory, turn, requests) or _whatever_the_label(memory, turn)
        step = step or self.decide(memory, turn, requests)
        if step.effect is not None:
            step = await asyncio.to_thread(perform, step, turn)
        say(dispatcher, step.replies)
        events = changes(before, step.memory)
        if step.follow_up:
            events.append(FollowupAction(step.follow_up))
        return events

    @abstractmethod
    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """What this message leads to when nothing is open."""


def _whatever_the_label(memory: Memory, turn: Turn) -> Step | None:
    """What the words alone say: word left for the staff; where understanding is unsure, a visit, or a mere number."""
    if turn.text.strip().isdigit() and len(turn.text.strip()) < FEWEST_DIGITS:
        replies, after = ask_which(replace(turn, candidates=()), memory)
        return Step(after, tuple(replies))
    wishes_more = turn.label in OWN_WISHES or turn.second_label == REQUEST_APPOINTMENT.label
    if leaves_word_for_staff(turn.text) and not turn.safety and not wishes_more:
        return Step(memory, follow_up=FORM_OF_OFFER[STAFF_MESSAGE])
    unsure = turn.confidence < SURE and not turn.safety and "?" not in turn.text
    if unsure and BEGINS_WITH_A_VISIT.match(turn.text):
        return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
    return None


class ActionAnswer(_Conversing):
    """Answers questions, covered or not."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_answer"

    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """One or two answers, and the form when the message also asks for a visit."""
        given = read_details(turn, None).found
        for_somebody = PATIENT_RELATION in given and NAMES_A_VISIT.search(turn.text) and not turn.candidates
        if turn.second_label == "request_appointment" or for_somebody:
            # The form answers the question too, so that nothing is said twice.
            return Step(memory, follow_up=FORM_OF_OFFER[APPOINTMENT])
        person = {name: value for name, value in given.items() if name in GIVES_A_PERSON}
        replies, after = answer(turn, apply(memory, person))
        return Step(after, tuple(replies))


class ActionConverse(_Conversing):
    """Greetings, thanks, steering, and what is out of scope."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_converse"

    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """Answer in kind; ask which was meant when it is unclear; offer a person where that helps."""
        if turn.candidates:
            replies, after = answer(turn, memory)
            return Step(after, tuple(replies))
        if turn.label in FORGETS:
            return Step(Memory(), (Reply(f"utter_{turn.label}"),))
        if turn.label in ("deny", "stop") and turn.confidence >= SURE_OF_NO:
            after = declined(memory) if turn.label == "deny" else memory.without_request()
            return Step(after, (Reply(f"utter_{turn.label}"),))
        if turn.label in ("deny", "stop"):
            # An unsure "no" must not drop what was offered: "is that normal".
            replies, after = ask_which(turn, memory)
            return Step(after, tuple(replies))
        return self._answer_in_kind(memory, turn)

    def _answer_in_kind(self, memory: Memory, turn: Turn) -> Step:
        if turn.label == "feedback_negative":
            return _sorry_once(memory, turn)
        if turn.label == "out_of_scope" and is_complaint(turn.text):
            return _sorry_to_hear(memory, turn)
        keeps = turn.label in KEEPS_THE_OFFER and memory.offer not in DEEDS
        fresh = memory if keeps else replace(without_staff_offer(memory), misses=0)
        if turn.label in OFFERS_A_PERSON:
            return Step(
                offering_the_staff(fresh, turn, turn.label), (Reply(f"utter_{turn.label}", choices=(ASK_THE_STAFF,)),)
            )
        choices = (REQUEST_APPOINTMENT, ASK_THE_STAFF) if turn.label in ("help", "greet") else ()
        return Step(fresh, (Reply(f"utter_{turn.label}", choices=choices),))


def _sorry_once(memory: Memory, turn: Turn) -> Step:
    """One apology; whoever complains again is offered a person without another word about it."""
    offered = replace(offering_the_staff(memory, turn, turn.label), misses=0, apologised=True)
    response = "utter_feedback_again" if memory.apologised else "utter_feedback_negative"
    return Step(offered, (Reply(response, choices=(ASK_THE_STAFF,)),))


def _sorry_to_hear(memory: Memory, turn: Turn) -> Step:
    """A complaint about the clinic is no matter for a program: one word of regret, and the way to the staff."""
    offered = replace(offering_the_staff(memory, turn, "talk_to_human"), misses=0, apologised=True)
    regret = () if memory.apologised else (Reply("utter_sorry_to_hear"),)
    return Step(offered, (*regret, Reply("utter_offer_message", choices=(ASK_THE_STAFF,))))


class ActionOwnRequests(_Conversing):
    """Status, another time, taking back, deleting: for the requests and data of this conversation alone."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_own_requests"

    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """Whatever name or number the message gives, only the requests of this conversation are looked at."""
        if turn.candidates:
            replies, after = answer(turn, memory)
            return Step(after, tuple(replies))
        if turn.label == "delete_my_data":
            return erasing.ask(memory, requests)
        if turn.label == "appointment_status" and is_complaint(turn.text):
            return _sorry_to_hear(memory, turn)
        acts = {"cancel_appointment": withdraw, "reschedule_appointment": reschedule}
        return acts.get(turn.label, status)(memory, turn, requests)


class ActionTakeUpOffer(_Conversing):
    """A bare "yes" or bare details, when no form is waiting for them."""

    def name(self) -> str:
        """The name Rasa calls it by."""
        return "action_take_up_offer"

    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """Nothing was offered: keep the details and ask what they are for."""
        if turn.candidates:
            replies, after = answer(turn, memory)
            return Step(after, tuple(replies))
        if ASKS_STATUS.search(turn.text):
            return status(memory, turn, requests)
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

    def decide(self, memory: Memory, turn: Turn, requests: Requests) -> Step:
        """Say so, and offer the staff."""
        offered = offering_the_staff(memory, turn, "not_understood")
        return Step(offered, (Reply("utter_not_understood", choices=(ASK_THE_STAFF,)),))
