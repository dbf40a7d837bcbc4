"""Consent to be written to: who said stop or start, how, and in which words. Rows are added and never changed."""

import uuid

from sqlalchemy import Column, DateTime, Index, Integer, String, select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import Base, transaction
from clinic.encryption.columns import EncryptedText

OUT = "out"
IN = "in"


class Consent(Base):
    """One word of consent. `means` is `keyword`, `wording` or `carrier`; `id` grows, the newest row counts."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_conversation_id", "conversation_id"), {"sqlite_autoincrement": True})

    id = Column(Integer, primary_key=True)
    record_id = Column(String(36), nullable=False, unique=True)
    conversation_id = Column(String(100), nullable=False)
    channel = Column(String(20), nullable=False)
    state = Column(String(10), nullable=False)
    means = Column(String(20), nullable=False)
    wording = Column(EncryptedText("consents", "wording"))
    recorded_at = Column(DateTime(timezone=True), nullable=False)


def record_consent(
    engine: Engine, conversation_id: str, channel: str, *, state: str, means: str, wording: str | None
) -> None:
    """Keep one word of consent.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not stored.
    """
    with transaction(engine) as session:
        session.add(
            Consent(
                record_id=str(uuid.uuid4()),
                conversation_id=conversation_id,
                channel=channel,
                state=state,
                means=means,
                wording=wording,
                recorded_at=clock.now(),
            )
        )


def has_opted_out(engine: Engine, conversation_id: str) -> bool:
    """Whether the last word of this person was to stop."""
    newest = (
        select(Consent.state).where(Consent.conversation_id == conversation_id).order_by(Consent.id.desc()).limit(1)
    )
    with transaction(engine) as session:
        return session.execute(newest).scalar() == OUT
