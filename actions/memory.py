"""What a conversation remembers between turns: the slots, read into one value and written back as changes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.turn import Turn

STAFF_MESSAGE = "staff_message"
APPOINTMENT = "appointment"
JUST_STORED = "just_stored"


@dataclass(frozen=True)
class Memory:
    """The slots that the actions use. `asked` is the slot a form is asking for, None outside of forms.

    `phone` is E.164; `preferred_time`, `reason`, `message_text` and `open_questions` are the visitor's own words.
    """

    contact_name: str | None = None
    phone: str | None = None
    email: str | None = None
    preferred_time: str | None = None
    reason: str | None = None
    request_key: str | None = None
    topic: str | None = None
    message_text: str | None = None
    open_questions: tuple[str, ...] = ()
    offer: str | None = None
    after_safety: str | None = None
    language: str | None = None
    misses: int = 0
    asked: str | None = None

    @property
    def reachable(self) -> bool:
        """Whether the clinic could get in touch."""
        return bool(self.phone or self.email)

    def without_request(self) -> "Memory":
        """The same memory with everything that belonged to a request or message gone; who the visitor is stays."""
        return replace(
            self,
            preferred_time=None,
            reason=None,
            request_key=None,
            topic=None,
            message_text=None,
            open_questions=(),
            offer=None,
            asked=None,
        )


def memory_of(tracker: Tracker, turn: Turn) -> Memory:
    """Read the slots. On SMS the number that a visitor writes from is known without asking."""
    slots: Mapping[str, Any] = tracker.slots
    values: dict[str, Any] = {field.name: slots.get(field.name) for field in fields(Memory)}
    active = bool((tracker.active_loop or {}).get("name"))
    values["open_questions"] = tuple(values["open_questions"] or ())
    values["misses"] = int(values["misses"] or 0)
    values["phone"] = values["phone"] or turn.sender_phone
    values["asked"] = slots.get("requested_slot") if active else None
    return Memory(**values)


def changes(before: Memory, after: Memory) -> list[EventType]:
    """The slot events that turn one memory into the other."""
    events: list[EventType] = []
    for field in fields(Memory):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name != "asked" and old != new:
            events.append(SlotSet(field.name, list(new) if isinstance(new, tuple) else new))
    return events
