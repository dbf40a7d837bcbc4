"""Erasing a conversation: everything that holds what was said in it. docs/retention.md lists the stores."""

import logging
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.consents import Consent
from clinic.database import transaction
from clinic.erasures import WrittenWish, complete_erasure, erase_records, note_ended, pending_erasures
from clinic.outgoing_texts import DeliveryReport, OutgoingText, forget_outgoing
from clinic.text_contacts import TextContact, forget_contact
from conversations.conversation_states import ConversationState
from conversations.erasure_listeners import forget_in_memory
from conversations.erasure_of_lines import erase_lines
from conversations.event_rows import EVENTS, delete_events
from conversations.feedback import Feedback
from conversations.incoming_texts import IncomingText, forget_texts
from conversations.offered_choices import OfferedChoice
from conversations.projection_progress import lower_progress
from conversations.reviews import ConversationReview, TurnReview
from conversations.turn_log import LoggedConversation, LoggedTurn
from conversations.turns import Turn

IN_MEMORY = "memory of this process"
WEB = "web"

logger = logging.getLogger(__name__)


def erase_conversation(engine: Engine, conversation_id: str) -> None:
    """Delete the conversation's turns, choices, events and state at once. Erasing it again changes nothing.

    Requests and messages that the visitor confirmed for the staff are the clinic's records and are not touched.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
    """
    with transaction(engine) as session:
        turns = _deleted(session, Turn, Turn.conversation_id == conversation_id)
        counts = {"turns": turns, **_erase_what_was_said(session, conversation_id)}
        note_ended(session, conversation_id, WEB, counts)
    forget_in_memory(conversation_id)


def erase_transcript(engine: Engine, conversation_id: str, turn_id: int) -> None:
    """Erase at the visitor's wish, and leave of the turn with that wish only its answer, which holds nothing of theirs.

    Without the turn's row the same message, delivered again, would be taken for a new one.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
    """
    own = Turn.conversation_id == conversation_id
    with transaction(engine) as session:
        turns = _deleted(session, Turn, own, Turn.id != turn_id)
        turns += _changed(session, update(Turn).where(Turn.id == turn_id).values(visitor_text=None))
        _complete(session, conversation_id, turns, forget_in_memory(conversation_id))
    # A turn that ended just before the commit may have put its tracker back.
    forget_in_memory(conversation_id)


def erase_at_written_wish(
    engine: Engine, conversation_id: str, channel: str, wish: WrittenWish, targets: tuple[str, ...] = ()
) -> str:
    """Erase all of a conversation for the staff, who have the visitor's wish in writing; the receipt.

    Args:
        engine: the clinic's database.
        conversation_id: whose data goes.
        channel: `web` or `sms`.
        wish: who does it and why, and whether requests and messages stay.
        targets: where the staff are told that records went.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the transcript is not erased yet; doing it again goes on.
    """
    receipt = erase_records(engine, conversation_id, channel, targets, wish)
    _erase_all_turns(engine, conversation_id)
    return receipt.code


def finish_erasures(engine: Engine) -> None:
    """Erase the transcripts of erasures that a crash cut short; called when the bot starts.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    for conversation_id in pending_erasures(engine):
        _erase_all_turns(engine, conversation_id)
        logger.info("an erasure that was cut short is complete")


def _erase_all_turns(engine: Engine, conversation_id: str) -> None:
    with transaction(engine) as session:
        turns = _deleted(session, Turn, Turn.conversation_id == conversation_id)
        _complete(session, conversation_id, turns, forget_in_memory(conversation_id))
    forget_in_memory(conversation_id)


def _complete(session: Session, conversation_id: str, turns: int, in_memory: int) -> None:
    counts = {"turns": turns, **_erase_what_was_said(session, conversation_id), IN_MEMORY: in_memory}
    complete_erasure(session, conversation_id, counts)


def _erase_what_was_said(session: Session, conversation_id: str) -> dict[str, int]:
    """Erase all but the turns; how many rows of each store went."""
    counts = {
        "offered_choices": _deleted(session, OfferedChoice, OfferedChoice.conversation_id == conversation_id),
        "feedback": _deleted(session, Feedback, Feedback.conversation_id == conversation_id),
        "events": _number(session, EVENTS.c.sender_id == conversation_id),
    }
    delete_events(session, conversation_id)
    state = ConversationState.conversation_id == conversation_id
    counts["conversation_states"] = _deleted(session, ConversationState, state)
    # Only now that the state is gone: a projection that holds it has stored its rows, and none can any more.
    for table in (LoggedTurn, LoggedConversation, TurnReview, ConversationReview):
        counts[table.__tablename__] = _deleted(session, table, table.conversation_id == conversation_id)
    counts |= erase_lines(session, conversation_id)
    lower_progress(session)
    return counts | _erase_texts(session, conversation_id)


def _erase_texts(session: Session, conversation_id: str) -> dict[str, int]:
    outgoing, incoming = (
        OutgoingText.conversation_id == conversation_id,
        IncomingText.conversation_id == conversation_id,
    )
    sent = select(OutgoingText.carrier_id).where(outgoing, OutgoingText.carrier_id.is_not(None))
    by_carrier = DeliveryReport.carrier_id.in_(sent)
    counts = {
        "incoming_texts (emptied)": _number(session, incoming),
        "delivery_reports": _number(session, by_carrier | (DeliveryReport.conversation_id == conversation_id)),
        "outgoing_texts": _number(session, outgoing),
        "text_contacts": _number(session, TextContact.conversation_id == conversation_id),
    }
    forget_texts(session, conversation_id)
    # The number first: a report that comes in now finds nobody, and one that is just being kept is waited for.
    forget_contact(session, conversation_id)
    _deleted(session, DeliveryReport, by_carrier)
    forget_outgoing(session, conversation_id)
    # That the person wants no texts must stay known; in which words they said so need not.
    words = (Consent.conversation_id == conversation_id, Consent.wording.is_not(None))
    counts["consents (emptied)"] = _changed(session, update(Consent).where(*words).values(wording=None))
    return counts


def _number(session: Session, condition: Any) -> int:
    return int(session.execute(select(func.count()).where(condition)).scalar() or 0)


def _deleted(session: Session, table: Any, *condition: Any) -> int:
    return _changed(session, delete(table).where(*condition))


def _changed(session: Session, statement: Any) -> int:
    return int(session.execute(statement.execution_options(synchronize_session=False)).rowcount)
