"""A date of birth is not a time that a visitor would like to come at."""

from __future__ import annotations

import pytest

from clinic.readings.finders import find_times
from clinic.readings.times import read_time_answer

BIRTHS = [
    "patient: Max Fox, DOB 3/4/2019",
    "Max Fox born March 4 2019",
    "his date of birth is 3/4/2019",
    "date of birth: march 4, 2019",
    "d.o.b. 3/4/2019",
    "D.O.B: 03/04/2019",
    "bday 3/4/19",
    "birthday is april 5 2012",
    "birthdate 4-5-2012",
    "her bday is june 3rd",
    "nacio el 3/4/2019",
    "fecha de nacimiento 3/4/2019",
    "she was born 2015-03-04",
]


@pytest.mark.parametrize("message", BIRTHS)
def test_a_date_of_birth_is_no_wish(message: str) -> None:
    assert find_times(message) == []
    assert read_time_answer(message) is None


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Max Fox, DOB 3/4/2019, tuesday at 3", "tuesday at 3"),
        ("dob 3/4/2019. Friday morning please", "Friday morning"),
    ],
)
def test_a_wish_beside_a_date_of_birth_is_found(message: str, words: str) -> None:
    assert [found.text for found in find_times(message)] == [words]
