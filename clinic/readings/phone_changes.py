"""A known phone number, mended by what a visitor says of some of its digits. No digit is ever guessed."""

from __future__ import annotations

import re

from clinic.readings.finders import find_phones
from clinic.readings.finders.plain_text import PlainText
from clinic.readings.phones import PhoneStatus, read_phone

_COUNTRY = "+1"
_NATIONAL_DIGITS = 10
_AREA_DIGITS = 3
_LONGEST_TEXT = 300
_DIGIT_WORDS = {
    word: str(digit)
    for digit, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
} | {"oh": "0"}
_WORD_OF_DIGIT = re.compile(rf"\b(?:{'|'.join(_DIGIT_WORDS)})\b(?! ?(?:digits?|numbers?|of them)\b)")
_GAP_OF_DIGITS = re.compile(r"(?<=\d)[ -](?=\d)")
_COUNTED = r"(?:(?:two|three|four|five|six|seven|2|3|4|5|6|7|few|couple(?: of)?) )?"
_IS = (
    r"(?: of (?:it|my (?:number|phone)))?,?(?: (?:is|are|was|were|should be|should say|should read|would be|to be|be"
    r"|to)|'?s|:)? "
)
_END = re.compile(
    rf"\b(?:last {_COUNTED}(?:digits?|numbers?|ones?|part){_IS}|last (?:two|three|four|2|3|4) (?:are|is|should be) "
    rf"|(?:ends?|ending|finish(?:es)?) (?:in|with|on) )(?:actually |really |supposed to be )?(?P<right>\d{{1,7}})(?!\d)"
    r"|(?<!\d)(?P<right_at_end>\d{2,7}) (?:at|on|in) the end\b"
)
_AREA = re.compile(
    rf"\b(?:area code|first (?:three|3)(?: digits| numbers)?|prefix){_IS}(?:actually )?(?P<right>\d{{3}})(?!\d)"
    r"|\b(?:starts|begins|starting|beginning) (?:with|in) (?:a )?(?P<right_at_start>\d{3})(?!\d)"
)
_RIGHT_NOT_WRONG = re.compile(
    r"(?<!\d)(?P<right>\d{2,7}),? (?:and )?(?:not|instead of|rather than) (?P<wrong>\d{2,7})(?!\d)"
)
_WRONG_THEN_RIGHT = re.compile(
    r"\bnot (?P<wrong>\d{2,7})[ ,.;-]{1,3}(?:but |it'?s |its |it is |rather )?(?P<right>\d{2,7})(?!\d)"
    r"|\b(?:change|replace|swap) (?:the )?(?P<old>\d{2,7}) (?:to|with|for|by) (?P<new>\d{2,7})(?!\d)"
)
_EXTENSION = re.compile(
    r"(?:\b(?:extension|extn|ext)\b\.?(?: (?:number|no\.?|#))?(?: is wrong)?[ ,;:]{0,2}"
    r"(?:(?:it )?(?:is|should be|was|to)|it'?s"
    r"|'s)?[ :]{0,2}(?:now |actually )?"
    r"|^\W*(?:(?:it'?s|its|with|at|no|and|yes|oh|sorry)\W+){0,3}x\.? ?)#?(?P<right>\d{1,6})\b"
)
_NO_EXTENSION = re.compile(
    r"\b(?:no|without|drop|remove|delete|not|skip)(?: (?:the|an|any|my|that))? (?:extension|extn|ext)\b"
)
_REJECTED = re.compile(
    r"\b(?:not|no longer|instead of|rather than|wrong|never|isn'?t|remove|delete|forget"
    r"|was)\W{1,3}(?:the |my )?$"
)


def corrected_phone(known: str, text: str) -> str | None:
    """The known number (E.164, "x" and an extension after it) with the digits a message corrects; None where unclear.

    "The last digits are 0176 not 0167", "ends in 76", "area code is 773", "not 0167, 0176". Of two whole numbers, one
    of which is called wrong ("312-555-0176, not 312-555-0167"), the other counts. Digits that do not fit the known
    number, or that would make one that cannot be called, change nothing. "Ask for reception at ext 9" adds an extension
    or puts it in place of the one that was known; "no extension" takes it away.
    """
    number, _, extension = known.partition("x")
    whole = _whole_number(text[:_LONGEST_TEXT])
    if whole is not None:
        return whole if whole != known else None
    if _complete(text):
        return None
    with_extension = _with_extension(number, extension, text)
    if with_extension is not None:
        return with_extension if with_extension != known else None
    if not number.startswith(_COUNTRY) or len(number) != len(_COUNTRY) + _NATIONAL_DIGITS:
        return None
    national = _mended(number.removeprefix(_COUNTRY), _in_digits(text[:_LONGEST_TEXT]))
    reading = read_phone(f"{_COUNTRY}{national}") if national else None
    if reading is None or reading.status is not PhoneStatus.COMPLETE or reading.e164 in (None, number):
        return None
    return f"{reading.e164}x{extension}" if extension else reading.e164


def _with_extension(number: str, extension: str, text: str) -> str | None:
    """The number with the extension that a message names, or without where it says that; None for neither."""
    said = _in_digits(text[:_LONGEST_TEXT])
    right = _EXTENSION.search(said)
    if right:
        return f"{number}x{right['right']}"
    return number if extension and _NO_EXTENSION.search(said) else None


def _complete(text: str) -> list[str]:
    """The complete numbers in a text as E.164, with "x" and an extension after it, in order."""
    readings = [read_phone(detail.value) for detail in find_phones(text)]
    return [
        f"{reading.e164}x{reading.extension}" if reading.extension else reading.e164
        for reading in readings
        if reading.e164 is not None
    ]


def _whole_number(text: str) -> str | None:
    """The one whole number that is not called wrong, where another is."""
    numbers = find_phones(text)
    lower = text.lower()
    kept = [found for found in numbers if not _REJECTED.search(lower[max(0, found.start - 20) : found.start])]
    complete = _complete(" ; ".join(found.text for found in kept))
    return complete[0] if len(complete) == 1 and len(kept) < len(numbers) else None


def _in_digits(text: str) -> str:
    """The text in lower case with spelled digits as digits and the digits of a group together."""
    lower = " ".join(PlainText.of(text).lower.split())
    spelled = _WORD_OF_DIGIT.sub(lambda match: _DIGIT_WORDS[match.group()], lower)
    return _GAP_OF_DIGITS.sub("", spelled)


def _mended(national: str, text: str) -> str | None:
    swapped = _RIGHT_NOT_WRONG.search(text) or _WRONG_THEN_RIGHT.search(text)
    area, end = _AREA.search(text), _END.search(text)
    if area and not end:
        right = area["right"] or area["right_at_start"]
        return right + national[_AREA_DIGITS:]
    if swapped:
        groups = swapped.groupdict()
        right, wrong = groups["right"] or groups["new"], groups["wrong"] or groups["old"]
        return _exchanged(national, wrong, right)
    if end:
        right = end["right"] or end["right_at_end"]
        return national[: -len(right)] + right
    return None


def _exchanged(national: str, wrong: str, right: str) -> str | None:
    """The number with the wrong digits exchanged, at its end or where they stand once."""
    if len(wrong) != len(right):
        return None
    if national.endswith(wrong):
        return national[: -len(wrong)] + right
    return national.replace(wrong, right) if national.count(wrong) == 1 else None
