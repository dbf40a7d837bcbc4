"""Rows of the turn log made from the events of turns. Pure logic; every text in them is redacted."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from clinic.contact import NO_DETAILS
from conversations.answer_kinds import AnswerKinds
from conversations.redaction import redact
from conversations.slot_values import REQUESTED_SLOT, shown_value
from conversations.text_digest import text_digest
from conversations.turn_events import Event, FormChange, Message, Reset, SlotChange, TurnEvents, Utterance
from conversations.turn_outcomes import Said, turn_outcome

Row = dict[str, Any]

# `json.dumps` would make one for every value.
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_SECONDS_IN_HOUR = 3_600
_DIGITS_OF_WORDING = 8
# As wide as the columns are: a longer name than ours must not keep a conversation out of the log.
_WIDTHS = {"message_id": 100, "channel": 20, "language": 8, "label": 80, "second_label": 80, "safety": 80}


@dataclass(frozen=True)
class Known:
    """What a conversation holds between two turns, as far as it is shown: `slots` by name, personal ones as given."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    form: str | None = None
    requested_slot: str | None = None
    language: str = "en"
    ordinal: int = 0


@dataclass(frozen=True)
class Redaction:
    """How texts are redacted: `values` are this conversation's names and numbers, `allowed` those of the clinic."""

    values: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    def of(self, text: str, entities: Sequence[Mapping[str, Any]] = ()) -> str:
        """The text without what tells who somebody is."""
        return redact(text, self.values, entities, self.allowed) if text else text

    def of_title(self, title: str) -> str:
        """The title of a choice without what tells who somebody is; few titles are shown again and again."""
        return _redacted_title(title, self.values, self.allowed)


@lru_cache(maxsize=512)
def _redacted_title(title: str, values: tuple[str, ...], allowed: tuple[str, ...]) -> str:
    return redact(title, values, (), allowed)


def turn_row(turn: TurnEvents, known: Known, redaction: Redaction, kinds: AnswerKinds) -> tuple[Row, Known]:
    """The row of a turn without its conversation's id, and what is known after it.

    Args:
        turn: its events.
        known: what was known before it.
        redaction: how its texts are redacted.
        kinds: what kind of answer each response is.
    """
    before = _after_events(known, turn.before)
    after = _after_events(before, turn.after)
    message = turn.message
    # A tapped choice is in nobody's language.
    language = known.language if message.chosen else message.language
    answers = [event for event in turn.after if isinstance(event, Utterance)]
    outcome = turn_outcome(
        [_said(answer) for answer in answers],
        message.label,
        kinds,
        safety=message.safety is not None,
        in_form=bool(before.form or after.form),
    )
    row = _message_values(message, redaction) | {
        "ordinal": known.ordinal + 1,
        "language": language,
        "outcome": outcome,
        "responses": _json([_response(each, redaction) for each in _shown_utterances(turn)]),
        "slots": _json(dict(sorted(after.slots.items()))),
        "form": after.form,
        "requested_slot": after.requested_slot,
        "latency_ms": _latency(message, answers),
    }
    row |= {name: value[:width] for name, width in _WIDTHS.items() if (value := row[name])}
    return row, Known(after.slots, after.form, after.requested_slot, language, known.ordinal + 1)


def known_after(row: Any) -> Known:
    """What was known after a turn that is in the log."""
    return Known(json.loads(row.slots), row.form, row.requested_slot, row.language, row.ordinal)


def _after_events(known: Known, events: Iterable[Event]) -> Known:
    changes = [event for event in events if not isinstance(event, Utterance)]
    if not changes:
        return known
    slots, form, requested = dict(known.slots), known.form, known.requested_slot
    for event in changes:
        if isinstance(event, Reset):
            slots, requested = ({}, None) if event.slots else (slots, requested)
            form = None if event.form else form
        elif isinstance(event, FormChange):
            form = event.form and event.form[:40]
        elif isinstance(event, SlotChange) and event.slot == REQUESTED_SLOT:
            requested = str(event.value)[:40] if event.value else None
        elif isinstance(event, SlotChange):
            _set(slots, event)
    return Known(slots, form, requested, known.language, known.ordinal)


def _set(slots: dict[str, Any], change: SlotChange) -> None:
    shown = shown_value(change.slot, change.value)
    if shown is None:
        slots.pop(change.slot, None)
    else:
        slots[change.slot] = shown


def _message_values(message: Message, redaction: Redaction) -> Row:
    text = redaction.of(message.text, message.entities)
    return {
        "event_id": message.event_id,
        "message_id": message.message_id,
        "channel": message.channel,
        "started_at": datetime.fromtimestamp(message.said_at, timezone.utc),
        "hour": int(message.said_at // _SECONDS_IN_HOUR),
        "text": text,
        "text_digest": text_digest(text),
        "label": message.label,
        "confidence": message.confidence,
        "second_label": message.second_label,
        "safety": message.safety,
        "candidates": _json(list(message.candidates)),
        "ranking": _json([{"label": label, "confidence": confidence} for label, confidence in message.ranking]),
    }


def _shown_utterances(turn: TurnEvents) -> list[Utterance]:
    """What the visitor read: nothing stands before the answer to what is urgent (channels/output.py)."""
    events = turn.after if turn.message.safety else [*turn.before, *turn.after]
    return [event for event in events if isinstance(event, Utterance)]


def _said(utterance: Utterance) -> Said:
    return Said(utterance.response, utterance.failed, NO_DETAILS in utterance.text)


def _response(utterance: Utterance, redaction: Redaction) -> dict[str, Any]:
    return {
        "response": utterance.response,
        "version": _version(utterance),
        "facts": list(utterance.facts),
        "text": redaction.of(utterance.text) if utterance.personal else utterance.text,
        "choices": [redaction.of_title(title) for title in utterance.choices],
    }


def _version(utterance: Utterance) -> str:
    """The variation's id and, where its text is the wording alone, a digest that changes with the wording."""
    if utterance.personal:
        # The digest of a text with a phone number in it would give the number away.
        return utterance.variation
    digest = hashlib.sha256(utterance.text.encode("utf-8")).hexdigest()[:_DIGITS_OF_WORDING]
    return f"{utterance.variation}@{digest}"


def _latency(message: Message, answers: Iterable[Utterance]) -> int | None:
    last = max((answer.said_at for answer in answers), default=None)
    return None if last is None else max(0, round(1_000 * (last - message.said_at)))


def _json(value: Any) -> str:
    return _ENCODER.encode(value)
