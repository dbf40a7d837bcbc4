"""What a person's name is made of, and how one is read from a place in a message."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from clinic.readings.finders.plain_text import COVER, PlainText, word_set
from clinic.readings.finders.word_lists import common_words, given_names, last_names, not_names

WORD = re.compile(r"[^\W\d_]{1,40}(?:['-][^\W\d_]{1,40}){0,3}")
MOST_WORDS = 6

_GAP = re.compile(r" {1,3}")
_CLOSED = re.compile(rf" {{0,3}}(?:$|[^\w '\-]|-(?!\w)|{COVER}|\d)")
_ENDED = re.compile(rf" {{0,3}}(?:$|[.,!;:)\n{COVER}])")
_TITLE = re.compile(
    r"(?:mrs|ms|mr|miss|mx|dr|doctor|prof|professor|sr|sra|srta|señor|señora|senor|senora|rev)\b\.? {0,2}(?=\w)"
)
PARTICLES = word_set(
    "van von der den ter ten de del de' della di da dos das du des la las los le el al bin bint ibn abu "
    "st san santa zu zur af av y mac"
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
# Given names that are everyday words too: in lower case, after a weak introduction, they are taken for the word.
_EVERYDAY = word_set(
    "amber an angel april art august autumn bill chad chase chuck crystal cruz daisy dakota dale dallas "
    "dawn dean destiny domingo drew earl eve faith flor florence "
    "frank gene georgia ginger grace guy hai hang harper hazel holly honey hope hung hunter ike iris "
    "ivy jack jade jan jay jo joy jun june kay ken lance lane lee "
    "luna luz mark mason max may mel melody min misty mo olive opal pat pearl ping rain ram ray ren "
    "rich rob robin rocio rod rose ruby rusty "
    "santiago santos savannah sienna sierra sky sol sue summer sung tan thu tim trinity uma van "
    "victoria viola violet virginia wade will yen young"
)
MONTH_NAMES = frozenset({"april", "may", "june", "august", "jun", "jan"})
_DIGIT = re.compile(r" {0,2}\d")
_LONGEST_WORD = 40
_AFTER_TY = re.compile(r"ty {1,2}(?P<last>[^\W\d_]{3,30})(?= here\b| {0,2}(?:$|[,\n\d\x1a]|\.(?!\w)))", re.IGNORECASE)
_VERB_ENDING = re.compile(r".{3,}(?:ing|tion|tions|ment|ness)$")
# Makers of skin care that are called like people; what stands after "I use" or "is it" is their cream.
_BRANDS = frozenset(
    {
        ("mario", "badescu"), ("peter", "thomas"), ("paula's", "choice"), ("paulas", "choice"),
        ("estee", "lauder"),
        ("kate", "somerville"), ("tata", "harper"), ("charlotte", "tilbury"), ("bobbi", "brown"), ("mary", "kay"),
        ("elizabeth", "arden"), ("calvin", "klein"), ("laura", "mercier"), ("helena", "rubinstein"),
        ("sunday", "riley"), ("drunk", "elephant"), ("la", "roche-posay"), ("la", "roche"), ("la", "mer"),
        ("trader", "joe's"), ("trader", "joes"), ("dennis", "gross"), ("barbara", "sturm"),
        ("johnson", "johnson"), ("burt's", "bees"),
        ("blue", "cross"), ("christian", "dior"),
    }
)  # fmt: skip
_CLINIC_NAMES = frozenset({"nima"})


class Name(NamedTuple):
    """A name at its place in the plain text: its words, without the title, which stands before them."""

    start: int
    end: int
    title: str
    words: tuple[str, ...]

    @property
    def value(self) -> str:
        """The name as it is kept: the title only where a single word follows it ("Mrs. Patel")."""
        return f"{self.title} {self.words[0]}" if self.title and len(self.words) == 1 else " ".join(self.words)


def name_from(message: PlainText, place: int) -> Name | None:
    """The name that starts at this place, with as many words as belong to it; None where the words are no name.

    Case is no condition here: how sure a name in lower case is depends on what introduces it (`is_likely`).
    """
    title = _TITLE.match(message.lower, place)
    start = title.end() if title else place
    words = _words_from(message, start)
    if not words:
        return None
    texts = tuple(_word_text(message, match) for match in words)
    lower = tuple(text.lower().rstrip(".") for text in texts)
    if not _CLINIC_NAMES.isdisjoint(lower) or lower[:2] in _BRANDS:
        return None
    title_text = message.plain[place:start].strip() if title else ""
    return Name(place, _end(message, words[-1]), title_text, texts)


def _words_from(message: PlainText, start: int) -> list[re.Match[str]]:
    words: list[re.Match[str]] = []
    match = WORD.match(message.plain, start)
    while match and len(words) < MOST_WORDS and _belongs(message, match, words):
        words.append(match)
        gap = _GAP.match(message.plain, _end(message, match))
        match = WORD.match(message.plain, gap.end()) if gap else None
    while words and _is_particle(words[-1]) and not _is_whole_name(words[-1], words[:-1]):
        words.pop()
    return words


def _belongs(message: PlainText, match: re.Match[str], before: list[re.Match[str]]) -> bool:
    """Whether a word goes on with the name that the words before it began."""
    word, lower = match.group(), match.group().lower()
    if lower == "ty" and not before:
        return is_ty(message.plain[match.start() : match.start() + _LONGEST_WORD])
    if _is_particle(match):
        return _GAP.match(message.plain, match.end()) is not None or _is_whole_name(match, before)
    if before and (lower in SUFFIXES or _is_last_name(message, match, before)):
        return True
    return _is_initial(message, match, before) if len(word) == 1 else _is_long_word_of_name(message, match, before)


def _is_initial(message: PlainText, match: re.Match[str], before: list[re.Match[str]]) -> bool:
    dotted = message.plain[match.end() : match.end() + 1] == "."
    return (match.group().isupper() and match.group() != "I") or (dotted and bool(before))


def _is_long_word_of_name(message: PlainText, match: re.Match[str], before: list[re.Match[str]]) -> bool:
    word, lower = match.group(), match.group().lower()
    known = is_name_word(lower) or _is_like_a_verb(word, lower)
    if not known or (lower in MONTH_NAMES and _digit_follows(message, match)):
        return False
    if before and word.islower():
        return (before[0].group().islower() and len(before) < 4) or _closed_after(message, match)
    return True


def _is_whole_name(match: re.Match[str], before: list[re.Match[str]]) -> bool:
    """A particle that is a name itself: "Al", and "Tuan Le"."""
    lower, capital = match.group().lower(), match.group()[0].isupper()
    return capital and (lower in last_names() and is_given_name(before[0].group().lower()) if before else lower == "al")


def _is_last_name(message: PlainText, match: re.Match[str], before: list[re.Match[str]]) -> bool:
    """An everyday word in capitals that ends a name: "Joe Friday", "Kate Early"."""
    if not before or match.group().lower() not in last_names() or not match.group()[0].isupper():
        return False
    return is_given_name(before[0].group().lower()) and _ENDED.match(message.plain, match.end()) is not None


def is_ty(text: str) -> bool:
    """Whether the "ty" that a text begins with is the name before a last name and not "thank you"."""
    following = _AFTER_TY.match(text)
    last = following["last"].lower() if following else ""
    if last in not_names() or last in common_words() - last_names() or last in _CLINIC_NAMES:
        return False
    return bool(last) and (last in last_names() or not is_given_name(last))


def is_name_word(lower: str) -> bool:
    """Whether a word in lower case could be part of a name, as far as the word itself tells."""
    if lower in given_names():
        return True
    parts = {lower} if lower in not_names() else set(lower.removesuffix("'s").split("-"))
    return not (parts <= not_names() or _VERB_ENDING.match(lower))


def _is_like_a_verb(word: str, lower: str) -> bool:
    """A name in capitals that ends like a verb of no known stem: "Tsering", "Xiaoming"."""
    stem = lower.removesuffix("ing")
    stems = (stem, f"{stem}e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem)
    return (
        word[:1].isupper()
        and not word.isupper()
        and lower.endswith("ing")
        and lower not in not_names()
        and not any(form in not_names() or form in common_words() for form in (*stems, lower))
    )


def is_given_name(lower: str) -> bool:
    """A common given name, with its accents or without; of a double name the first part decides ("Mary-Ann")."""
    first = lower.split("-", maxsplit=1)[0]
    if first.isascii():
        return first in given_names()
    bare = "".join(letter for letter in unicodedata.normalize("NFD", first) if not unicodedata.combining(letter))
    return first in given_names() or bare in given_names()


def is_everyday(lower: str) -> bool:
    """A given name that is an everyday word as well ("will", "may", "hope")."""
    return lower in _EVERYDAY


def _closed_after(message: PlainText, match: re.Match[str]) -> bool:
    """The word ends its phrase: punctuation, the end, a number, or a word that is no name comes next."""
    if _CLOSED.match(message.plain, match.end()):
        return True
    gap = _GAP.match(message.plain, match.end())
    following = WORD.match(message.plain, gap.end()) if gap else None
    return following is not None and following.group().lower() in not_names()


def _digit_follows(message: PlainText, match: re.Match[str]) -> bool:
    return _DIGIT.match(message.plain, match.end()) is not None


def _is_particle(match: re.Match[str]) -> bool:
    return match.group().lower() in PARTICLES


def _end(message: PlainText, match: re.Match[str]) -> int:
    """The end of a word, with the full stop of an initial or a suffix where another word follows."""
    short = len(match.group()) == 1 or match.group().lower() in {"jr", "sr", "st"}
    return match.end() + 1 if short and message.plain[match.end() : match.end() + 1] == "." else match.end()


def _word_text(message: PlainText, match: re.Match[str]) -> str:
    return message.plain[match.start() : _end(message, match)]


def is_capitalised(word: str) -> bool:
    """Starts with a capital and is not shouted as a whole; a script without capitals counts as written with them."""
    first = word[0]
    if first.lower() == first.upper():
        return True
    return first.isupper() and (len(word) == 1 or not word.isupper())


def is_closed(message: PlainText, place: int) -> bool:
    """Whether the phrase ends at this place: end of text, punctuation, a number or a detail found already."""
    return _CLOSED.match(message.plain, place) is not None
