"""The places in a message where something is written that is known of its conversation already."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from clinic.readings.finders.plain_text import PlainText
from conversations.redaction_spans import Kind, Span

_FEWEST_LETTERS = 3


def known_spans(message: PlainText, known: Collection[str]) -> list[Span]:
    """Where one of these values is written."""
    return [
        Span(match.start(), match.end(), kind)
        for kind, pattern in _patterns(tuple(sorted(known)))
        for match in pattern.finditer(message.lower)
    ]


@lru_cache(maxsize=256)
def _patterns(known: tuple[str, ...]) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple(pattern for value in known for pattern in _patterns_of(PlainText.of(value).lower.strip()))


def _patterns_of(value: str) -> Iterator[tuple[Kind, re.Pattern[str]]]:
    digits = "".join(character for character in value if character.isdigit())
    if "@" in value:
        yield Kind.EMAIL, re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
    elif len(digits) >= 7:
        yield Kind.PHONE, re.compile(r"(?<!\d)" + r"[ .()/_*-]{0,3}".join(digits[-10:]) + r"(?!\d)")
    else:
        words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", value)
        if words:
            yield Kind.NAME, re.compile(r"(?<!\w)" + r"[\W_]{0,3}".join(map(re.escape, words)) + r"(?!\w)")
        for word in words:
            if len(word) >= _FEWEST_LETTERS and len(words) > 1:
                yield Kind.NAME, re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
