"""The events of a conversation read one by one and put together into turns. Pure logic."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations.event_rows import (
    BOT,
    FORM,
    RESTARTED,
    SESSION_START_ACTION,
    SESSION_STARTED,
    SLOT,
    SLOTS_RESET,
    USER,
)

# Marks of an utterance: channels/output.py sets the first, the rest are Rasa's.
TURN_FAILED_MARK = "turn_failed"
_NO_VARIABLES = frozenset(
    {"id", "metadata", "utter_action", "template", "model_id", "assistant_id", TURN_FAILED_MARK, "conversation_erased"}
)


class UnreadableEventError(ValueError):
    """A stored event is not what Rasa stores; the message names its id and its type."""


@dataclass(frozen=True)
class Message:
    """What a visitor wrote or chose, and how it was understood. `said_at` is in seconds since 1970.

    `chosen` tells a choice that was tapped from a text; nothing had to be understood then, and `ranking` is empty.
    """

    event_id: int
    said_at: float
    text: str
    message_id: str
    channel: str
    language: str
    label: str
    confidence: float | None
    second_label: str | None
    candidates: tuple[str, ...]
    safety: str | None
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Mapping[str, Any], ...]
    chosen: bool


@dataclass(frozen=True)
class Utterance:
    """What the assistant said. `personal` tells that the text may hold what the visitor gave."""

    said_at: float
    response: str
    variation: str
    facts: tuple[str, ...]
    text: str
    choices: tuple[str, ...]
    personal: bool
    failed: bool


@dataclass(frozen=True)
class SlotChange:
    """A slot got a value; None takes it away."""

    slot: str
    value: Any


@dataclass(frozen=True)
class FormChange:
    """A form began, or with None the one that ran ended."""

    form: str | None


@dataclass(frozen=True)
class Reset:
    """The slots are forgotten, or the form that ran, or both. `begins` tells that a new session begins here."""

    slots: bool
    form: bool
    begins: bool = False


Event = Message | Utterance | SlotChange | FormChange | Reset


@dataclass
class TurnEvents:
    """The events of one turn. `before` happened on the way to the message: a new session that was begun for it."""

    message: Message
    before: list[Event] = field(default_factory=list)
    after: list[Event] = field(default_factory=list)


def read_event(row: Any) -> Event:
    """An event from its row in the table.

    Raises:
        UnreadableEventError: it is not what Rasa stores.
    """
    if row.type_name == "action" and row.action_name == SESSION_START_ACTION:
        # The session that it started resets what there was; should the action have failed, nothing was reset.
        return Reset(slots=False, form=False, begins=True)
    try:
        return _READERS[row.type_name](row.id, json.loads(row.data))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableEventError(f"event {row.id} of type {row.type_name}") from error


def turns_in(events: Iterable[Event]) -> list[TurnEvents]:
    """The events put together into turns, oldest first; those before the first turn and its session are left out."""
    turns: list[TurnEvents] = []
    waiting: list[Event] | None = None
    for event in events:
        if isinstance(event, Message):
            turns.append(TurnEvents(event, before=waiting or []))
            waiting = None
        elif isinstance(event, Reset) and event.begins and waiting is None:
            waiting = [event]
        elif waiting is not None:
            waiting.append(event)
        elif turns:
            turns[-1].after.append(event)
    return turns


def storable(text: str) -> str:
    """The text without what a database or a page cannot take: NUL characters and lone surrogates."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _message(event_id: int, data: dict[str, Any]) -> Message:
    parse_data = data["parse_data"]
    # Events from before there was an understanding of our own have the intent alone.
    intent = parse_data.get("intent") or {}
    understood = parse_data.get("understanding") or {}
    ranking = tuple(
        (storable(str(each["name"])), float(each["confidence"])) for each in parse_data.get("intent_ranking") or ()
    )
    # What understands texts ranks several labels; a choice has just the one it stands for (channels/choices.py).
    chosen = len(ranking) < 2 and understood.get("confidence") == 1.0
    return Message(
        event_id=event_id,
        said_at=_moment(data),
        text=storable(str(data["text"] or "")),
        message_id=storable(str(data.get("message_id") or "")),
        channel=storable(str(data.get("input_channel") or "unknown")),
        language=storable(str(understood.get("language") or "en")),
        label=storable(str(understood.get("label") or intent.get("name") or "unknown")),
        confidence=_number(understood.get("confidence", intent.get("confidence"))),
        second_label=_text_or_none(understood.get("second_label")),
        candidates=tuple(storable(str(label)) for label in understood.get("candidates") or ()),
        safety=_text_or_none(understood.get("safety")),
        ranking=() if chosen else ranking,
        entities=tuple(parse_data.get("entities") or ()),
        chosen=chosen,
    )


def _utterance(_event_id: int, data: dict[str, Any]) -> Utterance:
    metadata = data.get("metadata") or {}
    response = storable(str(metadata.get("utter_action") or ""))
    facts = (metadata.get("metadata") or {}).get("facts") or ()
    buttons = (data.get("data") or {}).get("buttons") or ()
    return Utterance(
        said_at=_moment(data),
        response=response,
        variation=storable(str(metadata.get("id") or "")),
        facts=tuple(storable(str(fact)) for fact in facts),
        text=storable(str(data.get("text") or "")),
        choices=tuple(storable(str(button["title"])) for button in buttons),
        # Approved wording without variables holds nothing of the visitor's.
        personal=not response or not _NO_VARIABLES.issuperset(metadata),
        failed=bool(metadata.get(TURN_FAILED_MARK)),
    )


def _slot_change(_event_id: int, data: dict[str, Any]) -> SlotChange:
    return SlotChange(storable(str(data["name"])), _storable_value(data["value"]))


def _form_change(_event_id: int, data: dict[str, Any]) -> FormChange:
    return FormChange(_text_or_none(data["name"]))


def _session_started(_event_id: int, _data: dict[str, Any]) -> Reset:
    return Reset(slots=True, form=True, begins=True)


def _restarted(_event_id: int, _data: dict[str, Any]) -> Reset:
    return Reset(slots=True, form=True)


def _slots_reset(_event_id: int, _data: dict[str, Any]) -> Reset:
    return Reset(slots=True, form=False)


_READERS: dict[str, Callable[[int, dict[str, Any]], Event]] = {
    USER: _message,
    BOT: _utterance,
    SLOT: _slot_change,
    FORM: _form_change,
    SESSION_STARTED: _session_started,
    RESTARTED: _restarted,
    SLOTS_RESET: _slots_reset,
}


def _moment(data: Mapping[str, Any]) -> float:
    moment = float(data["timestamp"])
    # Up to the year 9999, which is as far as a date goes.
    if not 0 <= moment < 253_402_300_800:
        raise ValueError("no moment in time")
    return moment


def _number(value: Any) -> float | None:
    number = None if value is None else float(value)
    return number if number is None or math.isfinite(number) else None


def _text_or_none(value: Any) -> str | None:
    return storable(str(value)) if value else None


def _storable_value(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable_value(each) for each in value]
    return value
