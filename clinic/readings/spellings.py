"""A name mended by what a visitor says of its letters: "Jon without the h", "two Ls in Phillips", "B-R-A-N-D-T"."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from clinic.readings.finders.name_words import PARTICLES, WORD, is_name_word
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.letter_changes import Said, exchanged, once, twice, with_letter, without_letter
from clinic.readings.names import LONGEST_NAME, read_name

_LONGEST_TEXT = 400
_ALIKE = 0.6
_HARDLY_ALIKE = 0.5
_FEWEST_LETTERS = 3
_LETTER = r"(?:ph|ck|ie|ei|ey|th|ai|ea|ee|oo|ou|sh|ch|cz|sz|tz|dt|ll|tt|nn|ss|[a-z])"
_SEPARATOR = r"(?: ?[-.,/*] ?| {1,3})"
_AS_IN = re.compile(r"\b([a-z])(?:'s)?,? (?:as in|like in|like|for|is for|is in|in) (?:the )?[a-z'-]{2,15}\b")
_DOUBLE = re.compile(r"\b(?:double|dbl) ?-?([a-z])(?:'?s)?\b|\b(?:two|2) ([a-z])'?s?\b(?=[-,] ?[a-z]\b)")
_SPELLED = re.compile(rf"(?<![\w'])[a-z](?:{_SEPARATOR}[a-z](?![\w'])){{2,30}}(?![\w'])")
_ARTICLE = r"(?:an? |the |capital |letter |la |una? )"
_ENDS = (
    r"(?![\w'])(?!\.m\b)"
    r"(?= ?(?:$|[.,;:!?)]|(?:not|instead|in|at|on|please|pls|thanks|thank|and|no|rather|actually|lol)\b))"
)
_NO_WORD = r"(?:[b-hj-tv-z]|ph|ck|ie|ei|ey|th|dt|tz)"
_WITH = re.compile(
    rf"\b(?:with|w/|wit|has|uses?|starts with|ends with|ends in|begins with|spell(?:ed|t)? with|con)"
    rf" (?:{_ARTICLE}+(?P<letter>{_LETTER})|(?P<plain>{_NO_WORD})){_ENDS}"
    rf"(?: ?,? (?:not|instead of|no|rather than|and not) (?:with )?(?:an? |the )?(?P<wrong>{_LETTER})(?![\w']))?"
)
_INSTEAD = re.compile(
    rf"(?<![\w'])(?P<letter>{_LETTER}),? (?:not|instead of|rather than|and not) (?:an? "
    rf"|the )?(?P<wrong>{_LETTER})(?![\w'])"
)
_WITHOUT = re.compile(
    rf"\b(?:without|w/o|minus|sin|drop|remove|take out|leave out|has no|with no|there(?:'s| is) no)"
    rf" (?:{_ARTICLE}+(?P<letter>[a-z])|(?P<plain>[b-hj-tv-z])){_ENDS}|\b(?:no|not) (?P<bare>[b-hj-tv-z])(?![\w'])"
    r"(?= ?(?:$|[.,!;)]| in | at | on ))|\b(?:no|not an?) (?P<there>[a-z]) (?:in|at) (?:it|the end|my name|there)\b"
)
_TWICE = re.compile(
    r"\b(?:(?:two|double|dbl) ?-?|2 (?=[a-z]'?s\b))(?!(?:as|is|us)\b)(?P<letter>[a-z])(?:'?s)?(?![\w'.])"
)
_ONCE = re.compile(rf"\b(?:one|1|only one|just one|single|a single) (?P<letter>[b-hj-z]){_ENDS}")
_X_NOT_Y = re.compile(r"(?P<right>[^\W\d_][\w'-]{1,30}),? (?:and )?not (?P<wrong>[^\W\d_][\w'-]{1,30})")
_NOT_Y_X = re.compile(
    r"\bnot (?P<wrong>[^\W\d_][\w'-]{1,30})[ ,.;-]{1,3}(?:but |it's |its "
    r"|it is )?(?P<right>[^\W\d_][\w'-]{1,30})"
)
_Y_TO_X = re.compile(r"\bchange (?P<wrong>[^\W\d_][\w'-]{1,30}) (?:to|into) (?P<right>[^\W\d_][\w'-]{1,30})")
_SAYS_RIGHT = re.compile(
    r"(?:\b(?:it'?s|it is|its|that'?s|should be|supposed to be|i meant?|meant|actually|is spell(?:ed|t)|spell(?:ed"
    r"|t)|spell it"
    r"|written|no,|sorry,?|correct(?:ion)?:?|change (?:it|that) to|make (?:it|that))[ :,]{1,3}|^\*)(?=[^\W\d_])"
)
_LAST = re.compile(r"\b(?:last|sur|family) ?name|apellido\b")
_FIRST = re.compile(r"\b(?:first|given) ?name|nombre\b")
_CALLED = re.compile(r"\b(?:capital|upper ?case|lower ?case|small|accent|acento|tilde|apostrophe|hyphen\w*|dash)\b")


def respelled(name: str, text: str) -> str | None:
    """The whole name with the spelling that a message gives one of its words; None where that is unclear.

    `name` is the name as it is known. Only letters that are said, and words that stand in the message, go into it.
    """
    message = PlainText.of(text[:_LONGEST_TEXT])
    lower = " ".join(message.lower.split())
    words = name.split()
    if not words or not lower:
        return None
    mended = (
        _spelled_out(words, lower) or _by_letters(words, lower) or _by_words(words, " ".join(message.plain.split()))
    )
    if mended is None or len(mended) > LONGEST_NAME or mended == name:
        return None
    return mended


def alike(one: str, other: str) -> float:
    """How alike two words are without case and accents, from 0 to 1."""
    return SequenceMatcher(None, bare(one), bare(other)).ratio()


def bare(word: str) -> str:
    """The letters of a word in lower case, without accents and signs."""
    letters = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in letters if letter.isalpha())


def _spelled_out(words: list[str], lower: str) -> str | None:
    """ "B-R-A-N-D-T", "b r a n d t", "B as in boy, R as in red"."""
    plain = _DOUBLE.sub(lambda match: "-".join((match[1] or match[2]) * 2), _AS_IN.sub(r"\1", lower))
    runs = [match for match in _SPELLED.finditer(plain) if len(_letters(match.group())) >= _FEWEST_LETTERS]
    parts = [part for run in runs for part in _names_in_run(run.group())]
    if not parts or len(parts) > len(words) + 1:
        return None
    if len(parts) == len(words) and len(parts) > 1:
        return " ".join(part.capitalize() for part in parts)
    if len(parts) > 1:
        return " ".join(part.capitalize() for part in parts) if alike(parts[0], words[0]) >= _ALIKE else None
    return _put(words, parts[0], plain, spelled=True)


def _names_in_run(run: str) -> list[str]:
    """The words of a run: spelled with hyphens or dots, a gap begins the next word; with spaces, a wider gap does."""
    gap = r"(?<=\w) +(?=\w)" if re.search(r"\w[-./]\w", run) else r" {2,}| ?[,/] ?(?=\w [a-z] )"
    parts = [_letters(part) for part in re.split(gap, run)]
    return parts if all(len(part) > 1 for part in parts) else [_letters(run)]


def _letters(run: str) -> str:
    return "".join(letter for letter in run if letter.isalpha())


def _put(words: list[str], new: str, text: str, spelled: bool = False) -> str | None:
    """The name with one word in place of the one it is most like, or of the one the text names."""
    last, first = _LAST.search(text) is not None, _FIRST.search(text) is not None
    if last != first:
        place = len(words) - 1 if last else 0
        if last and len(words) == 1 and alike(words[0], new) < _ALIKE:
            return f"{words[0]} {_written(new, new)}"
    else:
        place = max(range(len(words)), key=lambda index: alike(words[index], new))
        if alike(words[place], new) < (_HARDLY_ALIKE if spelled else _ALIKE):
            return None
    return " ".join([*words[:place], _written(new, words[place]), *words[place + 1 :]])


def _written(new: str, old: str) -> str:
    """The new word as it is kept; the same letters in another case stay as they are known when they are spelled out."""
    if new == new.lower():
        return old if new == old.lower() else read_name(new) or new.capitalize()
    return read_name(new) or new


def _by_letters(words: list[str], lower: str) -> str | None:
    """What is said of single letters, done to the word it is said of: the one beside it, or the only one it fits."""
    if _CALLED.search(lower):
        return None
    for pattern, change in (
        (_INSTEAD, exchanged),
        (_WITH, with_letter),
        (_WITHOUT, without_letter),
        (_TWICE, twice),
        (_ONCE, once),
    ):
        match = pattern.search(lower)
        if match is None:
            continue
        letter = next(group for key, group in match.groupdict().items() if group and key != "wrong")
        wrong = match.groupdict().get("wrong")
        mended = _changed_word(words, lower, match, Said(change, letter, wrong))
        if mended is not None:
            return mended
    return None


def _changed_word(words: list[str], lower: str, match: re.Match[str], said: Said) -> str | None:
    rest = f"{lower[: match.start()]} {lower[match.end() :]}"
    typed = [word for word in WORD.findall(rest) if _closest(words, word) is not None]
    if typed:
        mended = said.of(typed[0])
        place = _closest(words, typed[0])
        if mended is None or place is None:
            return None
        return " ".join([*words[:place], _written(mended, words[place]), *words[place + 1 :]])
    return _only_fitting(words, rest, said)


def _only_fitting(words: list[str], rest: str, said: Said) -> str | None:
    """The change to the one word that it alters, where no word is named."""
    places = range(len(words))
    if _LAST.search(rest):
        places = range(len(words) - 1, len(words))
    elif _FIRST.search(rest):
        places = range(1)
    fitting = [(place, said.of(words[place])) for place in places if len(words[place]) > 1]
    changed = [(place, word) for place, word in fitting if word and word != words[place].lower()]
    if len(changed) != 1:
        return None
    place, word = changed[0]
    return " ".join([*words[:place], _written(word, words[place]), *words[place + 1 :]])


def _closest(words: list[str], typed: str) -> int | None:
    if len(typed) < 2 or typed in PARTICLES or not is_name_word(typed):
        return None
    place = max(range(len(words)), key=lambda index: alike(words[index], typed))
    return place if alike(words[place], typed) >= _ALIKE else None


def _by_words(words: list[str], plain: str) -> str | None:
    """ "Brandt not Brant", "it's actually Brandt", "McDonald with a capital D": the word as it is typed."""
    for pattern in (_Y_TO_X, _NOT_Y_X, _X_NOT_Y):
        for match in pattern.finditer(plain):
            place = next((place for place, word in enumerate(words) if bare(word) == bare(match["wrong"])), None)
            repeated = bare(match["right"]) in map(bare, words)
            if place is not None and not repeated and is_name_word(match["right"].lower()):
                return " ".join([*words[:place], _written(match["right"], words[place]), *words[place + 1 :]])
    if _CALLED.search(plain.lower()):
        return _as_typed(words, plain)
    for lead in _SAYS_RIGHT.finditer(plain.lower()):
        word = WORD.match(plain, lead.end())
        rest = plain[word.end() :].strip(" .,!") if word else "more"
        if word and is_name_word(word.group().lower()) and not WORD.search(rest):
            return _put(words, word.group(), plain.lower())
    return None


def _as_typed(words: list[str], plain: str) -> str | None:
    for typed in WORD.findall(plain):
        place = next((place for place, word in enumerate(words) if bare(word) == bare(typed)), None)
        if place is not None and typed not in (words[place], typed.lower()):
            return " ".join([*words[:place], typed, *words[place + 1 :]])
    return None
