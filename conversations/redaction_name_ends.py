"""Where a name begins and ends in a message, and what looks like one and is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import takewhile

from clinic.readings.finders.common_words import is_common
from clinic.readings.finders.name_shapes import is_thing
from clinic.readings.finders.name_words import PARTICLES, Name, is_capitalised, is_everyday, is_given_name
from clinic.readings.finders.plain_text import Found, PlainText
from clinic.readings.finders.word_lists import last_names
from conversations import redaction_name_cues as cues
from conversations.redaction_spans import NAME_COVER

_REACH = 16
_REACH_OF_LAST_NAME = 50
_LAST_WORD = re.compile(r"(?<![\w'-])(?P<word>[^\W\d_][^\W\d_'-]{1,30}) $")
_INITIAL = re.compile(r"(?<![\w'-])[A-Z]\.? $")
_NEXT_WORD = re.compile(r" (?P<word>[^\W\d_][^\W\d_]{1,30}(?:['-][^\W\d_]{2,30})?)(?![\w'-])")
_NAMES = re.compile(f"{NAME_COVER}+")


def find_of(message: PlainText, name: Name) -> Found | None:
    """The name with all of its words and no others; None where it is a place, a product or a word."""
    start = message.plain.find(name.words[0], name.start)
    end = start + len(own_words(message.plain[start : max(name.end, start + len(name.words[0]))]))
    if _is_none(message.plain[start:end]) or _is_of_a_product(message, start, end):
        return None
    if message.lower[start:end] in capitals() and not is_given_name(message.lower[start:end]):
        return None
    if all(map(_is_plain_english, message.plain[start:end].split())):
        return None
    possessive = cues.POSSESSIVE.search(message.plain, start, end)
    end = possessive.start() if possessive else end
    return Found(start, end, message.plain[start:end])


def _is_none(words: str) -> bool:
    """Whether it begins with a word of another language or of a chat; "van der Berg" does not."""
    first, *others = words.split(" ")
    lower = first.lower().strip(".")
    if others and first in PARTICLES and is_capitalised(others[-1]):
        return False
    return lower in cues.NO_NAMES or (not is_capitalised(first) and lower in cues.NO_NAMES_IN_LOWER_CASE)


def own_words(words: str) -> str:
    """Up to the first everyday word in lower case: "Feldman referred", "Maribel y mi"."""
    first, *others = words.split(" ")
    capital = is_capitalised(first)
    kept = [first, *takewhile(lambda word: not (_is_plain_english(word) or (capital and _is_everyday(word))), others)]
    while len(kept) > 1 and kept[-1] in PARTICLES:
        kept.pop()
    return " ".join(kept)


def _is_everyday(word: str) -> bool:
    return word.islower() and is_everyday(word)


def _is_plain_english(word: str) -> bool:
    lower = word.lower().strip(".")
    if not word.islower():
        return False
    if lower in cues.NO_NAMES or lower in cues.NO_NAMES_IN_LOWER_CASE:
        return True
    return is_common(lower) and not (is_given_name(lower) or lower in last_names())


def _is_of_a_product(message: PlainText, start: int, end: int) -> bool:
    """Whether it is a place, a product or an illness: "Austin Texas", "Epstein pearls", "Port Charlotte"."""
    if cues.NO_PERSON_AFTER.match(message.lower, end):
        return True
    if cues.NO_PERSON_BEFORE.search(message.lower, max(0, start - _REACH), start):
        return True
    return any(is_thing(word) and word not in last_names() for word in message.lower[start:end].split()[1:])


def beside_names(message: PlainText) -> Iterator[Found]:
    """The capitals beside a name that is found already: "Tran Thi" before "Bich", "Kovalsky" after "Anna"."""
    if NAME_COVER not in message.plain or message.plain.isupper():
        return
    for match in _NAMES.finditer(message.plain):
        before, after = _with_words_before(message, match.start()), _with_words_after(message, match.end())
        if before < match.start():
            yield Found(before, match.start(), "")
        if after > match.end():
            yield Found(match.end(), after, "")
    first = cues.FIRST_NAME_LAST.match(message.plain)
    if first and is_capital_of_name(first["name"].split()[0]):
        yield Found(*first.span("name"), first["name"])


def _with_words_before(message: PlainText, start: int) -> int:
    """The start with the capitals that stand right before, and with the last name of "Burns, Kenneth"."""
    while word := _LAST_WORD.search(message.plain, max(0, start - _REACH_OF_LAST_NAME), start):
        if not is_capital_of_name(word["word"]):
            break
        start = word.start()
    initial = _INITIAL.search(message.plain, max(0, start - _REACH), start)
    if initial and initial.group() not in {"I ", "A "}:
        start = initial.start()
    last = cues.LAST_NAME_FIRST.search(message.plain, max(0, start - _REACH_OF_LAST_NAME), start)
    if last and all(map(is_capital_of_name, last["last"].split()[-1:])):
        start = last.start("last")
    lower = cues.LAST_NAME_FIRST_IN_LOWER_CASE.match(message.plain[:start]) if start < _REACH_OF_LAST_NAME else None
    if lower and _is_lower_of_name(lower["last"]):
        start = lower.start("last")
    return start


def _is_lower_of_name(lower: str) -> bool:
    if lower in cues.NO_NAMES or lower in capitals() or is_thing(lower):
        return False
    return lower in last_names() or is_given_name(lower) or not is_common(lower)


def _with_words_after(message: PlainText, end: int) -> int:
    while word := _NEXT_WORD.match(message.plain, end):
        if not is_capital_of_name(word["word"]):
            break
        end = word.end()
    return end


def is_capital_of_name(word: str) -> bool:
    """Whether a word in capitals can be part of a name."""
    lower = word.lower().strip(".")
    if not is_capitalised(word) or is_thing(lower) or lower in cues.NO_NAMES:
        return False
    parts = {lower, *lower.removesuffix("'s").split("-")}
    if not parts.isdisjoint(capitals()):
        return False
    return lower in last_names() or is_given_name(lower) or not is_common(lower)


@lru_cache(maxsize=1)
def capitals() -> frozenset[str]:
    """Words that are written with a capital and name no person, in lower case."""
    text = resources.files("conversations").joinpath("redaction_capitals.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
