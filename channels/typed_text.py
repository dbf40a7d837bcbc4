"""Typed text on its way to understanding. Rasa takes a leading slash for a command; a visitor's slash is just text."""

import unicodedata
from typing import Any, Protocol

COMMAND_PREFIX = "/"
NOTHING_LEFT = "?"
KEPT_CONTROLS = "\n\t"


class Parser(Protocol):
    """What understands a text; Rasa's agent does."""

    async def parse_message(self, message_data: str) -> dict[str, Any]:
        """The parse data of the text."""


def without_controls(text: str) -> str:
    """The text without control characters, and without lone surrogates, which no database takes."""
    return "".join(
        character
        for character in text
        if character in KEPT_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs")
    )


async def parse_typed_text(parser: Parser, text: str) -> dict[str, Any]:
    """Understand a visitor's text without its leading slashes, which never reach Rasa's RegexMessageHandler.

    See `unpack_regex_message` in rasa/shared/core/training_data/story_reader/yaml_story_reader.py: text that begins
    with a slash would set any intent, entity or slot.

    Returns:
        The parse data; its text and the places of its entities are those of the text as typed, without outer space.
    """
    typed = text.strip()
    bare = typed
    while bare.startswith(COMMAND_PREFIX):
        bare = bare.removeprefix(COMMAND_PREFIX).strip()
    parse_data = await parser.parse_message(bare or NOTHING_LEFT)
    shift = len(typed) - len(bare) if bare else 0
    parse_data["text"] = typed
    for entity in parse_data["entities"]:
        entity["start"] += shift
        entity["end"] += shift
    return parse_data
