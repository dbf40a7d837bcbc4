"""Messages for the staff as they work on them: open, contacted, closed."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from clinic.request_changes import MessageChange, add_message_change
from clinic.staff_messages import StaffMessage
from clinic.staff_work import CLOSED, CONTACTED, OPEN, WorkKind

STATUSES = (OPEN, CONTACTED, CLOSED)
TO_DO = (OPEN, CONTACTED)


@dataclass(frozen=True)
class MessageInWork:
    """A message with all its details and what the staff put to it; `note` is private to them.

    `topic` is the label of what it is about. `text` is the visitor's own words, one thing a line, or None where they
    only asked to be called.
    """

    id: str
    conversation_id: str
    channel: str
    topic: str
    urgency: str
    language: str
    contact_name: str | None
    phone: str | None
    email: str | None
    text: str | None
    status: str
    version: int
    assignee: str | None
    note: str | None
    first_contact_at: datetime | None
    created_at: datetime
    updated_at: datetime


def _item(row: Any) -> MessageInWork:
    return MessageInWork(**{field.name: getattr(row, field.name) for field in fields(MessageInWork)})


def _may_become(_session: Session, _row: Any) -> tuple[str, ...]:
    return STATUSES


MESSAGES: WorkKind[MessageInWork] = WorkKind(
    table=StaffMessage,
    changes=MessageChange,
    subject="message_id",
    statuses=STATUSES,
    searched=("contact_name", "email"),
    item=_item,
    add_change=add_message_change,
    may_become=_may_become,
)
