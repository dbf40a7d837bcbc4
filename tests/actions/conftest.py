"""Turns and conversations as the actions see them, with details found by the real finders."""

from collections.abc import Callable
from typing import Any

import pytest

from actions.turn import Detail, Turn
from tests.actions.details_of import details_of


@pytest.fixture
def turn() -> Callable[..., Turn]:
    """Make a turn from its text and label; details are what the extractor would find."""

    def make(text: str, label: str = "inform", **overrides: Any) -> Turn:
        values: dict[str, Any] = {
            "conversation_id": "conversation-1",
            "turn_id": "turn-1",
            "channel": "web",
            "text": text,
            "label": label,
            "confidence": 0.95,
            "second_label": None,
            "candidates": (),
            "safety": label if label.startswith("safety/") else None,
            "language": "en",
            "details": tuple(Detail(*found) for found in details_of(text)),
            "sender_phone": None,
        }
        return Turn(**{**values, **overrides})

    return make
