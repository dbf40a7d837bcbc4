"""The places in a message where something is written that is known of its conversation already.

Personal data stays in memory for as long as the patterns made of it are kept: a few hundred conversations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from clinic.readings.finders.common_words import is_common
from clinic.readings.finders.name_shapes import is_thing
from clinic.readings.finders.name_words import MONTH_NAMES, PARTICLES, SUFFIXES, is_everyday
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.finders.word_lists import last_names
from conversations.redaction_spans import Kind, Span

_FEWEST_LETTERS = 3
_FEWEST_DIGITS = 7
_NATIONAL_DIGITS = 10
_LOCAL_DIGITS = 7
_BETWEEN_DIGITS = r"[ .()/_*\-]{0,3}"
_BETWEEN_WORDS = r"[ .,'_\-]{0,3}"
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_LONG_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{6,40}(?![^\W_])")
_ALIKE = 0.75
"""The share of letters that two words have in common, in order: three of four, as "Kowalski" and "Kovalsky" have."""
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "sr", "sra", "prof", "professor"})
_SENTENCE_START = re.compile(r"(?:^|[.!?\n:;(\"-])[ '\"]*$")
_FOLLOWING_WORD = re.compile(r"[ ,]{1,3}([^\W\d_]+)")
_SPEAKS_OF_ONESELF = frozenset({"here", "again", "speaking", "calling", "and"})
_PRONOUNS = frozenset({"i", "you", "it", "he", "she", "we", "they", "this", "that", "these", "there", "the", "my"})
_BEFORE_A_MONTH = re.compile(r"\b(?:in|since|until|till|by|next|last|this|for|of|early|late|mid|or|and|from|to) $")
_DAY = re.compile(r" {1,2}\d")
_REACH = 12
# What NFD does not take apart.
_FOLDED = str.maketrans("łøđıħŧ", "lodiht")


class _Writing(NamedTuple):
    """One way of writing a known value; `is_word` says that it is an everyday word as well ("will")."""

    kind: Kind
    pattern: re.Pattern[str]
    is_word: bool = False


def known_spans(message: PlainText, known: Collection[str]) -> list[Span]:
    """Where one of these values is written, whatever its case, accents and signs.

    Of a full name each part counts as well. A part that is an everyday word ("Will", "May") counts where it is
    capitalised and neither begins a sentence as a word would nor is a month; in lower case only in the full name.
    """
    folded = _folded(message.lower)
    spans = []
    for writing in _writings(tuple(sorted(known))):
        for match in writing.pattern.finditer(folded):
            if not writing.is_word or _is_meant_as_name(message, match):
                spans.append(Span(match.start(), match.end(), writing.kind))
    return spans + _misspelled(folded, _long_words(tuple(sorted(known))))


def _misspelled(folded: str, names: frozenset[str]) -> list[Span]:
    """Words that are no English and nearly one of these long names: "kovalsky"."""
    if not names:
        return []
    return [
        Span(match.start(), match.end(), Kind.NAME)
        for match in _LONG_WORD.finditer(folded)
        if any(match.group()[0] == name[0] and _are_alike(match.group(), name) for name in names)
    ]


def _are_alike(word: str, name: str) -> bool:
    if word == name or is_common(word) or is_thing(word):
        return False
    return SequenceMatcher(None, word, name, autojunk=False).ratio() >= _ALIKE


@lru_cache(maxsize=256)
def _long_words(known: tuple[str, ...]) -> frozenset[str]:
    values = (_folded(PlainText.of(value).lower) for value in known if "@" not in value)
    return frozenset(word for value in values for word in _LONG_WORD.findall(value) if not is_common(word))


@lru_cache(maxsize=256)
def _writings(known: tuple[str, ...]) -> tuple[_Writing, ...]:
    return tuple(writing for value in known for writing in _writings_of(_folded(PlainText.of(value).lower).strip()))


def _writings_of(value: str) -> Iterator[_Writing]:
    digits = "".join(filter(str.isdecimal, value.partition("x")[0]))
    if "@" in value:
        yield _Writing(Kind.EMAIL, _alone(re.escape(value)))
    elif len(digits) >= _FEWEST_DIGITS:
        yield _Writing(Kind.PHONE, _phone_pattern(digits))
    else:
        yield from _writings_of_name([word for word in _WORD.findall(value) if word not in _TITLES])


def _phone_pattern(digits: str) -> re.Pattern[str]:
    """The number with or without its country code and, of an American one, the area code."""
    national, local = digits[-_NATIONAL_DIGITS:], digits[-_LOCAL_DIGITS:]
    area = _BETWEEN_DIGITS.join(national[: -len(local)]) + _BETWEEN_DIGITS if len(national) > len(local) else ""
    country = rf"(?:\+?{digits[:-_NATIONAL_DIGITS]}{_BETWEEN_DIGITS})?" if len(digits) > _NATIONAL_DIGITS else ""
    return re.compile(rf"(?<!\d)(?:{country}\(?{area})?{_BETWEEN_DIGITS.join(local)}(?!\d)")


def _writings_of_name(words: list[str]) -> Iterator[_Writing]:
    if not words:
        return
    if len(words) > 1:
        yield _Writing(Kind.NAME, _alone(_BETWEEN_WORDS.join(map(re.escape, words))))
        first, last = re.escape(words[0]), re.escape(words[-1])
        yield _Writing(Kind.NAME, _alone(rf"{first} {last[0]}\b\.?|{first[0]}\.? ?{last}"))
    for word in words:
        if len(word) >= _FEWEST_LETTERS or (len(word) > 1 and word not in PARTICLES | SUFFIXES):
            yield _Writing(Kind.NAME, _alone(re.escape(word)), is_word=_is_word(word))
        if len(word) > _FEWEST_LETTERS and word.isalpha():
            yield _Writing(Kind.NAME, _alone("[ .-]{1,3}".join(word)))


def _alone(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])")


def _is_word(lower: str) -> bool:
    short = len(lower) < _FEWEST_LETTERS
    return short or is_everyday(lower) or is_common(lower) or is_thing(lower) or lower in last_names() | PARTICLES


def _is_meant_as_name(message: PlainText, match: re.Match[str]) -> bool:
    """Whether an everyday word is the known name here, as far as its capital and what stands around it tell."""
    start, end = match.span()
    if not message.plain[start].isupper() or message.plain.isupper():
        return False
    before = message.lower[max(0, start - _REACH) : start]
    if match.group() in MONTH_NAMES and (_BEFORE_A_MONTH.search(before) or _DAY.match(message.lower, end)):
        return False
    following = _FOLLOWING_WORD.match(message.plain, end)
    if not _SENTENCE_START.search(before):
        return following is None or following[1].lower() not in _PRONOUNS
    if following is None or following[1].lower() in _SPEAKS_OF_ONESELF:
        return True
    return following[1] != "I" and following[1][0].isupper()


def _folded(lower: str) -> str:
    """The text without accents; every character keeps its place."""
    if lower.isascii():
        return lower
    return "".join(unicodedata.normalize("NFD", character)[0] for character in lower).translate(_FOLDED)
