"""A name after one is put in place of another: "Carl Reuter, not Cal", "Brandt instead of Brant", "not Cal, Carl"."""

from __future__ import annotations

import re

from clinic.readings.finders.name_words import PARTICLES, WORD, is_name_word
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.names import read_name
from clinic.readings.spellings import alike, bare

_ALIKE = 0.6
_MOST_WORDS = 4
_NOT = re.compile(r"[, -]{1,3}(?:and )?(?:not|no|instead of|rather than|in place of) {1,2}(?=[^\W\d_])")
_NOT_FIRST = re.compile(r"\b(?:not|change|replace|instead of|rather than) {1,2}(?=[^\W\d_])")
_THEN = re.compile(r"(?:[ ,.;-]{1,3}(?:but |it'?s |it is |its |my name is |to |into |with )?)(?=[^\W\d_])")


def exchanged(known: str, text: str) -> str | None:
    """The whole name after a message that sets words of the known one against others; None where none does.

    `known` is the name as it is known. Only what stands against words of it counts: "Carl, not Kurt" says nothing about
    "Cal Reuter".
    """
    message = PlainText.of(text)
    words = known.split()
    for match in _NOT.finditer(message.lower):
        right, wrong = _words_before(message, match.start()), _words_after(message, match.end())[0]
        name = _put(words, right, _known_part(words, wrong))
        if name:
            return name
    for match in _NOT_FIRST.finditer(message.lower):
        wrong, end = _words_after(message, match.end())
        then = _THEN.match(message.lower, end)
        right = _words_after(message, then.end())[0] if then else []
        name = _put(words, right, _known_part(words, wrong))
        if name:
            return name
    return None


def _words_before(message: PlainText, end: int) -> list[str]:
    """The words of a name that end at this place."""
    words: list[str] = []
    start = end
    for match in reversed(list(WORD.finditer(message.plain, max(0, end - 100), end))):
        joined = message.plain[match.end() : start].strip() == ""
        if len(words) == _MOST_WORDS or not joined or not _is_of_name(match.group()):
            break
        words.insert(0, match.group())
        start = match.start()
    return words


def _words_after(message: PlainText, place: int) -> tuple[list[str], int]:
    """The words of a name that begin at this place, and where they end."""
    words: list[str] = []
    match = WORD.match(message.plain, place)
    while match and len(words) < _MOST_WORDS and _is_of_name(match.group()):
        words.append(match.group())
        place = match.end()
        match = WORD.match(message.plain, place + 1) if message.plain[place : place + 1] == " " else None
    return words, place


def _is_of_name(word: str) -> bool:
    return word.lower() in PARTICLES or is_name_word(word.lower())


def _known_part(known: list[str], wrong: list[str]) -> range | None:
    """The places of the known words that are called wrong: as many of the words after "not" as stand there in a row."""
    for count in range(len(wrong), 0, -1):
        sought = [bare(word) for word in wrong[:count]]
        for place in range(len(known) - count + 1):
            if [bare(word) for word in known[place : place + count]] == sought:
                return range(place, place + count)
    return None


def _put(known: list[str], right: list[str], wrong: range | None) -> str | None:
    if not right or wrong is None or [bare(word) for word in right] == [bare(word) for word in known]:
        return None
    new = (read_name(" ".join(right)) or "").split()
    rest = [bare(word) for place, word in enumerate(known) if place not in wrong]
    if {bare(word) for word in new} <= set(rest):
        return None
    if len(new) > len(wrong) and (len(new) >= len(known) or any(bare(word) in rest for word in new)):
        return " ".join(new)
    if len(new) < len(wrong):
        return _in_place_of_the_closest(known, new)
    return " ".join([*known[: wrong.start], *new, *known[wrong.stop :]])


def _in_place_of_the_closest(known: list[str], new: list[str]) -> str:
    """ "Carl, not Cal Reuter": the one word that is like a known one takes its place; any other is the name."""
    place = max(range(len(known)), key=lambda index: alike(known[index], new[0]))
    if len(new) > 1 or alike(known[place], new[0]) < _ALIKE:
        return " ".join(new)
    return " ".join([*known[:place], *new, *known[place + 1 :]])
