"""Whatever is typed, the readings of people, changes and questions end soon and keep to their limits."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.readings.name_changes import changed_name, merged_name
from clinic.readings.names import LONGEST_NAME, read_name_answer
from clinic.readings.own_details import ALL, asks_for_own
from clinic.readings.patients import contact_name, read_patient, read_patient_name
from clinic.readings.phone_changes import corrected_phone
from clinic.readings.phones import PhoneStatus, read_phone
from clinic.readings.spellings import respelled
from clinic.readings.time_changes import adds_time, changed_time
from clinic.readings.times import LONGEST_WORDS, read_time_answer

LONGEST_MESSAGE = 10_000
SECONDS_FOR_THE_LONGEST = 20.0
"""Hundreds of times what it takes, so that only a pattern that blows up fails, and no pause of the machine."""
KNOWN_PHONE = "+13125550167"
PIECES = [
    *(
        "for my son ",
        "my ",
        "4 year old ",
        "Max ",
        "Ana and Mia ",
        "'s ",
        "name is ",
        "patient: ",
        "I'm ",
        "for me ",
        "not ",
    ),
    *(
        "with a k ",
        "b-r-a-n-d-t ",
        "B as in boy ",
        "last name ",
        "two Ls ",
        "no h ",
        "double ",
        "it's ",
        "Brandt ",
        "de la ",
    ),
    *(
        "friday ",
        "or ",
        "also ",
        "instead ",
        "any day but ",
        "can't do ",
        "no, ",
        "make it ",
        "at 3 ",
        "works too ",
        "is out ",
    ),
    *("what number ", "do you have ", "for me ", "my name and ", "did i give ", "when was ", "request "),
    *("ends in 76 ", "not 0167, ", "0176 ", "312-555-0100 ", "area code ", "last four digits are ", "seven "),
    *(" ", ".", ",", "?", "\n", "'", "-", "é", "\u200b", "名", "😀", "İ", "\x00", "\ud800", "(", "*"),
]


def _read_all(text: str) -> None:
    patient = read_patient(text)
    assert patient is None or patient.relation or patient.names
    for name in (contact_name(text), read_name_answer(text), respelled("Lena Brant", text)):
        assert name is None or 0 < len(name) <= LONGEST_NAME
    read_patient_name(text)
    changed_name("Lena Brant", text, None)
    assert merged_name("Lena Brant", "Nora", text)
    for wish in (changed_time("friday at 2", text, None), changed_time(None, text, None), read_time_answer(text)):
        assert wish is None or 0 < len(wish) <= LONGEST_WORDS
    adds_time(text)
    asked = asks_for_own(text)
    assert asked is None or frozenset() < asked <= ALL
    number = corrected_phone(KNOWN_PHONE, text)
    assert number is None or read_phone(number).status is PhoneStatus.COMPLETE


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_any_message_is_read_within_the_limits(text: str) -> None:
    _read_all(text)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40), st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_any_known_detail_is_compared_with_any_message(known: str, found: str, text: str) -> None:
    respelled(known, text)
    changed_name(known, text, found)
    merged_name(known, found, text)
    changed_time(known, text, found)
    corrected_phone(known, text)


@pytest.mark.parametrize("unit", PIECES)
def test_no_repeated_words_keep_the_readings_busy(unit: str) -> None:
    text = (unit * LONGEST_MESSAGE)[:LONGEST_MESSAGE]
    start = time.process_time()
    _read_all(text)
    changed_time(text, "or friday", None)
    merged_name(text, "Nora", "Nora")
    assert time.process_time() - start < SECONDS_FOR_THE_LONGEST


@settings(deadline=None, max_examples=15)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join))
def test_no_repeated_phrase_keeps_the_readings_busy(unit: str) -> None:
    start = time.process_time()
    _read_all((unit * LONGEST_MESSAGE)[:LONGEST_MESSAGE])
    assert time.process_time() - start < SECONDS_FOR_THE_LONGEST
