"""What "with a k", "without the h" or "two Ls" makes of a word."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from clinic.readings.finders.word_lists import given_names

# Letters that are heard alike, so that "Brian with a y" tells where the y goes.
_HEARD_ALIKE = {
    "y": ("i", "ie", "e"),
    "i": ("y", "ee"),
    "k": ("c", "ck", "ch"),
    "c": ("k", "s", "ck"),
    "z": ("s",),
    "s": ("z", "c"),
    "ph": ("f", "v"),
    "f": ("ph",),
    "v": ("ph",),
    "ie": ("y", "i", "ey"),
    "ey": ("y", "ie"),
    "ck": ("k", "c"),
    "ei": ("ie",),
    "ai": ("i", "ei"),
    "th": ("t",),
    "x": ("cks", "ks"),
    "q": ("k",),
    "ou": ("u",),
}
# An ending that is not heard: "Sarah", "Anne".
_MAY_END = {"h": "a$", "e": "[bcdfgklmnprst]$"}


class Said(NamedTuple):
    """What is said of a letter: what to do with a word, the letter, and the wrong one where it is named."""

    change: Callable[[str, str, str | None], str | None]
    letter: str
    wrong: str | None

    def of(self, word: str) -> str | None:
        """The word after it, in lower case; None where it is unclear."""
        return self.change(word.lower(), self.letter, self.wrong)


def exchanged(word: str, letter: str, wrong: str | None) -> str | None:
    """The word with one letter in place of the wrong one; None where that is unclear."""
    if wrong and word.count(wrong) == 1 and not (letter in word and wrong not in letter and len(letter) == 1):
        return word.replace(wrong, letter)
    if wrong and word.count(wrong) == 1 and letter in word:
        return word.replace(wrong, letter)
    return word if letter in word else None


def with_letter(word: str, letter: str, wrong: str | None) -> str | None:
    """The word with this letter in it: as it is where it has it, else in place of a letter that is heard alike."""
    if wrong and wrong in word:
        return exchanged(word, letter, wrong)
    if letter in word:
        return word
    places = [other for other in _HEARD_ALIKE.get(letter, ()) if word.count(other) == 1]
    known = {word.replace(other, letter) for other in places} & given_names()
    inserted = {word[:place] + letter + word[place:] for place in range(1, len(word) + 1)} & given_names()
    for candidates in (known, inserted):
        if len(candidates) == 1:
            return candidates.pop()
    if places:
        return word.replace(places[0], letter)
    return word + letter if re.search(_MAY_END.get(letter, "$^"), word) else None


def without_letter(word: str, letter: str, _: str | None) -> str | None:
    """The word without this letter; None where it has several and no known name shows which."""
    if letter not in word:
        return word
    cut = {word[:place] + word[place + 1 :] for place, found in enumerate(word) if found == letter}
    if len(cut) == 1:
        return cut.pop()
    known = cut & given_names()
    return known.pop() if len(known) == 1 else None


def twice(word: str, letter: str, _: str | None) -> str | None:
    """The word with this letter doubled."""
    if letter * 2 in word:
        return word
    return word.replace(letter, letter * 2) if word.count(letter) == 1 else None


def once(word: str, letter: str, _: str | None) -> str | None:
    """The word with this doubled letter once."""
    if letter * 2 in word:
        return word.replace(letter * 2, letter)
    return word if word.count(letter) == 1 else None
