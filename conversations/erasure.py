"""Erasing a conversation: everything that holds what was said in it."""

from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy import delete
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.conversation_states import ConversationState
from conversations.offered_choices import OfferedChoice
from conversations.turns import Turn


def erase_conversation(engine: Engine, conversation_id: str) -> None:
    """Delete the conversation's turns, choices, events and state at once. Erasing it again changes nothing.

    Requests and messages that the visitor confirmed for the staff are the clinic's records and are not touched.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
    """
    event = SQLTrackerStore.SQLEvent
    with transaction(engine) as session:
        session.execute(delete(Turn).where(Turn.conversation_id == conversation_id))
        session.execute(delete(OfferedChoice).where(OfferedChoice.conversation_id == conversation_id))
        session.execute(delete(event).where(event.sender_id == conversation_id))
        session.execute(delete(ConversationState).where(ConversationState.conversation_id == conversation_id))
