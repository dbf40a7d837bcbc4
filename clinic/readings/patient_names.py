"""The names beside the word for somebody: "my son Max", "my daughters, Ana and Mia", "Max Fox is my son"."""

from __future__ import annotations

import re

from clinic.readings import patient_words as words
from clinic.readings.finders.name_words import (
    WORD,
    Name,
    is_capitalised,
    is_closed,
    is_everyday,
    is_given_name,
    name_from,
)
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.names import read_name

_MOST_NAMES = 6
_REACH = 110
_GAP = re.compile(r",? ")
_IS = re.compile(r"(?:\bis|'s|hes|shes|\bes)$")
_SENTENCE_END = re.compile(r"[.?!;\n,]")


def names_after(message: PlainText, place: int) -> tuple[tuple[str, ...], int]:
    """The names that follow at this place ("named Max", ", Ana and Mia"), and where they end."""
    said = words.NAMED_AFTER.match(message.lower, place)
    plain = said or words.PLAINLY_AFTER.match(message.lower, place)
    if plain is None:
        return (), place
    name = name_at(message, plain.end(), said is not None)
    stated = words.IS_AFTER.match(message.lower, place) if name is None else None
    if stated:
        name = name_at(message, stated.end(), said=False)
        name = None if name and not message.plain[name.start].isupper() else name
    return all_names(message, name) if name else ((), place)


def given_names_after(message: PlainText, place: int) -> tuple[tuple[str, ...], int]:
    """Like `names_after`, of common given names alone, though they are everyday words ("max")."""
    gap = _GAP.match(message.plain, place)
    name = name_at(message, gap.end(), said=True) if gap else None
    return all_names(message, name) if name and is_given_name(name.words[0].lower()) else ((), place)


def all_names(message: PlainText, first: Name) -> tuple[tuple[str, ...], int]:
    """The name and those joined to it ("and Mia", ", Leo"), as they are kept, and where they end."""
    names, end = [read_name(first.value)], first.end
    while len(names) < _MOST_NAMES:
        joint = words.AND_ANOTHER.match(message.lower, end)
        following = name_at(message, joint.end(), said=False) if joint else None
        if following is None:
            break
        names.append(read_name(following.value))
        end = following.end
    return tuple(name for name in names if name), end


def name_at(message: PlainText, place: int, said: bool) -> Name | None:
    """The name at a place: any where it is `said` that one follows, else one that capital or word gives away."""
    name = name_from(message, place)
    if name is None:
        return None
    first, lower = name.words[0], name.words[0].lower()
    if len(first) < 2 and len(name.words) < 2:
        return None
    if said or name.title:
        return name
    if is_given_name(lower):
        sure = not is_everyday(lower) or is_capitalised(first) or is_closed(message, name.end)
        return name if sure else None
    return name if is_capitalised(first) and not message.plain.isupper() else None


def name_before(message: PlainText, place: int) -> tuple[str, int] | None:
    """The name right before what somebody is, as it is kept, and its place: "Max Fox is my son", "for Mia, my girl"."""
    lead = words.IS_MY.search(message.lower, max(0, place - 12), place)
    if lead is None or not message.lower[lead.start() : place].strip():
        return None
    before = list(WORD.finditer(message.plain, max(0, lead.start() - 60), lead.start()))
    for count in range(min(4, len(before)), 0, -1):
        name = name_at(message, before[-count].start(), said=False)
        if name and name.end == lead.start() and _opens(message, name.start, lead.group().strip(" (")):
            kept = read_name(name.value)
            return (kept, name.start) if kept else None
    return None


def _opens(message: PlainText, start: int, link: str) -> bool:
    """Whether a name is what the clause begins with, or what "for" leads to, so that it is not half of another."""
    lead = message.lower[max(0, start - _REACH) : start]
    if words.FOR.search(lead) or words.THE_PATIENT_IS.search(lead):
        return True
    return _IS.search(link) is not None and not WORD.search(_SENTENCE_END.split(lead)[-1])
