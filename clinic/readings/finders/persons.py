"""Where the visitor says who they are.

Patterns and word lists, no statistical model: one for general English takes "milia" for a person or a place and costs
more time than all finders together. What counts is how the name is introduced. A name that nothing introduces and that
stands next to no contact, and neither opens nor closes the message, is left alone, and the conversation asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from clinic.readings.finders.name_words import (
    MOST_WORDS,
    WORD,
    Name,
    is_capitalised,
    is_closed,
    is_everyday,
    is_given_name,
    is_name_word,
    name_from,
)
from clinic.readings.finders.plain_text import COVER, Found, PlainText, word_set


class _Trust(Enum):
    """How much an introduction says that a name follows."""

    SAID = "any name will do, in lower case too"
    LIKELY = "a given name, two capitalised words, or a single capitalised one that ends its phrase"
    POSSIBLE = "a given name, a title, or two capitalised words"
    DOUBTFUL = "a given name or a title"


# The visitor says that a name follows. Not "her name is", "the brand name is", "my doctor's name is".
_SAID = re.compile(
    r"(?:\bmy (?:full |first |real |legal |given )?name(?: is|'?s|:| =| -)? ?"
    r"|\b(?:me llamo|mi nombre es|mam na imi[eę]|nazywam si[eę]|je m'appelle|ich hei(?:ss|ß)e)"
    r"|\b(?:the|full|contact|patient|client) name(?: is|'s| ?[:=-]| goes)"
    r"|(?:^|[\n.,;!?:(] {0,3}|\b(?:ok|okay|sure|yes|hi|hey|hello|and|thanks) )names?(?: is|'?s| ?[:=-])?(?= )"
    r"|\b(?:under|in|by) (?:the |my )?name(?: of)?|\bname for (?:it|this|the appointment|the booking) is)"
    r"[ :,\"'=-]{0,4}(?:is )?(?:it's )?"
)
_INTRODUCTIONS = (
    (_SAID, _Trust.SAID),
    (
        re.compile(
            r"\b(?:i'm|i am|im|this is|soy|call me|i go by|jestem|je suis|sign me up as|speaking (?:to|with)"
            r"|(?:put|book|write|list|schedule|sign) (?:it|me|us|this|that) (?:down |up |in )?(?:under|as|for))"
            r"[ :,\"']{1,3}(?:just )?"
        ),
        _Trust.LIKELY,
    ),
    (re.compile(r"\b(?:under|patient|client|appointment for|for me|for myself)[ :,.!\"'(-]{1,4}"), _Trust.POSSIBLE),
    (
        re.compile(
            r"\b(?:(?:it's|its|it is)(?: me(?: again)?)?|that's|here's|here is|for|from"
            r"|(?:ok|okay|sure|yes|yeah|yep)(?=[ ,.!]+\w))"
            r"[ :,.!\"'(-]{1,4}"
        ),
        _Trust.DOUBTFUL,
    ),
)
_FIRST_AND_LAST = re.compile(
    r"\bfirst(?: name)?(?: is|:| -)? {1,2}(?P<first>[^\W\d_]{2,40})[ ,.;/&]{1,4}(?:and )?(?:my )?"
    r"(?:last|sur)(?: ?name)?(?: is|:| -)? {1,2}(?P<last>[^\W\d_]{2,40})"
)
_HERE = re.compile(r"[ ,]{1,2}here\b")
_GREETING = re.compile(r"\s{0,3}(?:(?:hi|hey|hello|hola|good (?:morning|afternoon|evening))(?: there)?[ ,.!-]{1,4})?")
_SIGNING = re.compile(
    r"(?:\n|^[-~*] ?|(?:thanks(?: so much| a lot)?|thank you(?: so much)?|thx|ty|gracias|regards|best|sincerely"
    r"|cheers)\b {0,1}[,.!:)\n-][ ,.!:)\n-]{0,3}| [-~*]{1,2} {0,2})(?=[^\W\d_])"
)
_LABELS = word_set(
    "my phone number numbers num cell mobile is at on tel ph no contact call text me reach the best can "
    "you email e-mail mail address and it's its or"
)
_BETWEEN = " ,.;:/()-\n|#'"
_OF_ANOTHER = re.compile(
    r"\b(?:her|his|their|your|ur|whose|brand|product|cream|doctor'?s?|dr'?s|\w+'s|file|user|clinic|for"
    r"|see|with) {1,2}(?:full |first )?$"
)
_TITLE_BEFORE = re.compile(r"\b(?:mrs|ms|mr|miss|mx|dr)\.? {0,2}$")
_TAIL = 120


def scan_persons(message: PlainText) -> list[Found]:
    """The visitor's name, or nothing: at most one find. Phones and e-mail addresses are expected to be covered.

    The value is the name as it was written, with single spaces and without a title before two or more words.
    """
    best: Name | None = None
    for name in _names(message):
        if best is None or _is_fuller(name, best):
            best = name
    return [] if best is None else [Found(best.start, best.end, best.value)]


def _is_fuller(name: Name, other: Name) -> bool:
    """The same person with more words: "I'm Dana ... thanks, Dana Wells"."""
    return len(name.words) > len(other.words) and name.words[0].lower() == other.words[0].lower()


def _names(message: PlainText) -> Iterator[Name]:
    """Every name that is introduced, the surest kinds of introduction first."""
    yield from _first_and_last(message)
    sure, *hints = _INTRODUCTIONS
    yield from _after(message, *sure)
    yield from _after(message, *hints[0])
    yield from _beside_contacts(message)
    for hint in hints[1:]:
        yield from _after(message, *hint)
    yield from _at_the_start(message)
    yield from _signed(message)


def _first_and_last(message: PlainText) -> Iterator[Name]:
    for match in _FIRST_AND_LAST.finditer(message.lower):
        parts = [message.plain[slice(*match.span(group))] for group in ("first", "last")]
        if all(is_name_word(part.lower()) for part in parts):
            yield Name(match.start("first"), match.end("last"), "", tuple(parts))


def _after(message: PlainText, introduction: re.Pattern[str], trust: _Trust) -> Iterator[Name]:
    for match in introduction.finditer(message.lower):
        name = name_from(message, match.end())
        if name and _is_trusted(message, name, trust) and not _is_of_another(message, match, name):
            yield name


def _is_of_another(message: PlainText, match: re.Match[str], name: Name) -> bool:
    """ "Her name is ...", "for Dr. Ruiz": neither is the visitor."""
    if match.re is _SAID:
        return _OF_ANOTHER.search(message.lower, max(0, match.start() - 30), match.start()) is not None
    doctor = name.title.lower().startswith(("dr", "doctor", "prof"))
    return doctor and message.lower[match.start() : match.end()].strip(" ,:") in {"for", "under", "from"}


def _is_trusted(message: PlainText, name: Name, trust: _Trust) -> bool:
    if trust is _Trust.SAID:
        return len(name.words[0]) > 1 or len(name.words) > 1
    if trust is _Trust.DOUBTFUL:
        return _is_sure(name) and (bool(name.title) or is_given_name(name.words[0].lower()))
    closes = is_capitalised(name.words[0]) and len(name.words[0]) > 2 and is_closed(message, name.end)
    will = is_capitalised(name.words[0]) and is_given_name(name.words[0].lower())
    return _is_sure(name) or (trust is _Trust.LIKELY and (closes or will))


def _is_sure(name: Name) -> bool:
    """Sure by its words alone: a title, a given name, or two capitalised words."""
    first = name.words[0].lower()
    if name.title:
        return any(len(word) > 1 for word in name.words)
    if len(name.words) > 1 and all(is_capitalised(word) for word in name.words if len(word) > 3):
        return is_capitalised(name.words[0])
    if not is_given_name(first):
        return False
    return not is_everyday(first) or (len(name.words) > 1 and name.words[0][0].isupper())


def _beside_contacts(message: PlainText) -> Iterator[Name]:
    """ "Lena Brandt, 312-555-0100" and "312-555-0100 Lena Brandt"."""
    for match in re.finditer(f"{COVER}+", message.plain):
        before = _ending_at(message, match.start())
        if before and _is_sure(before):
            yield before
        place = match.end()
        while place < len(message.plain) and message.plain[place] in _BETWEEN and place < match.end() + 5:
            place += 1
        name = name_from(message, place)
        if name and _is_sure(name) and (len(name.words) > 1 or is_closed(message, name.end)):
            yield name


def _ending_at(message: PlainText, place: int) -> Name | None:
    """The name before a contact: back over labels ("cell", "my number is") to the words of the name."""
    words = list(WORD.finditer(message.plain, max(0, place - _TAIL), place))
    while words and words[-1].group().lower() in _LABELS:
        words.pop()
    if not words or message.plain.count("\n", words[-1].end(), place) > 1:
        return None
    first = words[-1]
    for word in reversed(words[-MOST_WORDS:]):
        if not ((word is first or _stand_together(message, word, first)) and is_name_word(word.group().lower())):
            break
        first = word
    name = name_from(message, _title_start(message, first.start()))
    return name if name and name.end >= words[-1].end() else None


def _stand_together(message: PlainText, word: re.Match[str], following: re.Match[str]) -> bool:
    """Whether nothing ends between two words: a full stop does, unless it follows an initial."""
    between = message.plain[word.end() : following.start()]
    return not between.strip(" .") and ("." not in between or len(word.group()) == 1)


def _title_start(message: PlainText, place: int) -> int:
    title = _TITLE_BEFORE.search(message.lower, max(0, place - 8), place)
    return title.start() if title else place


def _at_the_start(message: PlainText) -> Iterator[Name]:
    """The message is a name, or opens with one: "Dana Wells, I'd like ...", "hi, Dana Wells here".

    A name after a greeting and nothing else ("hi Anna") is the one that is greeted.
    """
    greeting = _GREETING.match(message.lower)
    place = greeting.end() if greeting else 0
    name = name_from(message, place)
    if name is None or not _is_sure(name):
        return
    rest = message.lower[name.end :]
    known = is_given_name(name.words[0].lower()) or bool(name.title)
    whole = place == 0 and not rest.strip(" .,!\n")
    opening = len(name.words) > 1 and rest.lstrip(" ")[:1] in {",", "\n", ".", ":", "-"}
    if _HERE.match(rest) or (known and (whole or opening)):
        yield name


def _signed(message: PlainText) -> Iterator[Name]:
    """The name under the message: "... thanks, Carmen", or a last line "- Dana Wells"."""
    tail = max(0, len(message.plain.rstrip(" .!\n)")) - _TAIL)
    for match in _SIGNING.finditer(message.lower, tail):
        name = name_from(message, match.end())
        if name and not message.plain[name.end :].strip(" .!,\n)" + COVER) and _is_sure(name):
            yield name
