"""What the variables of responses are filled with before a text is measured."""

from clinic.answers.plain_text import PLACEHOLDER, placeholders
from clinic.answers.rule_files import rules_of

SMS = "sms"
READING = "reading"
SHOWN = "shown"


def values(kind: str) -> dict[str, str]:
    """The values of the variables for one measurement: `sms` (long ones) or `reading` (short ones)."""
    return {name: str(value) for name, value in rules_of("sample_values").get(kind, {}).items()}


def unknown_variables(text: str) -> list[str]:
    """The variables of `text` for which no value to measure with is known."""
    named = placeholders(text)
    return sorted((named - set(values(SMS))) | (named - set(values(READING))))


def filled(text: str, kind: str) -> str:
    """`text` with its known variables replaced; unknown ones stay as they are."""
    return filled_with(text, values(kind))


def filled_with(text: str, known: dict[str, str]) -> str:
    """`text` with these variables replaced; others stay as they are."""
    return PLACEHOLDER.sub(lambda found: known.get(found.group(1), found.group(0)), text)
