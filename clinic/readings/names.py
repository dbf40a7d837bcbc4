"""From a name as it was typed to the name that the staff call out."""

from __future__ import annotations

import re
import unicodedata

from clinic.readings.finders import BODY_SITE, PERSON, find_details
from clinic.readings.finders.name_words import (
    PARTICLES,
    SUFFIXES,
    WORD,
    is_everyday,
    is_given_name,
    is_name_word,
    name_from,
)
from clinic.readings.finders.plain_text import PlainText

LONGEST_NAME = 100
MOST_WORDS = 5

_LEAD_IN = re.compile(
    r"(?:(?:ok|okay|sure|yes|yeah|yep|yup|hi|hello|hey|of course|certainly|absolutely|well|oh|so|um|uh"
    r"|fine|alright|no problem|no worries|thanks|thank you|hola|claro|s[ií]"
    r"|it's|its|it is|that's|i'm|im|i am|this is|the name is|the name's|name is|name's|name|for|just"
    r"|me|soy|es|under|put|write|make it|call me|everyone calls me|you can call me"
    r"|my friends call me|i go by|go by|mr|mrs|ms|miss|mx|dr)\b[ ,.:!-]{0,4})+(?=\w)"
)
_TRAILER = re.compile(
    r"[ ,.!-]{1,4}(?:thanks(?: so much| a lot)?|thank you(?: so much)?|thx|ty|please|pls|here|speaking"
    r"|is my name|gracias|is fine|works|will do)[ .!)]*$"
)
_SUFFIX_COMMA = re.compile(r", {0,2}(?=(?:jr|sr|ii|iii|iv)\b)")
_LAST_FIRST = re.compile(r"([\w'-]{2,40}(?: [\w'-]{2,40})?), {0,2}([\w'-]{2,40}(?: [\w'.]{1,40})?)")
_SHORT_END = re.compile(r"\b(?:[Jj]r|[Ss]r|[A-Z])$")
_VOWEL = re.compile(r"[aeiouy]|[^\x00-\x7f]")
_AROUND = " .,!\n\"'()-~*_:;"


def read_name(text: str) -> str | None:
    """A name that was found or typed, as it is kept: NFC, single spaces, capitals where all or none were typed.

    Mixed case stays as it is ("McDonald", "van der Berg"). None where nothing is left, or more than `LONGEST_NAME`
    characters.
    """
    words = unicodedata.normalize("NFC", PlainText.of(text).plain).split()
    name = " ".join(words).strip(' ,;:!"()')
    if not name or len(name) > LONGEST_NAME:
        return None
    return _capitalised(name) if name.islower() or name.isupper() else name


def read_name_answer(text: str) -> str | None:
    """The name in an answer to "what is your name?"; None where the answer is something else.

    A bare word is taken for a name here unless it is known to be none; a month that is a name too ("April") counts as
    the name it is meant to be after such a question.
    """
    details = find_details(text)
    persons = [detail.value for detail in details if detail.kind == PERSON]
    if persons:
        return read_name(persons[0])
    message = PlainText.of(text)
    plain = message.plain
    if "?" in plain:
        return _name_before_a_question(message)
    if any(detail.kind != BODY_SITE for detail in details) and not _is_one_word(plain):
        return None
    return _bare_name(plain)


def _name_before_a_question(message: PlainText) -> str | None:
    """ "Dana Wells do they hurt?": a given name and at least one more word, then the question."""
    name = name_from(message, 0)
    if (
        name is None
        or len(name.words) < 2
        or not is_given_name(name.words[0].lower())
        or is_everyday(name.words[0].lower())
    ):
        return None
    following = WORD.search(message.lower, name.end)
    return read_name(name.value) if following and not is_name_word(following.group()) else None


def _is_one_word(plain: str) -> bool:
    return WORD.fullmatch(plain.strip(_AROUND)) is not None


def _bare_name(plain: str) -> str | None:
    bare = _without_lead_in(plain)
    if not bare or len(bare) > LONGEST_NAME or re.search(r"[?\d@/\n<>{}\[\]=+#$%^&|\\]", bare):
        return None
    bare = _SUFFIX_COMMA.sub(" ", bare)
    turned = _LAST_FIRST.fullmatch(bare)
    if turned:
        bare = f"{turned[2]} {turned[1]}"
    return read_name(bare) if _is_name(bare) else None


def _without_lead_in(plain: str) -> str:
    bare = plain.strip(_AROUND)
    trailer = _TRAILER.search(bare.lower())
    bare = bare[: trailer.start()] if trailer else bare
    lead_in = _LEAD_IN.match(bare.lower())
    name = (bare[lead_in.end() :] if lead_in else bare).strip(_AROUND)
    return f"{name}." if _SHORT_END.search(name) and f"{name}." in plain else name


def _is_name(bare: str) -> bool:
    words = bare.split()
    if not 1 <= len(words) <= MOST_WORDS or (words[-1].lower() in PARTICLES and len(words) > 1):
        return False
    return all(_is_word_of_name(word) for word in words) and any(len(word.strip(".")) > 1 for word in words)


def _is_word_of_name(word: str) -> bool:
    letters = word.rstrip(".").removesuffix("'s")
    lower = letters.lower()
    if not WORD.fullmatch(letters):
        return False
    if lower in PARTICLES or lower in SUFFIXES or is_given_name(lower):
        return True
    if len(letters) == 1:
        return letters.isupper() or word.endswith(".")
    return is_name_word(lower) and _VOWEL.search(lower) is not None and not re.search(r"(.)\1\1", lower)


def _capitalised(name: str) -> str:
    return " ".join(_capitalised_word(word, first=index == 0) for index, word in enumerate(name.lower().split(" ")))


def _capitalised_word(word: str, first: bool) -> str:
    if word in PARTICLES and not first:
        return word
    if word.rstrip(".") in {"ii", "iii", "iv"}:
        return word.upper()
    parts = re.split(r"([-'])", word)
    return "".join(part[:1].upper() + part[1:] for part in parts)
