"""A small log that can be counted by hand: a week of a clinic in Chicago and a little before and after it."""

from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.engine import Engine

from clinic.appointment_requests import AppointmentRequest
from clinic.database import transaction
from clinic.staff_messages import StaffMessage
from console.insight_period import Comparison, Period, compared
from conversations.feedback import Feedback
from tests.clinic.stored_work import store_message, store_request
from tests.console.talk_rows import store_talk, turn

CHICAGO = ZoneInfo("America/Chicago")
WEEK = Period(date(2026, 11, 16), date(2026, 11, 22), CHICAGO)
AFTERWARDS = datetime(2026, 11, 25, 12, tzinfo=timezone.utc)
FORM = {"form": "appointment_form", "outcome": "transaction"}


def of_week() -> Comparison:
    """The week beside the week before, looked at when it is over."""
    return compared(WEEK, AFTERWARDS)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 on the clinic's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO).astimezone(timezone.utc)


def store_log(engine: Engine) -> None:
    """Twelve messages of five conversations in the week, two of one conversation in the week before."""
    store_talk(
        engine,
        "causes",
        [
            turn("what causes them", confidence=0.9, latency_ms=100),
            turn(
                "what does it cost, and can I catch it",
                label="uncovered/cost_insurance",
                second_label="uncovered/contagious",
                outcome="uncovered",
                confidence=0.8,
                latency_ms=200,
            ),
        ],
        began=at(16, 12, 10),
    )
    store_talk(
        engine,
        "spanish",
        [
            turn("por qué salen", channel="sms", language="es", confidence=0.7, latency_ms=300),
            turn("¿?", channel="sms", language="es", label="out_of_scope", outcome="fallback", latency_ms=None),
        ],
        began=at(16, 23, 30),
    )
    store_talk(engine, "danger", [turn("I can't see", **_danger())], began=at(21, 9))
    store_talk(
        engine, "gave-up", [turn("book me", **_form("contact_name")), turn("Ann", **_form("contact"))], began=at(20, 9)
    )
    store_talk(engine, "sent", _sent_form(), began=at(22, 14))
    store_talk(
        engine,
        "before",
        [
            turn("why", confidence=0.1, latency_ms=1_000),
            turn("price?", label="uncovered/cost_insurance", outcome="uncovered", confidence=0.2, latency_ms=3_000),
        ],
        began=at(10, 12),
    )
    store_talk(engine, "too-early", [turn("hi")], began=at(8, 23, 59))
    store_talk(engine, "too-late", [turn("hi")], began=at(23, 0))
    _store_work(engine)
    _store_feedback(engine)


def _danger() -> dict[str, Any]:
    return {"label": "safety/emergency", "outcome": "safety", "safety": "safety/emergency"}


def _form(asked: str | None) -> dict[str, Any]:
    return {"label": "inform", "requested_slot": asked, **FORM}


def _sent_form() -> list[dict[str, Any]]:
    asked = [turn(slot, **_form(slot)) for slot in ("contact_name", "contact", "preferred_time", "confirmation")]
    return [
        {**asked[0], "label": "request_appointment"},
        *asked[1:],
        turn("yes", label="affirm", outcome="transaction"),
    ]


def _store_work(engine: Engine) -> None:
    """In the week: one request contacted after two hours, one that waits, a message closed without contact."""
    sent = store_request(engine, 1, at(22, 14, 4), conversation_id="sent")
    store_request(engine, 2, at(17, 9))
    message = store_message(engine, 1, at(18, 10))
    store_request(engine, 3, at(11, 9))
    with transaction(engine) as session:
        contacted = {"status": "contacted", "first_contact_at": at(22, 14, 4) + timedelta(hours=2)}
        session.execute(update(AppointmentRequest).where(AppointmentRequest.id == sent).values(**contacted))
        session.execute(update(StaffMessage).where(StaffMessage.id == message).values(status="closed"))


def _store_feedback(engine: Engine) -> None:
    verdicts = (("causes-1", True, 16), ("causes-2", False, 16), ("spanish-1", False, 17), ("before-1", True, 10))
    with transaction(engine) as session:
        for message_id, helpful, day in verdicts:
            talk = message_id.rsplit("-", 1)[0]
            session.add(
                Feedback(conversation_id=talk, message_id=message_id, helpful=helpful, given_at=at(day, 23, 45))
            )
        session.add(Feedback(conversation_id="erased", message_id="m", helpful=True, given_at=at(17, 9)))
