"""What a conversation remembers between turns: the slots, read into one value and written back as changes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.turn import Turn

# What `offer` may hold: what a bare "yes" would take up.
STAFF_MESSAGE = "staff_message"
APPOINTMENT = "appointment"
JUST_STORED = "just_stored"
ANOTHER_REQUEST = "another_request"
SECOND_OR_CHANGE = "second_or_change"
NEW_TIME = "new_time"
CHANGE = "change"
WITHDRAWAL = "withdrawal"
ERASURE = "erasure"
EASY_TIME = "easy_time"
SENT_TO_STAFF = "sent_to_staff"
EMAIL_INSTEAD = "email_instead"
DEEDS = frozenset({NEW_TIME, CHANGE, WITHDRAWAL, ERASURE})


Person = tuple[str, str | None]
"""Somebody a visit is for: what they are to the contact, and their name where it is known."""


@dataclass(frozen=True)
class Memory:
    """The slots that the actions use. `asked` is the slot a form is asking for, None outside of forms.

    `phone` is E.164, empty where the visitor does not want to be called; `preferred_time`, `reason`, `message_text` and
    `open_questions` are the visitor's own words. `patient_name` and `patient_relation` are set where the visit is for
    somebody else, `also_for` are those who still need a request of their own. `target_request` is the stored request
    that an offer is about, `pending_change` what would change in it: pairs of field and value, empty to take it away.
    `about` is the condition that was answered about last, where the clinic has a page on several (actions/topics.py).
    """

    contact_name: str | None = None
    patient_name: str | None = None
    patient_relation: str | None = None
    also_for: tuple[Person, ...] = ()
    phone: str | None = None
    email: str | None = None
    preferred_time: str | None = None
    reason: str | None = None
    request_key: str | None = None
    topic: str | None = None
    message_text: str | None = None
    open_questions: tuple[str, ...] = ()
    offer: str | None = None
    target_request: str | None = None
    pending_change: tuple[tuple[str, str], ...] = ()
    apologised: bool = False
    after_safety: str | None = None
    language: str | None = None
    misses: int = 0
    about: str | None = None
    asked: str | None = None

    @property
    def reachable(self) -> bool:
        """Whether the clinic could get in touch."""
        return bool(self.phone or self.email)

    def without_request(self) -> "Memory":
        """The same memory with everything that belonged to a request or message gone; who the visitor is stays."""
        return replace(
            self,
            patient_name=None,
            patient_relation=None,
            also_for=(),
            preferred_time=None,
            reason=None,
            request_key=None,
            topic=None,
            message_text=None,
            open_questions=(),
            offer=None,
            target_request=None,
            pending_change=(),
            asked=None,
        )

    def without_offer(self) -> "Memory":
        """The same memory with nothing on offer."""
        return replace(self, offer=None, target_request=None, pending_change=())


def memory_of(tracker: Tracker, turn: Turn) -> Memory:
    """Read the slots. On SMS the number that a visitor writes from is known without asking."""
    slots: Mapping[str, Any] = tracker.slots
    values: dict[str, Any] = {field.name: slots.get(field.name) for field in fields(Memory)}
    active = bool((tracker.active_loop or {}).get("name"))
    values["open_questions"] = tuple(values["open_questions"] or ())
    values["also_for"] = tuple((relation, name) for relation, name in values["also_for"] or ())
    values["pending_change"] = tuple((str(field), str(value)) for field, value in values["pending_change"] or ())
    values["apologised"] = bool(values["apologised"])
    values["misses"] = int(values["misses"] or 0)
    # An empty one was declined: "use my e-mail instead".
    values["phone"] = turn.sender_phone if values["phone"] is None else values["phone"]
    values["asked"] = slots.get("requested_slot") if active else None
    return Memory(**values)


def changes(before: Memory, after: Memory) -> list[EventType]:
    """The slot events that turn one memory into the other."""
    events: list[EventType] = []
    for field in fields(Memory):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name != "asked" and old != new:
            events.append(SlotSet(field.name, [*new] if isinstance(new, tuple) else new))
    return events
