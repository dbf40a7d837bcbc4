"""Which numbers are texted with."""

import re
from collections.abc import Sequence

import phonenumbers

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
COSTLY = (phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST)


def is_answerable(sender: str, countries: Sequence[str]) -> bool:
    """Whether a person in one of the countries may be behind it: no short code, no name, no premium number.

    Args:
        sender: as Twilio gives it; only E.164 numbers are answered.
        countries: two-letter codes.
    """
    if not E164.fullmatch(sender):
        return False
    try:
        number = phonenumbers.parse(sender, None)
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_possible_number(number) or phonenumbers.number_type(number) in COSTLY:
        return False
    return _country_of(number) in countries


def _country_of(number: phonenumbers.PhoneNumber) -> str:
    """The country; for an area code that the library does not know, the main one of the country code."""
    region = phonenumbers.region_code_for_number(number)
    return region or phonenumbers.region_code_for_country_code(number.country_code or 0)
