"""Messages for the staff as they work on them: open, contacted, closed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from clinic.request_changes import MessageChange, add_message_change
from clinic.staff_messages import StaffMessage
from clinic.staff_work import CLOSED, CONTACTED, OPEN, WorkItem, WorkKind

STATUSES = (OPEN, CONTACTED, CLOSED)
TO_DO = (OPEN, CONTACTED)


@dataclass(frozen=True)
class MessageInWork(WorkItem):
    """A message with all its details.

    `topic` is the label of what it is about. `text` is the visitor's own words, one thing a line, or None where they
    only asked to be called.
    """

    topic: str
    urgency: str
    language: str
    contact_name: str | None
    text: str | None


def _may_become(_session: Session, _row: Any) -> tuple[str, ...]:
    return STATUSES


MESSAGES: WorkKind[MessageInWork] = WorkKind(
    table=StaffMessage,
    changes=MessageChange,
    subject="message_id",
    statuses=STATUSES,
    searched=("contact_name", "email"),
    item=MessageInWork,
    add_change=add_message_change,
    may_become=_may_become,
)
