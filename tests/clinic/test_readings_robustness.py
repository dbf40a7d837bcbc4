"""Whatever is typed as an answer, reading it ends soon and keeps to the limits."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.readings.emails import LONGEST_ADDRESS, read_email
from clinic.readings.names import LONGEST_NAME, read_name_answer
from clinic.readings.phones import PhoneStatus, read_phone
from clinic.readings.times import LONGEST_WORDS, read_time_answer, time_problem

NOW = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - the clinic's local time
LONGEST_MESSAGE = 5_000
SECONDS_FOR_THE_LONGEST = 20.0
"""Hundreds of times what it takes, so that only a pattern that blows up fails, and no pause of the machine."""
REPEATED = [
    *(
        "best time is ",
        "how about ",
        "ok ",
        "call me ",
        "Anna ",
        "thanks ",
        "please ",
        "friday ",
        "a.m. ",
        "idk ",
        "my name is ",
    ),
    *(
        "feb 30 ",
        "12/",
        "1:",
        "1st ",
        "not really ",
        ".",
        ",",
        "'",
        "-",
        "if you're open ",
        "would be great ",
        "is ",
        "van ",
    ),
]


def _read_all(text: str) -> None:
    name, words, address, phone = read_name_answer(text), read_time_answer(text), read_email(text), read_phone(text)
    assert name is None or 0 < len(name) <= LONGEST_NAME
    assert words is None or 0 < len(words) <= LONGEST_WORDS
    assert address is None or len(address) <= LONGEST_ADDRESS
    assert (phone.e164 is not None) == (phone.status is PhoneStatus.COMPLETE)
    assert time_problem(text, NOW) in {None, "past", "impossible"}


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=100), st.lists(st.sampled_from(REPEATED), max_size=20).map("".join)))
def test_any_answer_is_read_within_the_limits(text: str) -> None:
    _read_all(text)


@pytest.mark.parametrize("unit", REPEATED)
def test_no_repeated_answer_keeps_the_readings_busy(unit: str) -> None:
    start = time.process_time()
    _read_all(unit * (LONGEST_MESSAGE // len(unit)))
    assert time.process_time() - start < SECONDS_FOR_THE_LONGEST
