"""The history of appointment requests and of messages: what was changed, when, and by whom."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, String
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import Base
from clinic.encryption.columns import EncryptedText

VISITOR = "visitor"
CREATED = "created"
CHANGED = "changed"
WITHDRAWN = "withdrawn"
WORKED = "worked"
"""A step of the staff: `changed_by` is the name of an account, and not the word `visitor`."""


class RequestChange(Base):
    """One step in a request's life. `details` is JSON: the values before, by field; null where there were none."""

    __tablename__ = "request_changes"
    __table_args__ = (
        Index("uq_request_changes_version", "request_id", "version", unique=True),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    request_id = Column(String(36), nullable=False)
    version = Column(Integer, nullable=False)
    change = Column(String(20), nullable=False)
    changed_by = Column(String(100), nullable=False)
    details = Column(EncryptedText("request_changes", "details"))
    changed_at = Column(DateTime(timezone=True), nullable=False)


class MessageChange(Base):
    """One step in the life of a message for the staff, as with requests."""

    __tablename__ = "message_changes"
    __table_args__ = (
        Index("uq_message_changes_version", "message_id", "version", unique=True),
        {"sqlite_autoincrement": True},
    )

    id = Column(Integer, primary_key=True)
    message_id = Column(String(36), nullable=False)
    version = Column(Integer, nullable=False)
    change = Column(String(20), nullable=False)
    changed_by = Column(String(100), nullable=False)
    details = Column(EncryptedText("message_changes", "details"))
    changed_at = Column(DateTime(timezone=True), nullable=False)


def add_change(
    session: Session,
    request_id: str,
    *,
    version: int,
    change: str,
    changed_by: str,
    values_before: Mapping[str, str | None] | None = None,
) -> None:
    """Add a request's step to an open transaction; two steps of one version are refused by the database."""
    session.add(RequestChange(request_id=request_id, **_step(version, change, changed_by, values_before)))


def add_message_change(
    session: Session,
    message_id: str,
    *,
    version: int,
    change: str,
    changed_by: str,
    values_before: Mapping[str, str | None] | None = None,
) -> None:
    """Add a message's step, as with requests."""
    session.add(MessageChange(message_id=message_id, **_step(version, change, changed_by, values_before)))


def _step(version: int, change: str, changed_by: str, values_before: Mapping[str, str | None] | None) -> dict[str, Any]:
    return {
        "version": version,
        "change": change,
        "changed_by": changed_by,
        "details": json.dumps(dict(values_before), ensure_ascii=False) if values_before else None,
        "changed_at": clock.now(),
    }
