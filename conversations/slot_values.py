"""Which slots may be shown to whoever reads conversations, and which hold what tells who somebody is."""

from collections.abc import Iterator
from typing import Any

# Set by the bot to words of its own. Every slot that is not named here is taken to be personal.
SHOWN = frozenset({"topic", "offer", "language", "misses", "apologised", "after_safety", "about"})
# Sentences of the visitor or keys of rows: kept from view, but no names or numbers to look for in other texts.
NOT_IDENTIFYING = SHOWN | {
    "requested_slot",
    "confirmation",
    "request_key",
    "target_request",
    "patient_relation",
    "preferred_time",
    "reason",
    "message_text",
    "open_questions",
}
REQUESTED_SLOT = "requested_slot"
GIVEN = "given"
_LONGEST_SHOWN = 80
_PAIRS_WITH_A_NAME = "also_for"
_PAIRS_OF_CHANGES = "pending_change"


def shown_value(slot: str, value: Any) -> str | int | float | bool | None:
    """What is shown of a slot's value: itself, or that there is one; None when there is none."""
    if value is None or value in ("", [], {}):
        return None
    if slot not in SHOWN or not isinstance(value, str | int | float | bool):
        return GIVEN
    return value[:_LONGEST_SHOWN] if isinstance(value, str) else value


def identifying_values(slot: str, value: Any) -> Iterator[str]:
    """The names, phones and e-mail addresses that a slot's value holds."""
    if slot in NOT_IDENTIFYING:
        return
    if slot == _PAIRS_WITH_A_NAME:
        # Pairs of what somebody is to the visitor, which is no name, and their name.
        yield from (text for _, text in _pairs(value) if isinstance(text, str) and text.strip())
    elif slot == _PAIRS_OF_CHANGES:
        for field, text in _pairs(value):
            yield from identifying_values(str(field), text)
    else:
        yield from _texts_in(value)


def _pairs(value: Any) -> Iterator[tuple[Any, Any]]:
    for pair in value if isinstance(value, list) else ():
        if isinstance(pair, list) and len(pair) == 2:
            yield pair[0], pair[1]


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts_in(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts_in(each)
