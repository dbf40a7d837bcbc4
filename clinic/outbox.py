"""Notices to the staff that wait to be delivered, written in the transaction of what they tell of, so none is lost."""

import uuid
from collections.abc import Iterable

from sqlalchemy import Column, DateTime, Index, Integer, String
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base

NEW_REQUEST = "appointment_request"
CHANGED_REQUEST = "appointment_request_changed"
WITHDRAWN_REQUEST = "appointment_request_withdrawn"
NEW_MESSAGE = "staff_message"
ERASED = "erasure"


class Notice(Base):
    """One notice to one target (`email` or `webhook`). It names its subject and holds nothing personal.

    `kind` is one of the words above, or the label of the safety flag that the notice tells of (clinic/urgency.py).

    Exactly one of `delivered_at` and `failed_at` is set in the end; until then `next_attempt_at` says when to try.
    `claimed_until` is the lease of the process that is sending it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_notice", "kind", "subject_id", "subject_version", "target", unique=True),
        Index("ix_outbox_next_attempt_at", "next_attempt_at"),
    )

    id = Column(String(36), primary_key=True)
    kind = Column(String(40), nullable=False)
    subject_id = Column(String(36), nullable=False)
    subject_version = Column(Integer, nullable=False)
    urgency = Column(String(20), nullable=False)
    channel = Column(String(20), nullable=False)
    target = Column(String(20), nullable=False)
    attempts = Column(Integer, nullable=False, default=0)
    next_attempt_at = Column(DateTime(timezone=True))
    claimed_until = Column(DateTime(timezone=True))
    delivered_at = Column(DateTime(timezone=True))
    failed_at = Column(DateTime(timezone=True))
    last_error = Column(String(200))
    handled_at = Column(DateTime(timezone=True))
    handled_by = Column(String(100))
    created_at = Column(DateTime(timezone=True), nullable=False)


def add_notices(
    session: Session,
    kind: str,
    subject_id: str,
    *,
    version: int,
    urgency: str,
    channel: str,
    targets: Iterable[str],
) -> None:
    """Add one notice per target to an open transaction; none when nothing is configured to be told."""
    moment = clock.now()
    for target in targets:
        session.add(
            Notice(
                id=str(uuid.uuid4()),
                kind=kind,
                subject_id=subject_id,
                subject_version=version,
                urgency=urgency,
                channel=channel,
                target=target,
                attempts=0,
                next_attempt_at=moment,
                created_at=moment,
            )
        )
