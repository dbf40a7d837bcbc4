"""What is stored of a conversation, store by store, before the staff erase it."""

from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.engine import Engine

from clinic.appointment_requests import AppointmentRequest
from clinic.database import transaction
from clinic.flags import Flag
from clinic.outgoing_texts import DeliveryReport, OutgoingText
from clinic.staff_messages import StaffMessage
from clinic.text_contacts import TextContact
from conversations.conversation_states import ConversationState
from conversations.event_rows import EVENTS
from conversations.feedback import Feedback
from conversations.incoming_texts import IncomingText
from conversations.offered_choices import OfferedChoice
from conversations.reviews import ConversationReview, TurnReview
from conversations.teaching import Correction
from conversations.turn_log import LoggedConversation, LoggedTurn
from conversations.turns import Turn

RECORDS = (AppointmentRequest.__tablename__, StaffMessage.__tablename__)
"""The clinic's own records, which may be kept for a reason."""
_NAMING: tuple[Any, ...] = (
    AppointmentRequest.conversation_id,
    StaffMessage.conversation_id,
    Flag.conversation_id,
    Turn.conversation_id,
    EVENTS.c.sender_id,
    OfferedChoice.conversation_id,
    ConversationState.conversation_id,
    Feedback.conversation_id,
    LoggedTurn.conversation_id,
    LoggedConversation.conversation_id,
    TurnReview.conversation_id,
    ConversationReview.conversation_id,
    Correction.conversation_id,
    IncomingText.conversation_id,
    OutgoingText.conversation_id,
    DeliveryReport.conversation_id,
    TextContact.conversation_id,
)


def what_is_stored(engine: Engine, conversation_id: str) -> dict[str, int]:
    """How many rows each table has of the conversation, those with none left out.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    if not conversation_id:
        return {}
    there = set(inspect(engine).get_table_names())
    counts = {}
    with transaction(engine) as session:
        for column in _NAMING:
            name = column.table.name
            if name in there:
                query = select(func.count()).where(column == conversation_id)
                counts[name] = int(session.execute(query).scalar() or 0)
    return {name: number for name, number in counts.items() if number}
