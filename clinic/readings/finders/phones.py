"""Where a US phone number, or an attempt at one, stands in a message."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import Found, Places, PlainText

_SEPARATOR = r"[ .\-/()_*,]{0,3}"
_BEFORE = r"(?<![\d$€£@])(?<![\d$][.,:/])"
# Ten digits in the three groups of the North American Numbering Plan (area 3, exchange 3, line 4), with or without the
# country code 1: https://nationalnanpa.com. Two numbers side by side stay two, since the groups have a fixed size.
_COMPLETE = re.compile(
    rf"(?<![\d$€£@])(?<!\d[.:])(?:\+? ?1[ .\-]{{0,3}})?\(?\d{{3}}{_SEPARATOR}\d{{3}}{_SEPARATOR}\d{{4}}(?!\d)(?!-\d)"
)
_FOREIGN = re.compile(r"(?<![\w+])\+ ?\d(?:[ .\-()]{0,2}\d){6,14}(?!\d)")
_RUN = re.compile(rf"{_BEFORE}(?<![a-z])\(?\d(?:[ .\-()]{{0,3}}\d){{2,17}}(?![\d\w%])(?![.,:/]\d)")
_GROUPED = re.compile(
    r"\(?\d{3}\)?[ .\-]{1,3}\d{3}[ .\-]{1,3}\d{1,3}|\(\d{3}\)[ .\-]{0,3}\d{1,4}|\d{3}[ .\-]\d{4}"
    r"|\d{3}-\d{3}|\d{3}[ .\-]{1,3}\d{3}[ .\-]{1,3}\d{5,6}"
)
_EXTENSION = re.compile(r"[ ,;]{0,3}(?:(?:extension|extn|ext)(?![a-z])\.?:?(?: is)?|x\.?|#) {0,2}(\d{1,6})\b")
# "... ask for the front desk at ext 9": said later in the message, with no other number between.
_EXTENSION_LATER = re.compile(r"[^\d]{1,60}?\b(?:extension|extn|ext)\b\.?:?(?: (?:is|number|no\.?))? {0,2}(\d{1,6})\b")
# A zero typed as the letter: "312 555 O1O1".
_WITH_LETTER_O = re.compile(
    rf"(?<![\w$€£@])(?:\+? ?1[ .\-]{{0,3}})?\(?[2-9][\do]{{2}}{_SEPARATOR}[\do]{{3}}{_SEPARATOR}[\do]{{4}}(?!\w)(?!-\d)"
)
# Letters in place of digits; which digits they stand for is not worked out, since a keypad may say otherwise.
_VANITY = re.compile(
    r"(?<![\w$])(?:\+?1[ .\-]?)?\(?(?:8(?:00|33|44|55|66|77|88)\)?[ .\-]?(?:(?-i:[A-Z]{7,9})|(?<=-)[a-z]{7,9})"
    r"|\d{3}\)?[ .\-]?\d{3}[ .\-](?-i:[A-Z]{4}))(?!\w)",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?:\b(?:phone|cell|cellphone|mobile|telephone|tel|number|numbers|num|nbr|digits|fone|whatsapp"
    r"|telefono|teléfono|numero|número)\b"
    r"|(?<!\w)(?:ph|#)|\b(?:call|text|txt|reach|ring|phone)(?: or (?:call|text))?(?: me| us)(?: back)?)"
    r"(?:[ .:,'#=-]{1,3}(?:is|'s|s|at|on|es|it's|its|it is|are|no|nr|number|my|would be|will be"
    r"|me)\b){0,3}[ .:,'#=\-]{0,3}$"
)
_CALL_CUE = re.compile(
    r"\b(?:call|text|txt|reach|ring|phone)(?: or (?:call|text))?(?: me| us)(?: back)?[ :,]{0,2}(?:at"
    r"|on|@)?[ :,]{0,2}$"
)
_OTHER_NUMBER = re.compile(
    r"\b(?:zip(?: ?code)?|postal code|policy|member|insurance|order|claim|account|acct|card|license"
    r"|licence|confirmation|case|room|suite"
    r"|apt|unit|ref|reference|group|ssn|social security|id|invoice|serial|pin|code|year|age)\b"
    r"(?:[ .:#=-]{1,3}(?:is|number|no|num|id|code|#))*[ .:#=-]{0,3}$"
)
_DATE = re.compile(r"(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d\d")
_OTHER_SHAPE = re.compile(r"\d{5}-\d{4}|\d{3}-\d{2}-\d{4}|(?:19|20)\d\d ?- ?(?:19|20)\d\d|\d{1,4} ?- ?\d{1,4}")
_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3}
_SPOKEN_DIGIT = r"(?:(?:double|triple) )?(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine)"
_SPOKEN_PART = rf"(?:{_SPOKEN_DIGIT}|\d{{1,4}})"
_SPOKEN = re.compile(rf"(?<![\w$]){_SPOKEN_PART}(?:[ ,.\-]{{1,3}}{_SPOKEN_PART}){{3,12}}(?!\w)")
_WORD_OR_DIGITS = re.compile(r"[a-z]+|\d+")
_SPOKEN_ALONE = re.compile(rf"(?<![\w$]){_SPOKEN_DIGIT}(?:[ ,.\-]{{1,3}}{_SPOKEN_DIGIT}){{3,15}}(?!\w)")
_LONGEST_CUE = 60
_FEWEST_SPOKEN = 6
_FEWEST_WITH_EXTENSION = 10


def scan_phones(message: PlainText) -> list[Found]:
    """Every phone number and every attempt at one, in order of place; e-mail addresses are expected to be covered.

    The value is what a reading needs: the digits, with a leading + where one was typed and "x" before an extension
    ("3125550100x4").
    """
    places = Places(len(message.plain))
    finds = [_find(message, places, *place) for place in _complete_places(message)]
    attempts = _spelled_attempts(message)
    attempts += [match.span() for match in _RUN.finditer(message.lower) if _is_attempt(message, match)]
    finds += [_find(message, places, *place) for place in attempts]
    return sorted(find for find in finds if find is not None)


def _complete_places(message: PlainText) -> list[tuple[int, int]]:
    lower = message.lower
    places = [
        m.span() for m in _COMPLETE.finditer(lower) if not _other_number(lower, m.start()) and not _is_date(m.group())
    ]
    places += [match.span() for match in _FOREIGN.finditer(lower)]
    places += [
        match.span()
        for match in _WITH_LETTER_O.finditer(lower)
        if "o" in match.group() and not _other_number(lower, match.start())
    ]
    places += [
        match.span()
        for match in _SPOKEN.finditer(lower)
        if len(_digits(match.group())) in (10, 11) and _spells(match.group())
    ]
    return places


def _spelled_attempts(message: PlainText) -> list[tuple[int, int]]:
    """Numbers with letters in them, and digits in words that are no complete number."""
    spoken = [
        match.span()
        for match in _SPOKEN_ALONE.finditer(message.lower)
        if len(_digits(match.group()).lstrip("0")) >= _FEWEST_SPOKEN
        or _CUE.search(message.lower[max(0, match.start() - _LONGEST_CUE) : match.start()])
    ]
    return spoken + [match.span() for match in _VANITY.finditer(message.plain)]


def _find(message: PlainText, places: Places, start: int, end: int) -> Found | None:
    """The find unless its place is taken, without the signs around it and with the extension after it."""
    while not (message.lower[start].isalnum() or message.lower[start] in "+("):
        start += 1
    if not places.take(start, end):
        return None
    value = ("+" if message.lower[start] == "+" else "") + _digits(message.lower[start:end])
    extension = _EXTENSION.match(message.lower, end)
    if extension and places.take(end, extension.end()):
        return Found(start, extension.end(), f"{value}x{extension.group(1)}")
    later = _EXTENSION_LATER.match(message.lower, end)
    if later and len(value) >= _FEWEST_WITH_EXTENSION:
        return Found(start, end, f"{value}x{later.group(1)}")
    return Found(start, end, value)


def _is_attempt(message: PlainText, match: re.Match[str]) -> bool:
    """Whether digits that are no complete number were meant as one: by grouping, by what is said before, or alone."""
    digits = _digits(match.group())
    lower, start = message.lower, match.start()
    if _other_number(lower, start) or _is_date(match.group()) or len(digits) < 4:
        return False
    if _said_before(lower, start, digits):
        return True
    if _OTHER_SHAPE.fullmatch(match.group()) and not _GROUPED.fullmatch(match.group()):
        return False
    alone = not any(character.isalnum() for character in lower[:start] + lower[match.end() :])
    if _GROUPED.fullmatch(match.group()):
        return len(digits) >= 7 or match.group().startswith("(") or alone
    return alone and 6 <= len(digits) <= 15


def _said_before(lower: str, start: int, digits: str) -> bool:
    """ "my number is 5550" is an attempt; "call me at 1030" is an hour."""
    lead = lower[max(0, start - _LONGEST_CUE) : start]
    if _CALL_CUE.search(lead):
        return len(digits) >= 5
    return _CUE.search(lead) is not None


def _other_number(lower: str, start: int) -> bool:
    return _OTHER_NUMBER.search(lower[max(0, start - _LONGEST_CUE) : start]) is not None


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text.strip()) is not None


def _spells(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _digits(text: str) -> str:
    """The digits of a number as it was typed or spelled out."""
    if not _spells(text) or _WITH_LETTER_O.fullmatch(text):
        return "".join(character for character in text.replace("o", "0") if character.isdigit())
    digits, times = "", 1
    for part in _WORD_OR_DIGITS.findall(text):
        if part in _TIMES:
            times = _TIMES[part]
            continue
        digits, times = digits + _DIGIT_WORDS.get(part, part if part.isdigit() else "") * times, 1
    return digits
