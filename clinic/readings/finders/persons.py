"""Where the visitor says who they are.

Patterns and word lists, no statistical model: one for general English takes "milia" for a person or a place and costs
more time than all finders together. What counts is how the name is introduced. A name that nothing introduces and that
stands next to no contact, and neither opens nor closes the message, is left alone, and the conversation asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from clinic.readings.finders.name_shapes import is_shaped, is_thing
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
from clinic.readings.finders.standing_names import asks_for_visit, standing_names


class _Trust(Enum):
    """How much an introduction says that a name follows."""

    SAID = "any name will do, in lower case too"
    LIKELY = "a given name, two capitalised words, or a single capitalised one that ends its phrase"
    POSSIBLE = "a given name, a title, or two capitalised words"
    DOUBTFUL = "a given name or a title; any whole name in a message that asks for a visit"
    UNLIKELY = "a given name or a title"


# The visitor says that a name follows. Not "her name is", "the brand name is", "my doctor's name is".
_SAID = re.compile(
    r"(?:\bmy (?:full |first |real |legal |given )?name(?: is|'?s|:| =| -)? ?"
    r"|\b(?:me llamo|mi nombre es|mam na imi[eę]|nazywam si[eę]|je m'appelle|ich hei(?:ss|ß)e)"
    r"|\b(?:the|full|contact|patient|client) name(?: is|'s| ?[:=-]| goes)"
    r"|(?:^|[\n.,;!?:(] {0,3}|\b(?:ok|okay|sure|yes|hi|hey|hello|and|thanks) )names?(?: is|'?s| ?[:=-])?(?= )"
    r"|\bmy (?:full |first |last )?name (?:to|should be|is actually|is really)"
    r"|\b(?:under|in|by) (?:the |my )?name(?: of)?|\bname for (?:it|this|the appointment|the booking) is)"
    r"[ :,\"'=-]{0,4}(?:is )?(?:it's )?"
)
_OCCUPATION = (
    r"(?:(?:the |a )?(?:school |head |charge |social |case |home (?:health )?)?(?:nurse|rn|lpn|care ?giver|carer|aide"
    r"|worker|manager|coordinator|guardian|teacher|officer|attorney|father|sister|brother|pastor|rabbi|coach) )?"
)
_INTRODUCTIONS = (
    (_SAID, _Trust.SAID),
    # "RN Paula Finch here, Oak Ridge Care."
    (re.compile(r"^\W{0,3}(?:hi |hello )?(?:nurse|rn|lpn|cna|social worker|case manager) "), _Trust.LIKELY),
    (
        re.compile(
            r"\b(?:i'm|i am|im|this is|soy|call me|i go by|jestem|je suis|sign me up as|speaking (?:to|with)"
            r"|(?:put|book|write|list|schedule|sign) (?:it|me|us|this|that) (?:down |up |in )?(?:under|as|for))"
            rf"[ :,\"']{{1,3}}(?:just )?{_OCCUPATION}"
        ),
        _Trust.LIKELY,
    ),
    (re.compile(r"\b(?:under|patient|client|appointment for|for me|for myself)[ :,.!\"'(-]{1,4}"), _Trust.POSSIBLE),
    (
        re.compile(
            r"\b(?:(?:it's|its|it is)(?: me(?: again)?)?|that's|here's|here is"
            r"|(?:ok|okay|sure|yes|yeah|yep)(?=[ ,.!]+\w))"
            r"[ :,.!\"'(-]{1,4}"
        ),
        _Trust.DOUBTFUL,
    ),
    (re.compile(r"\b(?:for|from)[ :,.!\"'(-]{1,4}"), _Trust.UNLIKELY),
)
_FIRST_AND_LAST = re.compile(
    r"\bfirst(?: name)?(?: is|:| -)? {1,2}(?P<first>[^\W\d_]{2,40})[ ,.;/&]{1,4}(?:and )?(?:my )?"
    r"(?:last|sur)(?: ?name)?(?: is|:| -)? {1,2}(?P<last>[^\W\d_]{2,40})"
)
_HERE = re.compile(
    r"[ ,]{1,2}(?:here|(?:needs?|wants?|would like|requests?|is (?:requesting|looking for)) (?:an? |to |the )?"
    r"(?:\w{1,12} )?(?:appointment|appt|apt|visit|consult\w*|book|schedule|come in|be seen))\b"
)
_GREETING = re.compile(r"\s{0,3}(?:(?:hi|hey|hello|hola|good (?:morning|afternoon|evening))(?: there)?[ ,.!-]{1,4})?")
_SIGNING = re.compile(
    r"(?:\n|^[-~*] ?|(?:thanks(?: so much| a lot)?|thank you(?: so much)?|thx|ty|gracias|regards|best|sincerely"
    r"|cheers)\b {0,1}[,.!:)\n-][ ,.!:)\n-]{0,3}| [-~*]{1,2} {0,2})(?=[^\W\d_])"
)
_LABELS = word_set(
    "my phone number numbers num cell mobile is at on tel ph no contact call text me reach the best can "
    "you email e-mail mail address and it's its or rn lpn cna msw lcsw np md"
)
_BETWEEN = " ,.;:/()-\n|#'"
_OF_ANOTHER = re.compile(
    r"\b(?:her|his|their|your|ur|whose|brand|product|cream|doctor'?s?|dr'?s|\w+'s|file|user|clinic|for"
    r"|see|with) {1,2}(?:full |first )?$"
)
_SEEN_BY = re.compile(r"\b(?:by|with|see|seeing|saw|from|for|to|and|or)[ ,:]{1,3}$")
_TITLE_BEFORE = re.compile(r"\b(?:mrs|ms|mr|miss|mx|dr)\.? {0,2}$")
_TAIL = 120


def scan_persons(message: PlainText) -> list[Found]:
    """The visitor's name, or nothing: at most one find. Phones and e-mail addresses are expected to be covered.

    The value is the name as it was written, with single spaces and without a title before two or more words.
    """
    best: Name | None = None
    for name in introduced_names(message):
        if best is None or _is_fuller(name, best):
            best = name
    return [] if best is None else [Found(best.start, best.end, best.value)]


def _is_fuller(name: Name, other: Name) -> bool:
    """The same person with more words: "I'm Dana ... thanks, Dana Wells"."""
    return len(name.words) > len(other.words) and name.words[0].lower() == other.words[0].lower()


def introduced_names(message: PlainText) -> Iterator[Name]:
    """Every name that is introduced, the surest kinds of introduction first; one may come several times."""
    yield from _first_and_last(message)
    sure, *hints = _INTRODUCTIONS
    yield from _after(message, *sure)
    yield from _after(message, *hints[0])
    yield from _beside_contacts(message)
    for hint in hints[1:]:
        yield from _after(message, *hint)
    yield from _at_the_start(message)
    yield from _signed(message)
    yield from standing_names(message)


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
    if trust is not _Trust.UNLIKELY and not name.title and _is_shaped_in_a_request(message, name):
        return True
    if trust in (_Trust.DOUBTFUL, _Trust.UNLIKELY):
        return _is_sure(name) and (bool(name.title) or is_given_name(name.words[0].lower()))
    closes = is_capitalised(name.words[0]) and len(name.words[0]) > 2 and is_closed(message, name.end)
    will = is_capitalised(name.words[0]) and is_given_name(name.words[0].lower())
    return _is_sure(name) or (trust is _Trust.LIKELY and (closes or will))


def _is_shaped_in_a_request(message: PlainText, name: Name) -> bool:
    return is_shaped(message, name) and (COVER in message.plain or asks_for_visit(message))


def _is_sure(name: Name) -> bool:
    """Sure by its words alone: a title, a given name, or two capitalised words."""
    first = name.words[0].lower()
    if name.title:
        return any(len(word) > 1 for word in name.words)
    if is_thing(first) and not is_given_name(first):
        return False
    if len(name.words) > 1 and all(is_capitalised(word) for word in name.words if len(word) > 3):
        return is_capitalised(name.words[0])
    if not is_given_name(first):
        return False
    return not is_everyday(first) or (len(name.words) > 1 and name.words[0][0].isupper())


def _beside_contacts(message: PlainText) -> Iterator[Name]:
    """ "Lena Brandt, 312-555-0100" and "312-555-0100 Lena Brandt"."""
    for match in re.finditer(f"{COVER}+", message.plain):
        before = _ending_at(message, match.start())
        if before and not _is_doctor_seen(message, before):
            yield before
        place = match.end()
        while place < len(message.plain) and message.plain[place] in _BETWEEN and place < match.end() + 5:
            place += 1
        name = name_from(message, place)
        if (name and _is_sure(name) and (len(name.words) > 1 or is_closed(message, name.end))) or (
            name and is_shaped(message, name)
        ):
            yield name


def _is_doctor_seen(message: PlainText, name: Name) -> bool:
    """ "Seen by Dr. Ruiz, 312 555 0100"."""
    doctor = name.title.lower().startswith(("dr", "doctor", "prof"))
    return doctor and _SEEN_BY.search(message.lower, max(0, name.start - 20), name.start) is not None


def _ending_at(message: PlainText, place: int) -> Name | None:
    """The name before a contact: back over labels ("cell", "my number is") to the words of the name."""
    words = list(WORD.finditer(message.plain, max(0, place - _TAIL), place))
    while words and words[-1].group().lower() in _LABELS:
        words.pop()
    if not words or message.plain.count("\n", words[-1].end(), place) > 1:
        return None
    starts = [words[-1].start()]
    for word, following in zip(reversed(words[-MOST_WORDS:-1]), reversed(words), strict=False):
        initial = len(word.group()) == 1 and word.group().isupper()
        if not (_stand_together(message, word, following) and (initial or is_name_word(word.group().lower()))):
            break
        starts.append(word.start())
    return _longest_name(message, reversed(starts), words[-1].end())


def _longest_name(message: PlainText, starts: Iterator[int], end: int) -> Name | None:
    """The longest sure name from one of these places to the end."""
    for start in starts:
        name = name_from(message, _title_start(message, start))
        if name and name.end >= end and (_is_sure(name) or is_shaped(message, name)):
            return name
    return None


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
    if name is None or not (_is_sure(name) or is_shaped(message, name)):
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
