"""How sure the words of a name are by themselves, where nothing says that a name follows."""

from __future__ import annotations

import re

from clinic.readings.finders.common_words import is_common
from clinic.readings.finders.name_words import (
    PARTICLES,
    SUFFIXES,
    Name,
    is_capitalised,
    is_everyday,
    is_given_name,
)
from clinic.readings.finders.plain_text import PlainText, word_set
from clinic.readings.finders.word_lists import last_names, things

_MOST_WORDS = 4
_FEWEST_LETTERS = 3
# Parks of Chicago and around, which begin like people.
_PARKS = word_set("lincoln grant jackson irving jefferson albany norwood rogers hyde oak orland tinley forest franklin")
# Words by which Spanish, Polish and the like are known, of which the lists of everyday words hold few.
_OTHER_LANGUAGE = re.compile(
    r"\b(?:quiero|necesito|quisiera|gustaría|gustaria|para|una|soy|gracias|favor|hola|citas?|los|las|con|tengo|puedo"
    r"|wizyt\w*|prosz[ęe]|chc[ęe]|chcia[łl]\w*|dzień|dzien|mam|czy|je|suis|voudrais|rendez|ich|möchte|termin|bitte|eu"
    r"|gostaria|uma|consulta)\b"
)
_PATIENTS_TITLES = ("mr", "ms", "miss", "mx", "sr", "señor", "senor")


def is_shaped(message: PlainText, name: Name) -> bool:
    """Whether the words alone are a whole name: two to four that are no everyday words and no place or product.

    In capitals one of them has to be more than everyday English; in lower case the first has to, and the last has to be
    so too or a last name. One word will do after "Mrs." and the like.
    """
    words = [word.strip(".") for word in name.words if word.lower().strip(".") not in SUFFIXES]
    lower = [word.lower() for word in words]
    if not words or _is_of_a_thing(lower):
        return False
    if name.title:
        return len(words[-1]) > 1 and name.title.lower().startswith(_PATIENTS_TITLES)
    if not 2 <= len(words) <= _MOST_WORDS or len(lower[0]) == 1 == len(words[-1]):
        return False
    capitals = all(is_capitalised(word) for word in words if word.lower() not in PARTICLES)
    if capitals and not message.plain.isupper():
        return _is_shaped_in_capitals(lower)
    if _OTHER_LANGUAGE.search(message.lower) and not is_given_name(lower[0]):
        return False
    return _is_shaped_in_lower_case(lower)


def is_thing(lower: str) -> bool:
    """Whether a word in lower case belongs to places, illnesses, products, firms or feasts."""
    return lower in things() or lower.removesuffix("'s") in things()


def _is_of_a_thing(lower: list[str]) -> bool:
    first, *rest = lower
    if is_thing(first) and not is_given_name(first):
        return True
    named = is_given_name(first) and first not in _PARKS
    return any(is_thing(word) and not (named and word in last_names()) for word in rest)


def _is_shaped_in_capitals(lower: list[str]) -> bool:
    first, last = lower[0], lower[-1]
    if is_given_name(first) and not is_everyday(first):
        return True
    if is_given_name(first):
        return not is_common(last) or last in last_names() or is_given_name(last)
    return not all(_is_plain_english(word) for word in lower)


def _is_shaped_in_lower_case(lower: list[str]) -> bool:
    first, rest = lower[0], lower[1:]
    if (
        first != "ty"
        and not is_given_name(first)
        and (is_common(first) or len(first) < _FEWEST_LETTERS or first in PARTICLES)
    ):
        return False
    if not all(word in PARTICLES or not _is_plain_english(word) or word in last_names() for word in rest):
        return False
    return len(rest[-1]) > 1 or is_given_name(first)


def _is_plain_english(word: str) -> bool:
    return len(word) == 1 or (is_common(word) and not is_given_name(word))
