"""From a name as it was typed to the name that the staff call out."""

from __future__ import annotations

import re
import unicodedata

from clinic.readings.finders import BODY_SITE, PERSON, find_details
from clinic.readings.finders.name_words import (
    MONTH_NAMES,
    PARTICLES,
    SUFFIXES,
    WORD,
    is_everyday,
    is_given_name,
    is_name_word,
    is_ty,
    name_from,
)
from clinic.readings.finders.plain_text import PlainText, word_set
from clinic.readings.finders.word_lists import last_names

LONGEST_NAME = 100
MOST_WORDS = 5
WEEKDAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})

# Days of the week that are last names as well.
_LAST_NAMES_OF_DAYS = frozenset({"friday", "sunday", "monday"})
# Common enough to tell that "My", "An", "So" or "Do" before them is a name.
_ASIAN_LAST_NAMES = word_set(
    "nguyen tran le pham phan vo vu dang bui do ngo ho duong ly kim lee park choi jung kang cho yoon jang lim han"
    " wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu lin tan wong chan cheng"
)
# Those that are so in lower case too, because they are nothing else.
_SURE_ASIAN_LAST_NAMES = word_set(
    "nguyen tran pham phan dang bui duong choi jung kang yoon jang zhang huang zhao zhou zhu"
)
_SPELLED = re.compile(r" {0,2}(?:\( ?|, ?|- )[^\W\d_](?:[-. ]{1,3}[^\W\d_]){1,30}[ )]{0,2}$")
_LEAD_IN = re.compile(
    r"(?:(?:(?:you|u) (?:can|could|may) (?:just )?(?:put|write|use|say)|anyways?|listen"
    r"|ok|okay|sure|yes|yeah|yep|yup|hi|hello|hey|of course|certainly|absolutely|well|oh|so|um|uh"
    r"|fine|alright|no problem|no worries|thanks|thank you|hola|claro|s[ií]"
    r"|it's|its|it is|that's|my (?:full |real |legal )?name(?:'?s| is)?|i'm|im|i am|this is|the name is|the name's"
    r"|name is|name's|name|for|just"
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


# "My name? It's Quist": the question is only repeated.
_ECHO = re.compile(r"^\W*(?:my |the )?(?:full |whole )?name ?\?+\s*", re.IGNORECASE)


def read_name_answer(text: str) -> str | None:
    """The name in an answer to "what is your name?"; None where the answer is something else.

    A bare word is taken for a name here unless it is known to be none; a month that is a name too ("April") counts as
    the name it is meant to be after such a question.
    """
    details = find_details(text)
    persons = [detail.value for detail in details if detail.kind == PERSON]
    message = PlainText.of(_ECHO.sub("", text))
    plain = _SPELLED.sub("", message.plain)
    if persons:
        return _fuller(persons[0], plain)
    if "?" in plain:
        return _name_before_a_question(message)
    if any(detail.kind != BODY_SITE for detail in details) and not _is_named_like_a_time(plain):
        return None
    return _bare_name(plain)


def _fuller(found: str, plain: str) -> str | None:
    """The name that was found, or the whole answer where it is a name with more words ("my name is kate early")."""
    name, whole = read_name(found), None if "?" in plain else _bare_name(plain)
    longer = name and whole and len(whole) > len(name) and set(name.lower().split()) < set(whole.lower().split())
    return whole if longer else name


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


def _is_named_like_a_time(plain: str) -> bool:
    """ "April", "it's June Summers", "joe friday": a time elsewhere, the name here, where no day follows."""
    words = _without_lead_in(plain).lower().split()
    if len(words) == 2 and words[1] in _LAST_NAMES_OF_DAYS:
        return is_given_name(words[0]) and not is_everyday(words[0])
    return len(words) == 1 or (words[:1] != [] and words[0] in MONTH_NAMES and all(map(is_name_word, words[1:])))


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
    if not 1 <= len(words) <= MOST_WORDS or (len(words) > 1 and _is_unfinished(words[-1])):
        return False
    if _ends_in_a_last_name(words) or (len(words) == 2 and is_ty(bare)):
        return True
    return all(_is_word_of_name(word) for word in words) and any(len(word.strip(".")) > 1 for word in words)


def _is_unfinished(last: str) -> bool:
    return last.lower() in PARTICLES - {"le"} and last != "Bin"


def _ends_in_a_last_name(words: list[str]) -> bool:
    """ "Kate Early", "My Tran": the last word says that the others are a name, though one of them is no name alone."""
    *firsts, last = [word.strip(".").lower() for word in words]
    if not firsts or not all(WORD.fullmatch(word.replace(".", "")) for word in firsts):
        return False
    if last in _ASIAN_LAST_NAMES and len(words) <= 3 and all(word[0].isupper() for word in words):
        return True
    if last in _SURE_ASIAN_LAST_NAMES and len(words) == 2:
        return True
    if re.fullmatch(r"(?:[A-Z]\.){1,3}", words[0]) and len(words) <= 3 and words[-1][0].isupper():
        return last in last_names() or all(_is_word_of_name(word) for word in words[1:])
    if len(words) == 2 and len(last) == 1 and last not in "aiu":
        return is_given_name(firsts[0])
    named = is_given_name(firsts[0]) and all(_is_word_of_name(word) for word in words[1:-1])
    return named and last in (last_names() - WEEKDAYS) | (_LAST_NAMES_OF_DAYS if len(words) == 2 else frozenset())


def _is_word_of_name(word: str) -> bool:
    letters = word.rstrip(".").removesuffix("'s")
    lower = letters.lower()
    if not WORD.fullmatch(letters):
        return False
    if lower in PARTICLES or lower in SUFFIXES or is_given_name(lower):
        return True
    if len(letters) == 1:
        return letters.isupper() or word.endswith(".")
    return (
        is_name_word(lower) and (_VOWEL.search(lower) is not None or lower == "ng") and not re.search(r"(.)\1\1", lower)
    )


def _capitalised(name: str) -> str:
    words = name.lower().split(" ")
    ends = (0, len(words) - 1)
    return " ".join(_capitalised_word(word, at_an_end=index in ends) for index, word in enumerate(words))


def _capitalised_word(word: str, at_an_end: bool) -> str:
    if word in PARTICLES and not at_an_end:
        return word
    if word.rstrip(".") in {"ii", "iii", "iv"}:
        return word.upper()
    parts = re.split(r"([-'])", word)
    return "".join(part[:1].upper() + part[1:] for part in parts)
