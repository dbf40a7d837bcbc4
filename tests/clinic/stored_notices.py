"""Notices for tests, written as the bot writes them: with a stored request or message."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from clinic.appointment_requests import NewAppointmentRequest, store_appointment_request
from clinic.database import transaction
from clinic.outbox import Notice
from clinic.settings import Settings, load_settings
from clinic.staff_messages import NewStaffMessage, store_staff_message
from tests.clinic.notice_receivers import WEBHOOK_SECRET

PERSONAL = ("Grace Lindqvist", "3125550176", "grace@example.com", "Friday around noon", "my eye is swollen")


def settings_for(folder: Path, *, mail_port: int | None = None, webhook_url: str = "", **others: str) -> Settings:
    return load_settings(environment_for(folder, mail_port=mail_port, webhook_url=webhook_url, **others))


def environment_for(
    folder: Path, *, mail_port: int | None = None, webhook_url: str = "", **others: str
) -> dict[str, str]:
    values = {"VAR_DIR": str(folder), **others}
    if mail_port is not None:
        values = {"SMTP_URL": f"smtp://127.0.0.1:{mail_port}", "STAFF_EMAIL": "desk@example.com", **values}
    if webhook_url:
        values = {"STAFF_WEBHOOK_URL": webhook_url, "STAFF_WEBHOOK_SECRET": WEBHOOK_SECRET, **values}
    return values


def store_request(engine: Engine, targets: tuple[str, ...]) -> str:
    request = NewAppointmentRequest(
        idempotency_key=uuid.uuid4().hex,
        conversation_id=uuid.uuid4().hex,
        channel="web",
        contact_name="Grace Lindqvist",
        phone="+13125550176",
        email="grace@example.com",
        preferred_time="Friday around noon",
        reason="my eye is swollen",
    )
    return store_appointment_request(engine, request, targets=targets).id


def store_message(engine: Engine, targets: tuple[str, ...], urgency: str = "ordinary") -> None:
    message = NewStaffMessage(
        uuid.uuid4().hex,
        uuid.uuid4().hex,
        "sms",
        "urgent_eye",
        urgency=urgency,
        contact_name="Grace Lindqvist",
        text="my eye is swollen",
    )
    store_staff_message(engine, message, targets)


def notices(engine: Engine) -> list[Any]:
    with transaction(engine) as session:
        return list(session.execute(select(Notice).order_by(Notice.created_at, Notice.id)).scalars())


def let_time_pass(engine: Engine, span: timedelta) -> None:
    """Put every moment in the outbox this much into the past."""
    columns = ("next_attempt_at", "claimed_until", "created_at")

    def earlier(moment: datetime | None) -> datetime | None:
        return moment - span if moment is not None else None

    for row in notices(engine):
        with transaction(engine) as session:
            session.execute(
                update(Notice)
                .where(Notice.id == row.id)
                .values(**{column: earlier(getattr(row, column)) for column in columns})
            )
