"""Rasa's table `events` as it is, for processes that read or delete events and have no need of Rasa itself.

The bot's tracker store writes it (conversations/tracker_store.py) and is the only one that makes it.
"""

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, delete, or_
from sqlalchemy.orm import Session

from clinic.encryption.columns import EncryptedText

# Not the metadata of the clinic's own tables: this one is Rasa's to make and is never migrated.
EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", EncryptedText("events", "data")),
    Index("ix_events_sender_id_id", "sender_id", "id"),
    sqlite_autoincrement=True,
)

# The values of `type_name`, from rasa/shared/core/events.py.
USER = "user"
BOT = "bot"
SLOT = "slot"
FORM = "active_loop"
SESSION_STARTED = "session_started"
RESTARTED = "restart"
SLOTS_RESET = "reset_slots"
# An action, by the name in `action_name`: what follows it was said before the next message was looked at.
SESSION_START_ACTION = "action_session_start"

TOLD = or_(
    EVENTS.c.type_name.in_((USER, BOT, SLOT, FORM, SESSION_STARTED, RESTARTED, SLOTS_RESET)),
    EVENTS.c.action_name == SESSION_START_ACTION,
)
"""The events that say what happened in a conversation; the others are Rasa's bookkeeping."""


def delete_events(session: Session, conversation_id: str) -> None:
    """Delete all events of a conversation, within the caller's transaction."""
    session.execute(delete(EVENTS).where(EVENTS.c.sender_id == conversation_id))
