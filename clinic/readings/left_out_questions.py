"""Which questions a visitor does not want passed on: "leave out the questions", "not the second question"."""

import re
from collections.abc import Sequence

LONGEST = 300
"""Characters that are looked at."""
SHORTEST_WORD = 4
STEM = 5
_PLACES_IN_WORDS = ("first", "second", "third", "fourth", "fifth")
PLACES = dict(zip((*_PLACES_IN_WORDS, "1st", "2nd", "3rd", "4th", "5th"), (*range(1, 6), *range(1, 6)), strict=True))
_NUMBERS_IN_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
# "Remove milia, that's my question", "don't send it, I have another question": what is removed is no question.
_NO_OBJECT = "questions?|but|then|because|another|an?|more|quick|me|you|it|i|have|no|is|are|was|that'?s"
_OBJECT = rf"(?:(?!\b(?:{_NO_OBJECT})\b)[\w']+[ &]+){{0,7}}?(?P<word>questions?)\b(?P<rest>.*)"
# "Leave it out" and "take it off", but not "leave it in" and "take it to the doctor".
_HALF_A_VERB = r"(?P<half>leav(?:e|ing)|take|taking)"
_WHOLE_VERB = (
    r"(?:drop(?:ping)?|remov(?:e|ing)|delet(?:e|ing)|omit(?:ting)?|scrap|scratch|strike|cross|skip|ignore|cancel"
    r"|forget(?: about)?|never ?mind)"
)
_OTHER_HALF = re.compile(r"\b(?:out|off|away|back)\b", re.IGNORECASE)
_NOT = r"(?:don'?t|do not|please not|never|no need to|rather not|not want(?: you)? to|don'?t want you to)"
_SENDS = r"(?:send|pass|includ|add|forward|shar|put|mention|ask|attach|giv|tell)\w*"
_LEAVES_OUT = re.compile(
    rf"\b(?:(?P<verb>{_HALF_A_VERB}|{_WHOLE_VERB})|{_NOT} (?:\w+ ){{0,4}}?{_SENDS}|without(?! question\b)"
    rf"|not(?= (?:my|the|these|those|that|this|any|questions?)\b)) +(?P<which>{_OBJECT})",
    re.IGNORECASE | re.DOTALL,
)
# "Don't leave out my questions".
_ENDS_WITH_NOT = re.compile(rf"\b(?:{_NOT}|without|not)\s+(?:\w+\s+){{0,2}}$", re.IGNORECASE)
_PLACE = rf"(?:number |no\.? ?|#)?(?P<place>[1-5]|{'|'.join(PLACES)}|last)"
_POINTS_AT_ONE = re.compile(
    rf"\b(?:{_WHOLE_VERB}|leave|take)(?: out| off)? (?:the )?{_PLACE}(?: one)?(?: out| off)?(?:,? please)?\W*$",
    re.IGNORECASE,
)
_POINTS = re.compile(r"\bleave (?:them|those|these|that|it)(?: all| both)? out\b", re.IGNORECASE)
# "Do they leave scars?" is a question of its own, and so is "can you answer my questions first?".
_ASKS = re.compile(r"\?\s*$")
_ASKS_POLITELY = re.compile(r"^\W*(?:please )?(?:can|could|would|will|may) (?:you|i|we)\b", re.IGNORECASE)
# What comes after it is about something else: "leave out the questions, and make it 2 pm".
_CLAUSE_END = re.compile(r"[.;!?\n]|,(?! ?\d\b)| and (?!\d\b|the )| but ")
_NUMBER = re.compile(r"\b\d\b(?! questions)")
_NUMBER_IN_WORDS = re.compile(rf"\bquestions? (?P<number>{'|'.join(_NUMBERS_IN_WORDS)})\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_ABOUT_NO_QUESTION = frozenset(
    {"question", "questions", "about", "please", "whether", "from", "request", "staff", "with", *_NUMBERS_IN_WORDS}
)


def read_left_out(text: str, questions: Sequence[str], just_shown: bool = False) -> tuple[int, ...] | None:
    """The places, from 0, of the questions to be left out; empty where it is not told which, None where nothing is.

    Args:
        text: what the visitor writes.
        questions: those that would go along.
        just_shown: whether they have just been shown, so that "leave them out" means them.
    """
    plain = text.replace("’", "'")[:LONGEST]
    if just_shown and _POINTS.search(plain) and not _is_denied(plain, _POINTS):
        return tuple(range(len(questions)))
    pointed = _POINTS_AT_ONE.search(plain) if just_shown else None
    if pointed is not None and not _is_denied(plain, _POINTS_AT_ONE):
        return _named(pointed.group("place"), questions)
    which = _which(plain)
    if which is None:
        return None
    named = _named(_CLAUSE_END.split(which)[0], questions)
    if named is not None:
        return named
    all_of_them = re.search(r"\bquestions\b", which, re.IGNORECASE) is not None or len(questions) == 1
    return tuple(range(len(questions))) if all_of_them else ()


def _which(plain: str) -> str | None:
    """The words that say what is left out; None where nothing is."""
    found = _LEAVES_OUT.search(plain)
    if found is None or (_ASKS.search(plain) and not _ASKS_POLITELY.match(plain)):
        return None
    if found.group("half") and not _OTHER_HALF.search(found.group()):
        return None
    return None if found.group("verb") and _is_denied(plain, _LEAVES_OUT) else found.group("which")


def _is_denied(plain: str, pattern: re.Pattern[str]) -> bool:
    found = pattern.search(plain)
    return found is not None and _ENDS_WITH_NOT.search(plain[: found.start()]) is not None


def _named(which: str, questions: Sequence[str]) -> tuple[int, ...] | None:
    """The questions that are told by number, place or words; empty where none is such, None where none is told."""
    words = [word.lower() for word in _WORD.findall(which)]
    numbers = {int(number) for number in _NUMBER.findall(which)} | {PLACES[word] for word in words if word in PLACES}
    numbers |= {_NUMBERS_IN_WORDS[number.lower()] for number in _NUMBER_IN_WORDS.findall(which)}
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
