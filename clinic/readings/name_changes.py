"""What becomes of a known name when the visitor gives another, a part of one, or its spelling."""

from __future__ import annotations

import re

from clinic.readings.finders.name_words import PARTICLES, WORD, is_given_name, name_from
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.name_exchanges import exchanged
from clinic.readings.names import read_name
from clinic.readings.spellings import alike, respelled

_ALIKE = 0.6
_LEAD = r"(?: is| are|'s|s|:| -| =| es|,| should be| would be)? {1,3}(?:it's |its |actually |is |es )?(?=[^\W\d_])"
_LAST_NAME = r"\b(?:last|sur|family|married|maiden) ?names?|\bapellidos?|\b(?:my|the) last(?! ?name)"
_FIRST_NAME = r"\b(?:first|given|fore) ?names?|\bnombre de pila|\bprimer nombre"
_MIDDLE_NAME = r"\b(?:middle) ?(?:name|initial)s?"
_LAST, _FIRST, _MIDDLE = (re.compile(f"(?:{words}){_LEAD}") for words in (_LAST_NAME, _FIRST_NAME, _MIDDLE_NAME))
_IS_LAST = re.compile(rf"\bis my (?:last|sur|family|married) ?name\b|\bes mi apellido\b|\b(?:{_LAST_NAME})\b")
_IS_FIRST = re.compile(r"\bis my (?:first|given) ?name\b")
_CORRECTS = re.compile(
    r"\b(?:no|not|nope|wrong|actually|instead|meant?|sorry|change|correct\w*|it'?s|should be"
    r"|typo)\b"
)
_TITLE = re.compile(r"(?:mrs|ms|mr|miss|mx|dr|sr|sra|señor|señora)\.? (?=\w)", re.IGNORECASE)


def changed_name(known: str | None, text: str, given: str | None) -> str | None:
    """The name after a message that gives one, a part of one, or a spelling; None where it gives nothing.

    `given` is the name that was found in the message, if one was.
    """
    if known:
        mended = exchanged(known, text) or respelled(known, text)
        if mended is not None:
            return mended
    part = given or _part_in(text)
    if part is None:
        return None
    return merged_name(known, part, text) if known else part


def merged_name(known: str, given: str, text: str) -> str:
    """The name that a known one and a newly given one make together.

    A part that is named as one ("my last name is Brandt", "apellido") joins the rest of the known name. The known name
    stays where the new one only repeats some of its words ("Nora" of "Nora Quinn"); the fuller of two names of one
    person counts; any other name takes its place.
    """
    if not known.strip() or not given.strip():
        return known if known.strip() else given
    named = _named_part(known.split(), given, text)
    if named is not None:
        return named
    old, new = _words(known), _words(given)
    if _covers(old, new):
        return given if len(old) == len(new) and _is_better_written(known, given) else known
    if _covers(new, old):
        return given
    return _of_one_word(known, given, text) if len(new) == 1 else given


def _named_part(old: list[str], given: str, text: str) -> str | None:
    lower = PlainText.of(text).lower
    last, first = _LAST.search(lower) or _IS_LAST.search(lower), _FIRST.search(lower) or _IS_FIRST.search(lower)
    if (last and first) or _starts_alike(old, given):
        return None
    if last:
        return " ".join([*_without_last(old), given])
    if first:
        return " ".join([given, *(old[1:] if len(old) > 1 else [] if alike(old[0], given) >= _ALIKE else old)])
    if _MIDDLE.search(lower) and len(old) > 1:
        return " ".join([old[0], given, *old[1:]])
    return None


def _starts_alike(old: list[str], given: str) -> bool:
    """Whether what is given begins with the known first name, so that it is a whole name."""
    words = _words(given)
    return len(words) > 1 and words[0] == old[0].lower()


def _without_last(old: list[str]) -> list[str]:
    first = old[:1] if len(old) < 2 else old[:-1]
    while len(first) > 1 and first[-1].lower() in PARTICLES:
        first = first[:-1]
    return first


def _part_in(text: str) -> str | None:
    """The name after "my last name is", "apellido", "first name:"."""
    message = PlainText.of(text)
    for pattern in (_LAST, _FIRST, _MIDDLE):
        match = pattern.search(message.lower)
        name = name_from(message, match.end()) if match else None
        if name:
            return read_name(name.value)
    before = _IS_LAST.search(message.lower) or _IS_FIRST.search(message.lower)
    words = list(WORD.finditer(message.plain, 0, before.start())) if before and " is my " in message.lower else []
    name = name_from(message, words[-1].start()) if words else None
    return read_name(name.value) if name else None


def _words(name: str) -> list[str]:
    return [word.strip(".").lower() for word in _TITLE.sub("", name).split()]


def _covers(whole: list[str], part: list[str]) -> bool:
    """Whether every word of the part is one of the whole name, in order, or its initial."""
    left = iter(whole)
    return all(any(word == other or (len(word) == 1 and other.startswith(word)) for other in left) for word in part)


def _is_better_written(known: str, given: str) -> bool:
    return known != given and not (given.islower() or given.isupper()) and len(given) >= len(known)


def _of_one_word(known: str, given: str, text: str) -> str:
    """One other word: a better spelling of one of the known words, a last name that was missing, or another name."""
    old = known.split()
    place = max(range(len(old)), key=lambda index: alike(old[index], given))
    if alike(old[place], given) >= _ALIKE:
        return " ".join([*old[:place], given, *old[place + 1 :]])
    corrects = _CORRECTS.search(PlainText.of(text).lower) is not None
    if len(old) == 1 and not corrects and is_given_name(known.lower()) and not is_given_name(given.lower()):
        return f"{known} {given}"
    return given
