"""Whole conversations against the real actions: a stand-in for Rasa's loop, on a real database, in one process.

What Rasa does between a message and the actions is small here: the rules of data/rules say which action begins, an
active form takes every message, a form ends when nothing is asked any more, a follow-up comes next, and the events of
an action that fails are dropped (rasa/core/processor.py, rasa/core/actions/forms.py). The label of a message is given;
understanding has tests of its own.
"""

import asyncio
import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache
from itertools import count
from types import SimpleNamespace
from typing import Any

import yaml
from rasa.shared.core.events import BotUttered
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.conversation_actions import (
    ActionAnswer,
    ActionConverse,
    ActionNotUnderstood,
    ActionOwnRequests,
    ActionTakeUpOffer,
)
from actions.form_actions import ValidateAppointmentForm, ValidateStaffMessageForm
from actions.replies import ERASED_MARK, Choice
from actions.safety_actions import ActionSafety
from actions.session_actions import ActionSessionStart
from channels.output import failure_response
from channels.wording import ClinicResponses
from clinic.settings import PROJECT_ROOT
from conversations.erasure import erase_transcript, finish_erasures
from tests.actions.clinic_records import ClinicRecords
from tests.actions.details_of import details_of

ACTIONS: dict[str, Action] = {
    action.name(): action
    for action in (
        ActionAnswer(),
        ActionConverse(),
        ActionNotUnderstood(),
        ActionOwnRequests(),
        ActionTakeUpOffer(),
        ActionSafety(),
        ActionSessionStart(),
        ValidateAppointmentForm(),
        ValidateStaffMessageForm(),
    )
}
FORMS = ("appointment_form", "staff_message_form")
NOT_VARIABLES = frozenset({"text", "buttons", "elements", "custom", "template", "response", "image", "attachment"})
FALLBACK = "action_not_understood"
NO_TURN = -1


class Trouble(Enum):
    """What goes wrong around one message."""

    NONE = "nothing"
    DATABASE_AWAY = "the database does not answer during this turn"
    REPLY_LOST = "the action server dies after it committed and before it replied"
    REDELIVERED = "the bot dies after the commit; the message is delivered again under the same id"
    SILENCE = "the message comes after more than an hour"


@dataclass(frozen=True)
class Message:
    """What a visitor sends and what it is understood as; no details are looked for in a tapped choice."""

    text: str
    label: str = "inform"
    confidence: float = 0.95
    second_label: str | None = None
    candidates: tuple[str, ...] = ()
    language: str = "en"
    is_typed: bool = True

    @property
    def safety(self) -> str | None:
        return self.label if self.label.startswith("safety/") else None


@dataclass(frozen=True)
class Said:
    """One utterance: the response, its wording as the visitor reads it, its variables and choices."""

    response: str
    text: str
    variables: dict[str, str]
    choices: tuple[Choice, ...]


@dataclass
class PlayedTurn:
    """What the visitor read in answer to a message, and what happened beside it."""

    said: list[Said] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    erased: bool = False
    failed: bool = False

    @property
    def responses(self) -> list[str]:
        return [utterance.response for utterance in self.said]


@lru_cache(maxsize=1)
def action_by_intent() -> dict[str, str]:
    """Which action begins for which intent outside of forms, from data/rules."""
    loaded = yaml.safe_load((PROJECT_ROOT / "data" / "rules" / "rules.yml").read_text(encoding="utf-8"))
    steps = [rule["steps"] for rule in loaded["rules"] if "intent" in rule["steps"][0]]
    return {str(first["intent"]): str(second["action"]) for first, second, *_ in steps}


@lru_cache(maxsize=1)
def wording() -> ClinicResponses:
    return ClinicResponses()


@cache
def entities_of(text: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(details_of(text))


class PlayedConversation:
    """One visitor's conversation: slots, the active form, and what was said, as Rasa's tracker holds them."""

    def __init__(self, records: ClinicRecords, channel: str = "web", sender_phone: str | None = None) -> None:
        self.records = records
        self.conversation_id = records.own_conversation
        self.channel = channel
        self.sender_phone = sender_phone
        self.slots: dict[str, Any] = {}
        self.active_form: str | None = None
        self._utterances: list[BotUttered] = []
        self._turn_ids = (f"turn-{number}" for number in count(1))
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    @property
    def asked(self) -> str | None:
        """The slot that an active form asks for."""
        return self.slots.get("requested_slot") if self.active_form else None

    def hear(self, message: Message, trouble: Trouble = Trouble.NONE) -> PlayedTurn:
        """Play one message to its end."""
        turn_id = next(self._turn_ids)
        if trouble is Trouble.REDELIVERED:
            self._play_and_die(message, turn_id)
        if trouble is Trouble.DATABASE_AWAY:
            with self.records.away():
                return self._loop.run_until_complete(self._play(message, turn_id, trouble))
        return self._loop.run_until_complete(self._play(message, turn_id, trouble))

    def _play_and_die(self, message: Message, turn_id: str) -> None:
        """Everything that the database holds stays, and nothing that the bot kept for the end of the turn."""
        with self._as_if_nothing_was_heard():
            self._loop.run_until_complete(self._play(message, turn_id, Trouble.NONE, erases=False))
        if self.records.has_open_erasure():
            finish_erasures(self.records.engine)
            self._forget()

    @contextmanager
    def _as_if_nothing_was_heard(self) -> Iterator[None]:
        kept = copy.deepcopy(self.slots), self.active_form, list(self._utterances)
        yield
        self.slots, self.active_form, self._utterances = kept

    def _forget(self) -> None:
        self.slots, self.active_form, self._utterances = {}, None, []

    async def _play(self, message: Message, turn_id: str, trouble: Trouble, erases: bool = True) -> PlayedTurn:
        turn = PlayedTurn()
        if trouble is Trouble.SILENCE:
            await self._begin_session(turn, message, turn_id)
        if message.safety:
            # As channels/output.py does when the message is heard.
            turn.said.clear()
        said_before = len(turn.said)
        action: str | None = self.active_form or action_by_intent().get(message.label.partition("/")[0], FALLBACK)
        while action is not None:
            action = await self._run(action, turn, message, turn_id, trouble)
        if len(turn.said) == said_before:
            turn.failed = True
            await self._utter(turn, failure_response(message.safety), (), {})
        if erases and any(ERASED_MARK in utterance.variables for utterance in turn.said):
            erase_transcript(self.records.engine, self.conversation_id, NO_TURN)
            turn.erased = True
            self._forget()
        return turn

    async def _begin_session(self, turn: PlayedTurn, message: Message, turn_id: str) -> None:
        events = await self._call(ACTIONS["action_session_start"], turn, message, turn_id, Trouble.NONE)
        assert events is not None
        self.slots, self.active_form = {}, None
        self._apply(events)

    async def _run(self, name: str, turn: PlayedTurn, message: Message, turn_id: str, trouble: Trouble) -> str | None:
        """Run one action or form; the name of the one that follows."""
        if name not in FORMS:
            return self._apply(await self._call(ACTIONS[name], turn, message, turn_id, trouble) or [])
        active_before, self.active_form = self.active_form, name
        events = await self._call(ACTIONS[f"validate_{name}"], turn, message, turn_id, trouble)
        if events is None:
            self.active_form = active_before
            return None
        follow_up = self._apply(events)
        assert self._sets_a_slot(events), "Rasa takes a turn that sets no slot for a rejected form"
        if self.slots.get("requested_slot") is None:
            self.active_form = None
        return follow_up

    @staticmethod
    def _sets_a_slot(events: list[dict[str, Any]]) -> bool:
        return any(event["event"] == "slot" and event["name"] != "requested_slot" for event in events)

    async def _call(
        self, action: Action, turn: PlayedTurn, message: Message, turn_id: str, trouble: Trouble
    ) -> list[dict[str, Any]] | None:
        """The action's events, with what it said put to the turn; None when both are lost."""
        dispatcher = CollectingDispatcher()
        before = self.records.fingerprint() if trouble is Trouble.REPLY_LOST else None
        try:
            events = await action.run(dispatcher, self._tracker(message, turn_id), {})
        except SQLAlchemyError:
            return None
        if before is not None and self.records.fingerprint() != before:
            turn.lost += [str(utterance["response"]) for utterance in dispatcher.messages]
            return None
        for utterance in dispatcher.messages:
            variables = {key: value for key, value in utterance.items() if key not in NOT_VARIABLES}
            choices = tuple(Choice(button["title"], button["payload"]) for button in utterance["buttons"])
            await self._utter(turn, utterance["response"], choices, variables)
        return [dict(event) for event in events]

    async def _utter(
        self, turn: PlayedTurn, response: str, choices: tuple[Choice, ...], variables: dict[str, str]
    ) -> None:
        heard: Any = SimpleNamespace(events=self._utterances)
        draft = await wording().generate(response, heard, self.channel, **variables)
        turn.said.append(Said(response, draft["text"], variables, choices))
        self._utterances.append(BotUttered(draft["text"]))

    def _apply(self, events: list[dict[str, Any]]) -> str | None:
        follow_up = None
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            if event["event"] == "followup":
                follow_up = str(event["name"])
        return follow_up

    def _tracker(self, message: Message, turn_id: str) -> Tracker:
        found = entities_of(message.text) if message.is_typed else ()
        latest = {
            "text": message.text,
            "message_id": turn_id,
            "metadata": {"sender_phone": self.sender_phone},
            "entities": [{"entity": kind, "text": words, "value": value} for kind, words, value in found],
            "understanding": {
                "label": message.label,
                "confidence": message.confidence,
                "second_label": message.second_label,
                "candidates": list(message.candidates),
                "safety": message.safety,
                "language": message.language,
            },
        }
        loop = {"name": self.active_form} if self.active_form else {}
        events = [{"event": "user", "input_channel": self.channel}]
        slots = copy.deepcopy(self.slots)
        return Tracker(self.conversation_id, slots, latest, events, False, None, loop, "action_listen")


def plain_words(text: str) -> set[str]:
    """The words of a text, for asking whether somebody said them."""
    return set(re.findall(r"[^\W_]+", text.casefold()))
