"""Where the replay of each conversation starts, and how far its events have been written."""

from sqlalchemy import Column, Index, Integer, String

from clinic.database import Base
from clinic.encryption.columns import EncryptedText


class ConversationState(Base):
    """One row for each conversation that has events.

    `first_event_id` is the first event to replay, `state` the JSON of the state just before it (null: the initial one).
    `last_event_id` is the newest event; a writer that expects another one is stale and is refused.
    """

    __tablename__ = "conversation_states"
    # The projection looks for what is new by it.
    __table_args__ = (Index("ix_conversation_states_last_event_id", "last_event_id"),)

    conversation_id = Column(String(100), primary_key=True)
    first_event_id = Column(Integer, nullable=False)
    last_event_id = Column(Integer, nullable=False)
    state = Column(EncryptedText("conversation_states", "state"))
