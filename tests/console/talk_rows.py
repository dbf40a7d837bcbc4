"""Conversations of the turn log, written straight into the tables, so that tests choose every word and moment."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from zlib import crc32

from sqlalchemy import delete
from sqlalchemy.engine import Engine

from clinic.database import transaction
from clinic.flags import Flag
from conversations.feedback import Feedback
from conversations.reviews import ConversationReview, TurnReview
from conversations.teaching import Correction
from conversations.text_digest import text_digest
from conversations.turn_log import LoggedConversation, LoggedTurn

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=timezone.utc)
"""Midday in Chicago."""
REPLY = {
    "response": "utter_faq/causes",
    "version": "utter_faq/causes/any/1@0123abcd",
    "facts": ["M5", "M6"],
    "text": "Dead skin cells get trapped under new skin.",
    "choices": [],
}
RANKING = [
    {"label": "faq/causes", "confidence": 0.91},
    {"label": "uncovered/other_causes", "confidence": 0.05},
    {"label": "faq/cause_sun", "confidence": 0.02},
]


TABLES = (LoggedTurn, LoggedConversation, Feedback, Flag, TurnReview, ConversationReview, Correction)


def forget_talks(engine: Engine) -> None:
    """Empty the tables that conversations stand in."""
    with transaction(engine) as session:
        for table in TABLES:
            session.execute(delete(table))


def turn(text: str | None = "what causes them", **values: Any) -> dict[str, Any]:
    """What one turn has of its own; everything else is ordinary."""
    return {"text": text, **values}


def store_talk(
    engine: Engine,
    conversation_id: str = "talk-1",
    turns: Sequence[dict[str, Any]] = ({"text": "what causes them"},),
    *,
    began: datetime = NOON,
    first_event: int | None = None,
    **values: Any,
) -> list[int]:
    """Store a conversation, a minute from turn to turn; the ids of its events."""
    first = first_event if first_event is not None else crc32(conversation_id.encode()) % 1_000_000 * 1_000 + 1
    rows = [
        _turn(conversation_id, ordinal, first + ordinal - 1, began, each) for ordinal, each in enumerate(turns, start=1)
    ]
    with transaction(engine) as session:
        session.add_all(rows)
        session.add(_conversation(conversation_id, rows, values))
    return [row.event_id for row in rows]


def _turn(conversation_id: str, ordinal: int, event_id: int, began: datetime, given: dict[str, Any]) -> LoggedTurn:
    moment = given.get("started_at") or began + timedelta(minutes=ordinal - 1)
    values = {
        "channel": "web",
        "language": "en",
        "message_id": f"{conversation_id}-{ordinal}",
        "label": "faq/causes",
        "confidence": 0.91,
        "outcome": "answered",
        "latency_ms": 12,
        "text_digest": text_digest(given["text"] or ""),
        **given,
        "candidates": json.dumps(given.get("candidates", [])),
        "ranking": json.dumps(given.get("ranking", RANKING)),
        "responses": json.dumps(given.get("responses", [REPLY])),
        "slots": json.dumps(given.get("slots", {})),
        "started_at": moment,
        "hour": int(moment.timestamp()) // 3_600,
    }
    return LoggedTurn(event_id=event_id, conversation_id=conversation_id, ordinal=ordinal, **values)


def _conversation(conversation_id: str, rows: Sequence[Any], given: dict[str, Any]) -> LoggedConversation:
    values = {
        "channel": rows[-1].channel,
        "language": rows[-1].language,
        "started_at": rows[0].started_at,
        "last_activity_at": rows[-1].started_at,
        "turn_count": len(rows),
        "fallback_count": sum(row.outcome == "fallback" for row in rows),
        "least_confidence": min((row.confidence for row in rows if row.confidence is not None), default=None),
        "has_safety": any(row.safety for row in rows),
        "last_outcome": rows[-1].outcome,
        "last_event_id": rows[-1].event_id,
        **given,
    }
    return LoggedConversation(conversation_id=conversation_id, **values)
