"""Which questions a visitor does not want passed on: "leave out the questions", "not the second question"."""

import re
from collections.abc import Sequence

LONGEST = 300
"""Characters that are looked at."""
SHORTEST_WORD = 4
STEM = 5
_PLACES_IN_WORDS = ("first", "second", "third", "fourth", "fifth")
PLACES = dict(zip((*_PLACES_IN_WORDS, "1st", "2nd", "3rd", "4th", "5th"), (*range(1, 6), *range(1, 6)), strict=True))
_OBJECT = r"(?:(?!\b(?:questions?|but|and then|because)\b)[\w'’]+[ ,&]+){0,7}?(?P<word>questions?)\b(?P<rest>.*)"
_LEAVES = r"(?:leav(?:e|ing)|take|taking|drop(?:ping)?|remov(?:e|ing)|delet(?:e|ing)|omit(?:ting)?|scrap|strike|cross)"
_NOT = r"(?:don'?t|do not|please not|never|no need to|rather not|not want(?: you)? to|don'?t want you to)"
_SENDS = r"(?:send|pass|includ|add|forward|shar|put|mention|ask|attach|giv|tell)\w*"
_LEAVES_OUT = re.compile(
    rf"\b(?:{_LEAVES}|{_NOT} (?:\w+ ){{0,4}}?{_SENDS}|without|not) +(?P<which>{_OBJECT})", re.IGNORECASE | re.DOTALL
)
_POINTS = re.compile(r"\bleave (?:them|those|these|that|it)(?: all| both)? out\b", re.IGNORECASE)
# "Do they leave scars?" is a question of its own, and so is "can you answer my questions first?".
_ASKS = re.compile(r"\?\s*$")
# What comes after it is about something else: "leave out the questions, and make it 2 pm".
_CLAUSE_END = re.compile(r"[.;!?\n]|,(?! ?\d\b)| and (?!\d\b|the )| but ")
_NUMBER = re.compile(r"\b\d\b(?! questions)")
_WORD = re.compile(r"[^\W_]+")
_ABOUT_NO_QUESTION = frozenset(
    {"question", "questions", "about", "please", "whether", "from", "request", "staff", "with"}
)


def read_left_out(text: str, questions: Sequence[str], just_shown: bool = False) -> tuple[int, ...] | None:
    """The places, from 0, of the questions to be left out; empty where it is not told which, None where nothing is.

    Args:
        text: what the visitor writes.
        questions: those that would go along.
        just_shown: whether they have just been shown, so that "leave them out" means them.
    """
    plain = text.replace("’", "'")[:LONGEST]
    if just_shown and _POINTS.search(plain):
        return tuple(range(len(questions)))
    found = _LEAVES_OUT.search(plain)
    if found is None or _ASKS.search(plain):
        return None
    named = _named(_CLAUSE_END.split(found.group("which"))[0], questions)
    if named is not None:
        return named
    all_of_them = found.group("word").lower() == "questions" or len(questions) == 1
    return tuple(range(len(questions))) if all_of_them else ()


def _named(which: str, questions: Sequence[str]) -> tuple[int, ...] | None:
    """The questions that are told by number, place or words; empty where none is such, None where none is told."""
    words = [word.lower() for word in _WORD.findall(which)]
    numbers = {int(number) for number in _NUMBER.findall(which)} | {PLACES[word] for word in words if word in PLACES}
    if "last" in words:
        numbers.add(len(questions))
    if numbers:
        return tuple(place for place in range(len(questions)) if place + 1 in numbers)
    return _told_by_words(words, questions)


def _told_by_words(words: Sequence[str], questions: Sequence[str]) -> tuple[int, ...] | None:
    told = {word[:STEM] for word in words if len(word) >= SHORTEST_WORD and word not in _ABOUT_NO_QUESTION}
    alike = tuple(
        place
        for place, question in enumerate(questions)
        if told & {word[:STEM] for word in _WORD.findall(question.lower()) if len(word) >= SHORTEST_WORD}
    )
    if alike:
        return alike
    return () if "about" in words else None
