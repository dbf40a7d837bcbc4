"""Where a message names somebody: the one who writes, those they write about, and anybody else.

The clinic's readings look for the one name to book with. Here every name counts, also of those who are only spoken of.
Titles stay ("Dr. [name]"), since they tell a reviewer who is meant without telling who it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from clinic.readings import patient_words
from clinic.readings.finders.common_words import is_common
from clinic.readings.finders.name_shapes import is_thing
from clinic.readings.finders.name_words import (
    SUFFIXES,
    Name,
    is_capitalised,
    is_everyday,
    is_given_name,
    is_name_word,
    name_from,
)
from clinic.readings.finders.persons import introduced_names
from clinic.readings.finders.plain_text import COVER, Found, PlainText
from clinic.readings.finders.word_lists import not_names
from clinic.readings.patient_names import name_at
from conversations import redaction_name_cues as cues
from conversations.redaction_name_ends import beside_names, capitals, find_of, is_capital_of_name, own_words
from conversations.redaction_spans import Kind, Span, covered

_MOST_JOINED = 5
_FEWEST_LETTERS = 3
_WORD = re.compile(r"(?<![\w@.'/-])[^\W\d_]{3,20}(?![\w@/])")
_ANY_WORD = re.compile(r"[^\W\d_]{2,}(?:['-][^\W\d_]+)*")
_MOST_CAPITALS = 0.6
"""With more of its words in capitals than this share a message is a title or shouted, and a capital says nothing."""
_REACH = 10
# "I'm breastfeedin", "it's blueish"
_FORMED = re.compile(r"(?:ing|in'?|ed|ish)$")
_NOT = re.compile(r",? (?:and )?(?:not|but) ")


def scan_names(message: PlainText) -> list[Found]:
    """Every name of a person, without the title before it; contacts are expected to be covered."""
    message = _without_products(message)
    finds = [find for name in _all_names(message) if (find := find_of(message, name)) is not None]
    finds += beside_names(message)
    finds += [
        Found(*match.span(), match.group())
        for match in cues.SPELLED.finditer(message.lower)
        if not cues.ASAP.fullmatch(match.group())
    ]
    return finds


def _all_names(message: PlainText) -> Iterator[Name]:
    yield from introduced_names(message)
    yield from _said(message)
    yield from _barely_said(message)
    yield from _spelled(message)
    yield from _titled(message)
    yield from _related(message)
    yield from _set_apart(message)
    yield from _given(message)
    yield from _unknown_capitals(message)


def _said(message: PlainText) -> Iterator[Name]:
    for pattern, said in ((cues.SAID, True), (cues.LIKELY, False)):
        for match in pattern.finditer(message.lower):
            name = name_at(message, match.end(), said)
            if name and is_name_word(name.words[0].lower()) and _is_believed(name, in_lower_case=said):
                yield from _joined(message, name)


def _barely_said(message: PlainText) -> Iterator[Name]:
    """ "Its brayden, can my mom come": in lower case, a word that is none of English."""
    for pattern, closed in cues.BARELY:
        for match in pattern.finditer(message.lower):
            name = name_from(message, match.end())
            if name is None or not _is_no_english(name) or _FORMED.search(name.words[0]):
                continue
            end = name.start + len(own_words(message.plain[name.start : name.end]))
            if closed.match(message.lower, end):
                yield name


def _spelled(message: PlainText) -> Iterator[Name]:
    """ "Shanelle w/ 2 L's", "it's caitlin with a C"."""
    for match in cues.SPELLED_WITH.finditer(message.plain):
        lower = match["word"].lower()
        if is_given_name(lower) or not (is_common(lower) or is_thing(lower) or lower in cues.NO_NAMES | capitals()):
            yield Name(match.start("word"), match.end("word"), "", (match["word"],))


def _titled(message: PlainText) -> Iterator[Name]:
    """ "Dr. Patel", "mrs hopkins": a title and a word that is no everyday one."""
    for match in cues.TITLED.finditer(message.lower):
        name = name_from(message, match.end())
        if name is None or name.words[0].lower().removesuffix("'s") in cues.NO_TITLED:
            continue
        short = match.group()[:2] in {"dr", "mr", "ms"}  # "the doctor zapped mine"
        if is_capitalised(name.words[0]) or (short and _is_no_english(name)):
            yield name


def _related(message: PlainText) -> Iterator[Name]:
    """ "My son Max", "my daughters, Ana and Mia"."""
    for match in patient_words.RELATION.finditer(message.lower):
        named = patient_words.NAMED_AFTER.match(message.lower, match.end())
        plainly = named or patient_words.PLAINLY_AFTER.match(message.lower, match.end())
        name = name_at(message, plainly.end(), named is not None) if plainly else None
        if name and _is_believed(name, in_lower_case=named is not None):
            yield from _joined(message, name)


def _joined(message: PlainText, name: Name) -> Iterator[Name]:
    """The name and those that are joined to it: "Ana and Mia", "Hoffman not Hofman"."""
    yield name
    for _ in range(_MOST_JOINED):
        joint = patient_words.AND_ANOTHER.match(message.lower, name.end) or _NOT.match(message.lower, name.end)
        following = name_at(message, joint.end(), said=False) if joint else None
        if following is None or not _is_believed(following, in_lower_case=False):
            return
        name = following
        yield name


def _set_apart(message: PlainText) -> Iterator[Name]:
    """ "Vince, 555-0107", "Thaddeus Crane, and the telephone is 555-0107", "Godfrey, aged 77", "Love, Peg"."""
    if message.plain.isupper() or message.plain == message.lower:
        return
    contacts = (cues.BEFORE_CONTACT, cues.AFTER_CONTACT, cues.CLAUSE) if COVER in message.plain else ()
    for pattern in (*contacts, cues.AGED, cues.SIGNED):
        for match in pattern.finditer(message.plain):
            name = _capitals_at_the_end(match["name"], match.end("name"))
            if name and (pattern is not cues.CLAUSE or len(name.words) > 1):
                yield name


def _capitals_at_the_end(text: str, end: int) -> Name | None:
    """The capitalised words that a text ends with, if they can be a name."""
    words = tuple(takewhile(is_capitalised, reversed(text.split(" "))))[::-1]
    lower = [word.lower() for word in words]
    if not words or any(is_thing(word) for word in lower) or set(lower) <= cues.NO_NAMES:
        return None
    if not any(is_given_name(word) or not is_common(word) for word in lower if len(word.removesuffix("'s")) > 1):
        return None
    return Name(end - len(" ".join(words)), end, "", words)


def _given(message: PlainText) -> Iterator[Name]:
    """Common given names wherever they stand, unless they are more than a name; and "van der Berg"."""
    for match in _WORD.finditer(message.plain):
        lower = match.group().lower()
        if not is_given_name(lower):
            continue
        name = name_from(message, match.start())
        if name and (not _is_more_than_a_name(lower) or _is_full(name)):
            yield name
    for match in cues.PARTICLED.finditer(message.plain):
        name = name_from(message, match.start())
        if name and is_capital_of_name(name.words[-1]):
            yield name


def _unknown_capitals(message: PlainText) -> Iterator[Name]:
    """Words in capitals that no list of words has, within a sentence or alone: "Reservation for Saunders"."""
    if message.plain == message.lower:
        return
    whole = cues.WHOLE_MESSAGE.fullmatch(message.plain)
    if whole and all(is_capital_of_name(word) for word in whole["name"].split() if word.lower() not in SUFFIXES):
        yield Name(*whole.span("name"), "", tuple(whole["name"].split()))
    words = _ANY_WORD.findall(message.plain)
    if sum(map(is_capitalised, words)) > _MOST_CAPITALS * len(words):
        return
    for match in cues.WITHIN_SENTENCE.finditer(message.plain):
        placed = cues.PLACED.search(message.lower, max(0, match.start() - _REACH), match.start())
        if not placed and is_capital_of_name(match["word"]) and not _is_more_than_a_name(match["word"].lower()):
            yield Name(match.start("word"), match.end("word"), "", (match["word"],))


def _without_products(message: PlainText) -> PlainText:
    """The message with those makers of creams covered that are called like people."""
    finds = [Span(match.start(), match.end(), Kind.ID) for match in cues.PRODUCTS.finditer(message.lower)]
    return covered(message, finds)


def _is_more_than_a_name(lower: str) -> bool:
    return is_everyday(lower) or lower in cues.AMBIGUOUS or lower in not_names()


def _is_full(name: Name) -> bool:
    """A given name with a last name, both in capitals: "Luz Herrera"."""
    return len(name.words) > 1 and is_capitalised(name.words[0]) and is_capital_of_name(name.words[1])


def _is_believed(name: Name, *, in_lower_case: bool) -> bool:
    """Whether a word is a name where one is likely; `in_lower_case` says that any word which is no English will do."""
    first = name.words[0].lower()
    if is_given_name(first):
        return is_capitalised(name.words[0]) or not is_everyday(first) or in_lower_case
    return (is_capitalised(name.words[0]) and not is_thing(first)) or (in_lower_case and _is_no_english(name))


def _is_no_english(name: Name) -> bool:
    first = name.words[0].lower()
    return not (
        len(first) < _FEWEST_LETTERS
        or is_common(first)
        or is_thing(first)
        or is_everyday(first)
        or first in cues.NO_NAMES
        or first in cues.AMBIGUOUS
    )
