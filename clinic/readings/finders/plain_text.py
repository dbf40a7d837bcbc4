"""A message in plain characters, each of which knows its place in the message as it was written.

Phones type curly quotes, copied text carries zero-width characters, and an accent may be a character of its own. The
finders look at the plain form; what they return points into the written one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

COVER = "\x1a"
"""Stands in place of a detail that is found already; control characters of a message itself are dropped."""

_REPLACEMENTS = {
    **dict.fromkeys("‘’‛ʼ´`＇′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−－", "-"),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
    ),
    **dict.fromkeys("\r\u2028\u2029\x0b\x0c\x85", "\n"),
    "＠": "@",
    "＋": "+",
    "（": "(",
    "）": ")",
    "．": ".",
    "，": ",",
    "\u0130": "I",  # its lower case is two characters, which would move every later position
}
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0f"
)
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})


@dataclass(frozen=True)
class Detail:
    """One detail found in a message: `written[start:end] == text`; `value` is the text made plain for its reading."""

    kind: str
    start: int
    end: int
    text: str
    value: str


class Found(NamedTuple):
    """One find in a plain text: `plain[start:end]`, and the value it stands for."""

    start: int
    end: int
    value: str


@dataclass(frozen=True)
class PlainText:
    """`plain` and `lower` have the same length; character i of them stands at `positions[i]` in `written`."""

    written: str
    plain: str
    lower: str
    positions: tuple[int, ...] | None

    @staticmethod
    def of(text: str | PlainText) -> PlainText:
        """The plain form of a message; a message that is plain already is returned as it is."""
        if isinstance(text, PlainText):
            return text
        if text.isascii() and text.isprintable():
            return PlainText(text, text, text.lower(), None)
        plain: list[str] = []
        positions: list[int] = []
        for position, character in _plain_characters(text):
            plain.append(character)
            positions.append(position)
        positions.append(len(text))
        joined = "".join(plain)
        return PlainText(text, joined, _lowered(joined), tuple(positions))

    def detail(self, kind: str, found: Found) -> Detail:
        """The find with its places in the text as it was written."""
        start, end = found.start, found.end
        if self.positions is not None:
            start, end = self.positions[start], self._with_accents(self.positions[end - 1] + 1)
        return Detail(kind, start, end, self.written[start:end], found.value)

    def _with_accents(self, end: int) -> int:
        """Take in the accents that follow the last letter as characters of their own."""
        while end < len(self.written) and unicodedata.combining(self.written[end]):
            end += 1
        return end

    def without(self, finds: list[Found]) -> PlainText:
        """The same text with each of these finds covered by `COVER`, a character that no message contains."""
        if not finds:
            return self
        plain, lower = list(self.plain), list(self.lower)
        for found in finds:
            cover = COVER * (found.end - found.start)
            plain[found.start : found.end] = cover
            lower[found.start : found.end] = cover
        return PlainText(self.written, "".join(plain), "".join(lower), self.positions)


def _plain_characters(text: str) -> Iterator[tuple[int, str]]:
    for start, cluster in _clusters(text):
        composed = unicodedata.normalize("NFC", cluster) if len(cluster) > 1 else cluster
        for character in composed:
            plain = _plain_character(character)
            if plain:
                yield start, plain


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Each character with the combining accents after it; at most four, so that a pile of accents costs nothing."""
    for match in _CLUSTER.finditer(text):
        yield match.start(), match.group()


_CLUSTER = re.compile(r"[\s\S][\u0300-\u036f]{0,4}")


def _plain_character(character: str) -> str:
    if character.isascii():
        return " " if character == "\t" else _ascii_character(character)
    replaced = _REPLACEMENTS.get(character)
    if replaced is not None:
        return replaced
    if character in _INVISIBLE or unicodedata.category(character) in _INVISIBLE_CATEGORIES:
        return ""
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    return character


def _ascii_character(character: str) -> str:
    if character in "\r\x0b\x0c":
        return "\n"
    if character == "`":
        return "'"
    return character if character == "\n" or character >= " " else ""


def _lowered(text: str) -> str:
    """Lower case of the same length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


class Places:
    """Which characters of a text are taken by a find already."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)

    def take(self, start: int, end: int) -> bool:
        """Take these characters and return True, or change nothing and return False where one of them is taken."""
        if any(self._taken[start:end]):
            return False
        self._taken[start:end] = b"\x01" * (end - start)
        return True


def word_set(words: str) -> frozenset[str]:
    """The words of a text, for looking one up."""
    return frozenset(words.split())
