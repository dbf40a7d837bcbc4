"""From a phone number as it was typed to the number that the staff can call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import phonenumbers

from clinic.readings.finders import find_phones

_REGION = "US"
_COUNTRY_CODE = 1
_NATIONAL_DIGITS = 10


class PhoneStatus(str, Enum):
    """Whether a number can be called, has digits missing (or none), or does not exist."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class PhoneReading:
    """What a text says of a phone number.

    A complete one has `e164` ("+13125550100") and `display` ("(312) 555-0100"), and `extension` if one was typed.
    """

    status: PhoneStatus
    e164: str | None = None
    display: str | None = None
    extension: str | None = None


def read_phone(text: str) -> PhoneReading:
    """Read a phone number: a find of the finder, its value ("3125550100x4"), or what was typed when asked for one.

    Fictional numbers (555-01xx) are complete, since the numbering plan has them. A number whose area code or exchange
    it does not have ("123-456-7890") is impossible. Whether anyone answers is not looked up.
    """
    found = find_phones(text)
    number, _, extension = (found[0].value if found else text).partition("x")
    digits = "".join(character for character in number if character.isdecimal())
    international = number.lstrip().startswith("+")
    if not international and len(digits) < _NATIONAL_DIGITS:
        return PhoneReading(PhoneStatus.INCOMPLETE)
    return _reading(f"+{digits}" if international else digits, extension or None)


def _reading(number: str, extension: str | None) -> PhoneReading:
    try:
        parsed = phonenumbers.parse(number, _REGION)
    except phonenumbers.NumberParseException:
        return PhoneReading(PhoneStatus.IMPOSSIBLE)
    if phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.TOO_SHORT:
        return PhoneReading(PhoneStatus.INCOMPLETE)
    if not (phonenumbers.is_possible_number(parsed) and phonenumbers.is_valid_number(parsed)):
        return PhoneReading(PhoneStatus.IMPOSSIBLE)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    shown = _display(parsed)
    return PhoneReading(PhoneStatus.COMPLETE, e164, f"{shown} ext. {extension}" if extension else shown, extension)


def _display(parsed: phonenumbers.PhoneNumber) -> str:
    american = parsed.country_code == _COUNTRY_CODE
    style = phonenumbers.PhoneNumberFormat.NATIONAL if american else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
