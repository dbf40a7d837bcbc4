"""Erasing a conversation: everything that holds what was said in it."""

import logging

from sqlalchemy import delete, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from clinic.erasures import complete_erasure, pending_erasures
from clinic.outgoing_texts import forget_outgoing
from clinic.text_contacts import forget_contact
from conversations.conversation_states import ConversationState
from conversations.event_rows import delete_events
from conversations.feedback import Feedback
from conversations.incoming_texts import forget_texts
from conversations.offered_choices import OfferedChoice
from conversations.projection_progress import lower_progress
from conversations.reviews import ConversationReview, TurnReview
from conversations.teaching import Correction
from conversations.turn_log import LoggedConversation, LoggedTurn
from conversations.turns import Turn

TAUGHT = "taught"

logger = logging.getLogger(__name__)


def erase_conversation(engine: Engine, conversation_id: str) -> None:
    """Delete the conversation's turns, choices, events and state at once. Erasing it again changes nothing.

    Requests and messages that the visitor confirmed for the staff are the clinic's records and are not touched.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
    """
    with transaction(engine) as session:
        session.execute(delete(Turn).where(Turn.conversation_id == conversation_id))
        _erase_what_was_said(session, conversation_id)


def erase_transcript(engine: Engine, conversation_id: str, turn_id: int) -> None:
    """Erase at the visitor's wish, and leave of the turn with that wish only its answer, which holds nothing of theirs.

    Without the turn's row the same message, delivered again, would be taken for a new one.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
    """
    own = Turn.conversation_id == conversation_id
    with transaction(engine) as session:
        session.execute(delete(Turn).where(own, Turn.id != turn_id))
        session.execute(update(Turn).where(Turn.id == turn_id).values(visitor_text=None))
        _erase_what_was_said(session, conversation_id)
        complete_erasure(session, conversation_id)


def finish_erasures(engine: Engine) -> None:
    """Erase the transcripts of erasures that a crash cut short; called when the bot starts.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    for conversation_id in pending_erasures(engine):
        with transaction(engine) as session:
            session.execute(delete(Turn).where(Turn.conversation_id == conversation_id))
            _erase_what_was_said(session, conversation_id)
            complete_erasure(session, conversation_id)
        logger.info("an erasure that was cut short is complete")


def _erase_what_was_said(session: Session, conversation_id: str) -> None:
    session.execute(delete(OfferedChoice).where(OfferedChoice.conversation_id == conversation_id))
    session.execute(delete(Feedback).where(Feedback.conversation_id == conversation_id))
    delete_events(session, conversation_id)
    session.execute(delete(ConversationState).where(ConversationState.conversation_id == conversation_id))
    # Only now that the state is gone: a projection that holds it has stored its rows, and none can any more.
    _erase_from_log(session, conversation_id)
    lower_progress(session)
    forget_texts(session, conversation_id)
    forget_outgoing(session, conversation_id)
    forget_contact(session, conversation_id)


def _erase_from_log(session: Session, conversation_id: str) -> None:
    """What the staff saw and found; what was taught from it is part of a model by then, and loses where it is from."""
    for table in (LoggedTurn, LoggedConversation, TurnReview, ConversationReview):
        session.execute(delete(table).where(table.conversation_id == conversation_id))
    own = Correction.conversation_id == conversation_id
    session.execute(delete(Correction).where(own, Correction.state != TAUGHT, Correction.taught_label.is_(None)))
    session.execute(update(Correction).where(own).values(conversation_id="", event_id=0))
