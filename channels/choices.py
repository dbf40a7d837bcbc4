"""Choices: buttons become opaque ids, and a chosen id becomes the message it stands for."""

from collections.abc import Iterable, Mapping
from typing import Any

from conversations.offered_choices import Choice, new_choice

SAFETY_GROUP = "safety/"


def choices_of(buttons: Iterable[Mapping[str, Any]]) -> list[Choice]:
    """The buttons of an utterance, each under a fresh id. A button's `payload` is a label such as `faq/can_i_pop`."""
    return [new_choice(str(button["payload"]), str(button["title"])) for button in buttons]


def parse_data_of(choice: Choice) -> dict[str, Any]:
    """What understanding would have made of a message that means just this choice."""
    intent = {"name": choice.label.split("/", maxsplit=1)[0], "confidence": 1.0}
    return {
        "text": choice.title,
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [],
        "understanding": {
            "label": choice.label,
            "confidence": 1.0,
            "second_label": None,
            "candidates": [],
            "safety": choice.label if choice.label.startswith(SAFETY_GROUP) else None,
            "language": "en",
            "chosen": True,
        },
    }
