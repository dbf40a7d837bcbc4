"""Stored requests and messages for the tests of the staff's work."""

import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine

from clinic import staff_work
from clinic.appointment_requests import AppointmentRequest, store_appointment_request
from clinic.database import transaction
from clinic.staff_messages import StaffMessage, store_staff_message
from clinic.staff_work import OPEN, WorkValues
from tests.clinic.test_requests_and_messages import QUESTION, REQUEST


def store_request(engine: Engine, number: int = 1, came: datetime | None = None, **values: Any) -> str:
    """The id of a new request; requests of one number are one."""
    conversation = values.pop("conversation_id", f"conversation-{number}")
    row = replace(REQUEST, idempotency_key=f"{conversation}:{number}", conversation_id=conversation, **values)
    stored = store_appointment_request(engine, row)
    if came is not None:
        _came(engine, AppointmentRequest, stored.id, came)
    return stored.id


def store_message(engine: Engine, number: int = 1, came: datetime | None = None, **values: Any) -> str:
    """The id of a new message."""
    key = f"message:{number}"
    row = replace(QUESTION, **{"idempotency_key": key, "conversation_id": f"conversation-{number}", **values})
    store_staff_message(engine, row)
    with transaction(engine) as session:
        message_id = str(session.query(StaffMessage.id).filter_by(idempotency_key=key).scalar())
    if came is not None:
        _came(engine, StaffMessage, message_id, came)
    return message_id


def _came(engine: Engine, table: Any, row_id: str, moment: datetime) -> None:
    with transaction(engine) as session:
        session.execute(update(table).where(table.id == row_id).values(created_at=moment))


def values(status: str = OPEN, assignee: str | None = None, note: str | None = None) -> WorkValues:
    return WorkValues(status, assignee, note)


def write_together(monkeypatch: pytest.MonkeyPatch, savers: int) -> None:
    """Let nobody write before this many have read the same version and found it right."""
    barrier = threading.Barrier(savers, timeout=30)
    really = staff_work._update

    def update_together(*arguments: Any) -> bool:
        barrier.wait()
        return really(*arguments)

    monkeypatch.setattr(staff_work, "_update", update_together)
