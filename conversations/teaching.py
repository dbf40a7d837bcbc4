"""What reviewers teach the bot: corrections, candidate models made from them, and promotions of models."""

from sqlalchemy import Column, DateTime, Index, Integer, String, Text

from clinic.database import Base


class Correction(Base):
    """One message with the label it should have; messages that say the same are one correction.

    `state` is `proposed`, `released`, `rejected` (by the second person), `refused` (may not become a training line;
    `refusal` says why) or `taught` (part of the model in force). `event_id` is one turn in which it was said.

    `version` grows with every change. The check against training lines and held-out messages has seen
    `checked_version`, and what it found for the second person to weigh is in `warning`. `taught_label` is the label
    that the line has in the model in force; null where that model was trained without it.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        Index("uq_corrections_text_digest", "text_digest", unique=True),
        Index("ix_corrections_state", "state"),
    )

    id = Column(String(36), primary_key=True)
    text_digest = Column(String(64), nullable=False)
    text = Column(Text, nullable=False)
    event_id = Column(Integer, nullable=False)
    conversation_id = Column(String(100), nullable=False)
    label_before = Column(String(80), nullable=False)
    label = Column(String(80), nullable=False)
    state = Column(String(10), nullable=False)
    refusal = Column(String(200))
    proposed_by = Column(String(100), nullable=False)
    proposed_at = Column(DateTime(timezone=True), nullable=False)
    decided_by = Column(String(100))
    decided_at = Column(DateTime(timezone=True))
    warning = Column(Text)
    checked_version = Column(Integer)
    taught_label = Column(String(80))
    version = Column(Integer, nullable=False)


class Candidate(Base):
    """One try at a better model. `state`: queued, training, comparing, ready, failed, promoted or set_aside.

    `model` is the name of its archive and `taught` that of the file of taught lines it was trained with, both without
    suffix. `labels` is a JSON object of the corrections in that file: id to label. `comparison` is JSON.
    `claimed_until` is the lease of the process that works on it.
    """

    __tablename__ = "candidates"
    __table_args__ = (Index("ix_candidates_state", "state"),)

    id = Column(String(36), primary_key=True)
    state = Column(String(10), nullable=False)
    requested_by = Column(String(100), nullable=False)
    requested_at = Column(DateTime(timezone=True), nullable=False)
    started_at = Column(DateTime(timezone=True))
    finished_at = Column(DateTime(timezone=True))
    claimed_until = Column(DateTime(timezone=True))
    model = Column(String(80))
    model_before = Column(String(80))
    taught = Column(String(80))
    lines = Column(Integer)
    labels = Column(Text)
    error = Column(String(300))
    comparison = Column(Text)


class Promotion(Base):
    """A model put in force in running bots. `kind` is `promoted` or `rolled_back`; the newest row counts."""

    __tablename__ = "promotions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id = Column(Integer, primary_key=True)
    kind = Column(String(12), nullable=False)
    model = Column(String(80), nullable=False)
    taught = Column(String(80))
    model_before = Column(String(80))
    taught_before = Column(String(80))
    promoted_by = Column(String(100), nullable=False)
    promoted_at = Column(DateTime(timezone=True), nullable=False)
