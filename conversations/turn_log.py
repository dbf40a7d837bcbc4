"""The turn log: what the staff see of conversations. A projection of the events (conversations/projection.py).

Every text in it is redacted. Whatever people add to a conversation (reviews, corrections) has tables of its own, so
that the log can be thrown away and made anew.
"""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Float, Index, Integer, String, Text, text

from clinic.database import Base


def _where(column: str) -> dict[str, Any]:
    """For an index on few of the rows: those in which the column has a value."""
    condition = text(f"{column} IS NOT NULL")
    return {"sqlite_where": condition, "postgresql_where": condition}


class LoggedConversation(Base):
    """One conversation. `last_event_id` is the newest of its events that is in the log.

    `attention` says why a reviewer should look (`repeated_fallback`, `low_confidence`, `sample`; null: no reason), and
    `attention_since` when the reason came up.
    """

    __tablename__ = "logged_conversations"
    __table_args__ = (
        Index("ix_logged_conversations_last_activity_at", "last_activity_at"),
        Index("ix_logged_conversations_attention", "attention", "attention_since"),
        Index("ix_logged_conversations_started_at", "started_at", "channel", "language"),
    )

    conversation_id = Column(String(100), primary_key=True)
    channel = Column(String(20), nullable=False)
    language = Column(String(8), nullable=False)
    started_at = Column(DateTime(timezone=True), nullable=False)
    last_activity_at = Column(DateTime(timezone=True), nullable=False)
    turn_count = Column(Integer, nullable=False)
    fallback_count = Column(Integer, nullable=False)
    least_confidence = Column(Float)
    has_safety = Column(Boolean, nullable=False)
    last_outcome = Column(String(20), nullable=False)
    attention = Column(String(20))
    attention_since = Column(DateTime(timezone=True))
    last_event_id = Column(Integer, nullable=False)


class LoggedTurn(Base):
    """One message of a visitor and what was said to it. `event_id` is the id of the visitor's event and never changes.

    `ordinal` counts the conversation's turns from 1. `hour` is the whole hours from 1970 to the turn, UTC. `text` is
    null once it was purged; `text_digest` is the same for messages that say the same. `candidates` is a JSON list of
    labels, `ranking` one of `{"label", "confidence"}`, best first. `responses` is a JSON list of
    `{"response", "version", "facts", "text", "choices"}`. `slots` is a JSON object of what was known after the turn;
    the values of personal slots are only said to be there. `latency_ms` runs from the message to the last reply.
    """

    __tablename__ = "logged_turns"
    __table_args__ = (
        Index("uq_logged_turns_event_id", "event_id", unique=True),
        Index("uq_logged_turns_ordinal", "conversation_id", "ordinal", unique=True),
        Index("ix_logged_turns_message", "conversation_id", "message_id"),
        Index("ix_logged_turns_started_at", "started_at"),
        # The next five hold every column that a figure of the console counts, so that none reads the wide rows.
        Index("ix_logged_turns_hour", "hour", "channel", "outcome"),
        Index("ix_logged_turns_label", "label", "hour", "channel", "confidence"),
        Index("ix_logged_turns_second_label", "second_label", "hour", "channel", **_where("second_label")),
        Index("ix_logged_turns_form", "form", "hour", "conversation_id", "requested_slot", "channel", **_where("form")),
        Index("ix_logged_turns_latency", "latency_ms", "hour", "channel"),
        Index("ix_logged_turns_outcome", "outcome", "started_at"),
        Index("ix_logged_turns_text_digest", "text_digest"),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    event_id = Column(Integer, nullable=False)
    conversation_id = Column(String(100), nullable=False)
    ordinal = Column(Integer, nullable=False)
    message_id = Column(String(100), nullable=False)
    channel = Column(String(20), nullable=False)
    language = Column(String(8), nullable=False)
    started_at = Column(DateTime(timezone=True), nullable=False)
    hour = Column(Integer, nullable=False)
    text = Column(Text)
    text_digest = Column(String(64), nullable=False)
    label = Column(String(80), nullable=False)
    confidence = Column(Float)
    second_label = Column(String(80))
    safety = Column(String(80))
    candidates = Column(Text, nullable=False)
    ranking = Column(Text, nullable=False)
    outcome = Column(String(20), nullable=False)
    responses = Column(Text, nullable=False)
    slots = Column(Text, nullable=False)
    form = Column(String(40))
    requested_slot = Column(String(40))
    latency_ms = Column(Integer)


class ProjectionProgress(Base):
    """How far the log has been brought. Everything up to event `watermark` is in the log for good.

    `candidate` is the event that becomes the watermark once no transaction that was open at `candidate_at` can be.
    """

    __tablename__ = "projection_progress"

    name = Column(String(40), primary_key=True)
    watermark = Column(Integer, nullable=False)
    candidate = Column(Integer, nullable=False)
    candidate_at = Column(DateTime(timezone=True), nullable=False)
