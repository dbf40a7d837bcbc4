"""What waits in the queue, written straight into the tables, so that tests choose every moment."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.engine import Engine

from clinic.appointment_requests import AppointmentRequest
from clinic.database import transaction
from clinic.flags import Flag
from clinic.outbox import Notice
from clinic.outgoing_texts import DeliveryReport, OutgoingText
from clinic.staff_messages import StaffMessage
from conversations.feedback import Feedback
from conversations.reviews import ConversationReview, TurnReview
from conversations.turn_log import LoggedConversation, LoggedTurn

TABLES = (
    Flag,
    Notice,
    OutgoingText,
    DeliveryReport,
    AppointmentRequest,
    StaffMessage,
    Feedback,
    ConversationReview,
    TurnReview,
    LoggedConversation,
    LoggedTurn,
)
PERSONAL = ("Grace Lindqvist", "3125550176", "grace@example.com", "Friday around noon", "my eye is swollen")


def forget_everything(engine: Engine) -> None:
    with transaction(engine) as session:
        for table in TABLES:
            session.execute(delete(table))


def store(engine: Engine, *rows: Any) -> None:
    with transaction(engine) as session:
        session.add_all(rows)


def flag(at: datetime, label: str = "safety/emergency", **values: Any) -> Flag:
    defaults = {"id": str(uuid.uuid4()), "conversation_id": "c-1", "turn_id": uuid.uuid4().hex, "channel": "web"}
    return Flag(label=label, created_at=at, **{**defaults, **values})


def notice(at: datetime, **values: Any) -> Notice:
    defaults = {
        "id": str(uuid.uuid4()),
        "kind": "appointment_request",
        "subject_id": str(uuid.uuid4()),
        "subject_version": 1,
        "urgency": "ordinary",
        "channel": "web",
        "target": "email",
        "attempts": 3,
        "failed_at": at,
        "last_error": "HTTP 500",
    }
    return Notice(created_at=at, **{**defaults, **values})


def outgoing_text(at: datetime, **values: Any) -> OutgoingText:
    defaults = {"idempotency_key": uuid.uuid4().hex, "conversation_id": "sms-1", "attempts": 1}
    return OutgoingText(created_at=at, **{**defaults, **values})


def delivery_report(at: datetime, carrier_id: str, status: str = "undelivered") -> DeliveryReport:
    return DeliveryReport(
        id=str(uuid.uuid4()), carrier_id=carrier_id, conversation_id="sms-1", status=status, reported_at=at
    )


def request(at: datetime, **values: Any) -> AppointmentRequest:
    name, phone, email, time, reason = PERSONAL
    defaults = {
        "id": str(uuid.uuid4()),
        "idempotency_key": uuid.uuid4().hex,
        "conversation_id": "c-1",
        "channel": "web",
        "contact_name": name,
        "phone": phone,
        "email": email,
        "preferred_time": time,
        "reason": reason,
        "status": "open",
        "version": 1,
        "updated_at": at,
    }
    return AppointmentRequest(created_at=at, **{**defaults, **values})


def message(at: datetime, **values: Any) -> StaffMessage:
    name, phone, email, _, words = PERSONAL
    defaults = {
        "id": str(uuid.uuid4()),
        "idempotency_key": uuid.uuid4().hex,
        "conversation_id": "c-1",
        "channel": "web",
        "topic": "talk_to_human",
        "urgency": "ordinary",
        "language": "en",
        "contact_name": name,
        "phone": phone,
        "email": email,
        "text": words,
        "status": "open",
        "version": 1,
        "updated_at": at,
    }
    return StaffMessage(created_at=at, **{**defaults, **values})


def conversation(at: datetime, conversation_id: str, attention: str | None = None, **values: Any) -> LoggedConversation:
    defaults = {
        "channel": "web",
        "language": "en",
        "turn_count": 3,
        "fallback_count": 0,
        "has_safety": False,
        "last_outcome": "answered",
        "last_event_id": 1,
    }
    return LoggedConversation(
        conversation_id=conversation_id,
        started_at=at,
        last_activity_at=at,
        attention=attention,
        attention_since=at if attention else None,
        **{**defaults, **values},
    )


def turn(at: datetime, conversation_id: str, ordinal: int, event_id: int, message_id: str) -> LoggedTurn:
    return LoggedTurn(
        event_id=event_id,
        conversation_id=conversation_id,
        ordinal=ordinal,
        message_id=message_id,
        channel="web",
        language="en",
        started_at=at,
        hour=0,
        text=PERSONAL[4],
        text_digest="0" * 64,
        label="faq/causes",
        candidates="[]",
        ranking="[]",
        outcome="answered",
        responses="[]",
        slots="{}",
    )


def thumbs_down(at: datetime, conversation_id: str, message_id: str) -> Feedback:
    return Feedback(conversation_id=conversation_id, message_id=message_id, helpful=False, given_at=at)


def turn_review(at: datetime, conversation_id: str, event_id: int) -> TurnReview:
    return TurnReview(
        event_id=event_id, conversation_id=conversation_id, verdict="right", reviewed_by="jo", reviewed_at=at
    )


def conversation_review(at: datetime, conversation_id: str, turns_seen: int) -> ConversationReview:
    return ConversationReview(conversation_id=conversation_id, turns_seen=turns_seen, reviewed_by="jo", reviewed_at=at)
