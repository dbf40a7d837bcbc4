"""One message of a visitor as the actions see it."""

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

SMS = "sms"


@dataclass(frozen=True)
class Detail:
    """Something found in a message: `kind` is person, phone, email, time or body_site."""

    kind: str
    text: str
    value: str


@dataclass(frozen=True)
class Turn:
    """What was said and what it was taken to mean. `turn_id` is the same when a message is delivered again.

    `chosen` is true where the visitor tapped a choice, so that `label` is what they meant and no guess.
    """

    conversation_id: str
    turn_id: str
    channel: str
    text: str
    label: str
    confidence: float
    second_label: str | None
    candidates: tuple[str, ...]
    safety: str | None
    language: str
    details: tuple[Detail, ...]
    sender_phone: str | None
    chosen: bool = False

    def first_of(self, kind: str) -> Detail | None:
        """The first detail of a kind, if there is one."""
        return next((detail for detail in self.details if detail.kind == kind), None)

    def asks(self, *prefixes: str) -> str | None:
        """The first of the message's labels that begins with one of the prefixes."""
        labels = (self.label, self.second_label)
        return next((label for label in labels if label and label.startswith(prefixes)), None)


def turn_of(tracker: Tracker) -> Turn:
    """Read the latest message. A message that was never understood, as in a fault, counts as out of scope."""
    message: dict[str, Any] = tracker.latest_message or {}
    understanding: dict[str, Any] = message.get("understanding") or {}
    metadata: dict[str, Any] = message.get("metadata") or {}
    return Turn(
        conversation_id=tracker.sender_id,
        turn_id=str(message.get("message_id") or metadata.get("turn_id") or ""),
        channel=tracker.get_latest_input_channel() or "web",
        text=message.get("text") or "",
        label=understanding.get("label") or "out_of_scope",
        confidence=float(understanding.get("confidence") or 0.0),
        second_label=understanding.get("second_label"),
        candidates=tuple(understanding.get("candidates") or ()),
        safety=understanding.get("safety"),
        language=understanding.get("language") or "en",
        details=tuple(
            Detail(str(entity["entity"]), str(entity.get("text") or entity["value"]), str(entity["value"]))
            for entity in message.get("entities") or ()
        ),
        sender_phone=metadata.get("sender_phone"),
        chosen=bool(understanding.get("chosen")),
    )
