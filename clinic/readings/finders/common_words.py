"""Which words are everyday English, so that a phrase of them alone is taken for no name."""

from __future__ import annotations

import re
from functools import lru_cache

from clinic.readings.finders.word_lists import common_words, not_names

_ENDINGS = (
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("er", ""),
    ("er", "e"),
    ("est", ""),
    ("'s", ""),
    ("y", ""),
)
_FORMED = re.compile(r".{3,}(?:tion|ment|ness|ity|ous|able|ible|ology|ical|less|ful|itis|osis|rrhea|cyclin|cillin)s?$")
_SHORTEST_STEM = 3
_SHORTEST_MISSPELLED = 6
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=4096)
def is_common(lower: str) -> bool:
    """Whether a word in lower case is everyday English, inflected, or a long one with one letter wrong."""
    if lower in not_names() or lower in common_words() or _FORMED.match(lower):
        return True
    return any(_is_listed(stem) for stem in _stems(lower)) or _is_misspelled(lower)


def _is_listed(word: str) -> bool:
    return len(word) >= _SHORTEST_STEM and (word in common_words() or word in not_names())


def _stems(lower: str) -> list[str]:
    stems = [lower.removesuffix(ending) + rest for ending, rest in _ENDINGS if lower.endswith(ending)]
    return stems + [stem[:-1] for stem in stems if len(stem) > _SHORTEST_STEM + 1 and stem[-1] == stem[-2]]


def _is_misspelled(lower: str) -> bool:
    """One letter too many, too few or two exchanged in a word that visitors of a clinic write ("tomorow")."""
    if not _SHORTEST_MISSPELLED <= len(lower) <= 3 * _SHORTEST_MISSPELLED:
        return False
    places = range(len(lower))
    without = (lower[:place] + lower[place + 1 :] for place in places)
    swapped = (lower[:place] + lower[place + 1] + lower[place] + lower[place + 2 :] for place in places[:-1])
    added = (lower[:place] + letter + lower[place:] for place in places for letter in _LETTERS)
    return any(word in not_names() for kind in (without, swapped, added) for word in kind if len(word) > 4)
