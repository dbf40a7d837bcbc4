"""Places of personal data in a message, and the message with such places covered for the next finder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple

from clinic.readings.finders.plain_text import COVER, Found, PlainText

NEUTRAL_COVER = "\x1b"
"""Covers what is neither: unlike `COVER` it does not tell the finder of names that a name stands beside it."""

NAME_COVER = "\x1c"
"""Covers a name: what stands beside it in capitals belongs to it."""


class Kind(str, Enum):
    """What a piece of personal data is; the value is the word within the token that replaces it."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    BIRTH_DATE = "birth date"
    ID = "id"
    ADDRESS = "address"

    @property
    def token(self) -> str:
        """What stands in the redacted text instead."""
        return f"[{self.value}]"


TOKEN = re.compile(r"\[(?:" + "|".join(kind.value for kind in Kind) + r")\]")
_COVERS = {Kind.NAME: NAME_COVER, Kind.PHONE: COVER, Kind.EMAIL: COVER}


class Span(NamedTuple):
    """One find: `plain[start:end]` of the message's plain text."""

    start: int
    end: int
    kind: Kind


def spans_of(kind: Kind, finds: Iterable[Found]) -> list[Span]:
    """The finds of a finder as spans of one kind."""
    return [Span(found.start, found.end, kind) for found in finds]


def covered(message: PlainText, spans: Sequence[Span]) -> PlainText:
    """The message with each of these spans covered; everything keeps its place."""
    if not spans:
        return message
    plain, lower = list(message.plain), list(message.lower)
    for span in spans:
        cover = _COVERS.get(span.kind, NEUTRAL_COVER) * (span.end - span.start)
        plain[span.start : span.end] = cover
        lower[span.start : span.end] = cover
    return PlainText(message.written, "".join(plain), "".join(lower), message.positions)


def token_spans(message: PlainText) -> list[Span]:
    """The tokens that stand in a text already, put there before or typed by a visitor."""
    if "[" not in message.plain:
        return []
    return [Span(match.start(), match.end(), Kind(match.group()[1:-1])) for match in TOKEN.finditer(message.plain)]


def has_uncovered(message: PlainText, span: Span) -> bool:
    """Whether there is anything in a span that is not covered yet; a find without is none."""
    return any(character.isalnum() for character in message.plain[span.start : span.end])


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order of place, those that overlap joined under the kind of the longest."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            last = joined.pop()
            longest = max(last, span, key=lambda each: each.end - each.start)
            joined.append(Span(last.start, max(last.end, span.end), longest.kind))
        else:
            joined.append(span)
    return joined
