"""What else a conversation left for the staff: the requests beside a message, the messages beside a request."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.engine import Engine
from sqlalchemy.sql import ColumnElement

from clinic.appointment_requests import AppointmentRequest
from clinic.database import transaction
from clinic.request_changes import WITHDRAWN, RequestChange
from clinic.staff_messages import CLOSED, StaffMessage

MOST_SHOWN = 10
"""Whoever texts from one number for years has many; the newest are those that matter."""


@dataclass(frozen=True)
class LeftBeside:
    """One thing of the same conversation, without anything personal. `created_at` is UTC.

    `topic` is what a message is about, None for a request. `taken_back` is whether its visitor took a request back,
    whatever the staff did with it afterwards.
    """

    id: str
    status: str
    created_at: datetime
    topic: str | None = None
    taken_back: bool = False


def topics_with_the_staff(engine: Engine, conversation_id: str) -> list[str]:
    """What the conversation's messages are about that the staff have not closed, the oldest first.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    mine = (StaffMessage.conversation_id == conversation_id, StaffMessage.status != CLOSED)
    query = select(StaffMessage.topic).where(*mine).order_by(StaffMessage.created_at)
    with transaction(engine) as session:
        return [str(topic) for topic in session.execute(query).scalars()]


def messages_beside(engine: Engine, conversation_id: str) -> list[LeftBeside]:
    """The messages of the conversation, the newest first."""
    query = (
        select(StaffMessage.id, StaffMessage.status, StaffMessage.created_at, StaffMessage.topic)
        .where(StaffMessage.conversation_id == conversation_id)
        .order_by(StaffMessage.created_at.desc(), StaffMessage.id)
        .limit(MOST_SHOWN)
    )
    with transaction(engine) as session:
        return [LeftBeside(row.id, row.status, row.created_at, topic=row.topic) for row in session.execute(query)]


def requests_beside(engine: Engine, conversation_id: str) -> list[LeftBeside]:
    """The appointment requests of the conversation, the newest first."""
    table = AppointmentRequest
    taken_back = exists().where(RequestChange.request_id == table.id, RequestChange.change == WITHDRAWN)
    query = (
        select(table.id, table.status, table.created_at, taken_back.label("taken_back"))
        .where(table.conversation_id == conversation_id)
        .order_by(table.created_at.desc(), table.id)
        .limit(MOST_SHOWN)
    )
    with transaction(engine) as session:
        rows = session.execute(query)
        return [LeftBeside(row.id, row.status, row.created_at, taken_back=bool(row.taken_back)) for row in rows]


def lost_its_request(message_id: ColumnElement[str]) -> ColumnElement[bool]:
    """As a condition of a query: the visitor had a request when they left the message, and took it back since."""
    belongs = (
        StaffMessage.id == message_id,
        AppointmentRequest.conversation_id == StaffMessage.conversation_id,
        AppointmentRequest.created_at <= StaffMessage.created_at,
        RequestChange.request_id == AppointmentRequest.id,
        RequestChange.change == WITHDRAWN,
        RequestChange.changed_at >= StaffMessage.created_at,
    )
    return exists().where(*belongs)
