"""Numbers with extensions, with letters in them and in words; an extension that is named after the number."""

from __future__ import annotations

import time

import pytest

from clinic.readings.finders import find_phones
from clinic.readings.phone_changes import corrected_phone
from clinic.readings.phones import PhoneStatus, read_phone

KNOWN = "+13125550167"
LONGEST_MESSAGE = 10_000
SECONDS_FOR_THE_LONGEST = 20.0
"""Hundreds of times what it takes, so that only a pattern that blows up fails, and no pause of the machine."""


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("no it's +1 (312) 555-0706 x.44", "(312) 555-0706 ext. 44"),
        ("312 555 0706 ext. 44", "(312) 555-0706 ext. 44"),
        ("312 555 0706, ext is 44", "(312) 555-0706 ext. 44"),
        ("312-555-0101 Ask for reception at ext 9", "(312) 555-0101 ext. 9"),
        ("312 555 O1O1", "(312) 555-0101"),
        ("312-555-o1o1", "(312) 555-0101"),
        ("(312) 555-01O1 is my cell", "(312) 555-0101"),
        ("three one two, five five five, oh one four three", "(312) 555-0143"),
        ("six one two triple five oh one double two", "(612) 555-0122"),
    ],
)
def test_a_number_is_read_as_it_was_meant(text: str, display: str) -> None:
    assert read_phone(text).display == display


@pytest.mark.parametrize(
    "text",
    [
        "1-800-FLOWERS",
        "call 800-GOFEDEX",
        "1-800-555-CARE",
        "five five five, oh one two three",
        "my number is five five five oh one two",
        "number: three one two five",
    ],
)
def test_a_number_that_nobody_can_call_is_found_and_named_incomplete(text: str) -> None:
    assert len(find_phones(text)) == 1
    assert read_phone(text).status is PhoneStatus.INCOMPLETE


@pytest.mark.parametrize(
    "text",
    [
        "one or two, maybe three",
        "i have one two three of them",
        "oh oh oh oh oh oh oh oh",
        "I have 800 questions",
        "FLOWERS",
        "800 flowers",
        "ext 9",
        "two or four",
        "so o so o so",
    ],
)
def test_other_words_are_no_number(text: str) -> None:
    assert find_phones(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ask for reception at ext 9", f"{KNOWN}x9"),
        ("ext. is 12", f"{KNOWN}x12"),
        ("extension 12", f"{KNOWN}x12"),
        ("oh and the extension is one two", f"{KNOWN}x12"),
        ("it's x12", f"{KNOWN}x12"),
        ("my ext is wrong, it's 15", f"{KNOWN}x15"),
    ],
)
def test_an_extension_named_afterwards_joins_the_known_number(text: str, number: str) -> None:
    assert corrected_phone(KNOWN, text) == number
    assert corrected_phone(f"{KNOWN}x4", text) == number


def test_an_extension_can_be_taken_away() -> None:
    assert corrected_phone(f"{KNOWN}x4", "no extension") == KNOWN
    assert corrected_phone(KNOWN, "no extension") is None
    assert corrected_phone(f"{KNOWN}x9", "ext 9") is None


@pytest.mark.parametrize("text", ["friday at 9", "extend it to 9", "next 9 days", "ext", "+1 (312) 555-0706 x.44"])
def test_other_numbers_are_no_extension_of_the_known_one(text: str) -> None:
    assert corrected_phone(KNOWN, text) is None


@pytest.mark.parametrize("unit", ["ext ", "312 555 O1O", "double ", "five ", "1-800-", "800-FLOWER", "o", "x."])
def test_no_repeated_number_keeps_the_reading_busy(unit: str) -> None:
    text = (unit * LONGEST_MESSAGE)[:LONGEST_MESSAGE]
    start = time.process_time()
    find_phones(text)
    corrected_phone(KNOWN, text)
    assert time.process_time() - start < SECONDS_FOR_THE_LONGEST
