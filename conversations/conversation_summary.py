"""What a conversation comes to: its row in the log, and whether a reviewer should look at it. Pure logic."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversations.turn_outcomes import CLARIFIED, FALLBACK, SAFETY, TRANSACTION

REPEATED_FALLBACK = "repeated_fallback"
LOW_CONFIDENCE = "low_confidence"
SAMPLE = "sample"

# Who once wrote in Spanish is glad of a call in Spanish, whatever came after.
SPANISH = "es"
# Below it the understanding itself is in doubt and asks (UNSURE_BELOW in nlu/understanding.py).
LEAST_SURE = 0.40
_REPEATED = 2
_SAMPLED_IN_HUNDRED = 2


@dataclass(frozen=True)
class TurnSummary:
    """A turn as far as its conversation's row depends on it."""

    started_at: datetime
    channel: str
    language: str
    outcome: str
    confidence: float | None
    safety: str | None
    form: str | None


def conversation_row(conversation_id: str, turns: Sequence[TurnSummary]) -> dict[str, Any]:
    """The row of a conversation without its `last_event_id`.

    Args:
        conversation_id: the id of the conversation.
        turns: all of its turns, oldest first; at least one.
    """
    last = turns[-1]
    missed = [turn for turn in turns if turn.outcome in (FALLBACK, CLARIFIED)]
    understood = _understood(turns)
    attention, since = _attention(conversation_id, turns, missed, understood)
    return {
        "conversation_id": conversation_id,
        "channel": last.channel,
        "language": SPANISH if any(turn.language == SPANISH for turn in turns) else last.language,
        "started_at": turns[0].started_at,
        "last_activity_at": last.started_at,
        "turn_count": len(turns),
        "fallback_count": len(missed),
        "least_confidence": min((confidence for _, confidence in understood), default=None),
        "has_safety": any(turn.safety or turn.outcome == SAFETY for turn in turns),
        "last_outcome": last.outcome,
        "attention": attention,
        "attention_since": since,
    }


def _understood(turns: Sequence[TurnSummary]) -> list[tuple[TurnSummary, float]]:
    """The turns that hung on being understood, with the confidence: not what a form took for an answer.

    A bare name after "what is your name?" is like no training line, and is taken rightly all the same.
    """
    forms = [None, *(turn.form for turn in turns[:-1])]
    return [
        (turn, turn.confidence)
        for turn, form in zip(turns, forms, strict=True)
        if turn.confidence is not None and not (form and turn.outcome == TRANSACTION)
    ]


def _attention(
    conversation_id: str,
    turns: Sequence[TurnSummary],
    missed: Sequence[TurnSummary],
    understood: Sequence[tuple[TurnSummary, float]],
) -> tuple[str | None, datetime | None]:
    if len(missed) >= _REPEATED:
        return REPEATED_FALLBACK, missed[_REPEATED - 1].started_at
    unsure = next((turn for turn, confidence in understood if confidence < LEAST_SURE), None)
    if unsure:
        return LOW_CONFIDENCE, unsure.started_at
    if _is_sampled(conversation_id):
        return SAMPLE, turns[0].started_at
    return None, None


def _is_sampled(conversation_id: str) -> bool:
    """The same two of a hundred conversations each time, whatever is in them."""
    digest = hashlib.sha256(conversation_id.encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") % 100 < _SAMPLED_IN_HUNDRED
