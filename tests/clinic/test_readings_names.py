"""Names as many kinds of people write them are read as names, and other answers are not."""

from __future__ import annotations

import unicodedata

import pytest

from clinic.readings.names import read_name_answer
from tests.clinic.name_answers import NAMES, NO_NAMES

FORMS = [
    "{}",
    "{}.",
    "{} thanks",
    "name's {}",
    "this is {}",
    "my name is {}",
    "it's {}",
    "im {}",
    "Hi, I'm {}",
    "ok its {}",
]
FEWEST_READ = 0.97
FEWEST_READ_IN_LOWER_CASE = 0.95
TITLES = ("dr. ", "mrs. ", "mr. ", "ms. ", "prof. ")


def _key(name: str) -> str:
    key = unicodedata.normalize("NFC", name).replace("’", "'").strip(" .").lower()
    return next((key.removeprefix(title) for title in TITLES if key.startswith(title)), key)


def _share_read(forms: list[str]) -> float:
    answers = [(form.format(name), name) for name in NAMES for form in forms]
    read = [_key(read_name_answer(answer) or "") == _key(name) for answer, name in answers]
    return sum(read) / len(read)


def test_the_lists_are_long_enough_to_measure_by() -> None:
    assert len(set(NAMES)) >= 250
    assert len(set(NO_NAMES)) >= 150


@pytest.mark.parametrize("form", FORMS)
def test_nearly_every_name_is_read(form: str) -> None:
    assert _share_read([form]) >= FEWEST_READ


@pytest.mark.parametrize("form", ["{}", "my name is {}"])
def test_nearly_every_name_in_lower_case_is_read(form: str) -> None:
    answers = [(form.format(name).lower(), name) for name in NAMES]
    read = [_key(read_name_answer(answer) or "") == _key(name) for answer, name in answers]
    assert sum(read) / len(read) >= FEWEST_READ_IN_LOWER_CASE


@pytest.mark.parametrize("answer", NO_NAMES)
def test_an_answer_that_is_no_name_is_not_taken_for_one(answer: str) -> None:
    assert read_name_answer(answer) is None
    assert read_name_answer(answer.capitalize()) is None


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Joe Friday", "Joe Friday"),
        ("my name is kate early", "Kate Early"),
        ("it's April", "April"),
        ("June Summers", "June Summers"),
        ("Tuan Le", "Tuan Le"),
        ("tuan le", "Tuan Le"),
        ("My Tran", "My Tran"),
        ("Al", "Al"),
        ("C.J. Cregg", "C.J. Cregg"),
        ("emma r", "Emma R"),
        ("Señora Lopez", "Señora Lopez"),
        ("O’Neil", "O'Neil"),
        ("Jan van der Berg", "Jan van der Berg"),
        ("anyway. Hugo Lindt", "Hugo Lindt"),
        ("ty jackson", "Ty Jackson"),
        ("joe friday", "Joe Friday"),
        ("my tran", "My Tran"),
        ("Hyun Bin", "Hyun Bin"),
        ("uh, sure: bo li", "Bo Li"),
        ("you can put Bea", "Bea"),
        ("its for me, Hal Vance", "Hal Vance"),
        ("Hal Vance (H-A-L)", "Hal Vance"),
    ],
)
def test_a_name_with_an_everyday_word_in_it_stays_whole(answer: str, name: str) -> None:
    assert read_name_answer(answer) == name


@pytest.mark.parametrize("answer", ["kate early tuesday", "joe friday at 3", "Dana, friday works"])
def test_a_time_beside_a_name_is_no_part_of_it(answer: str) -> None:
    name = read_name_answer(answer)
    assert name is None or len(name.split()) == 1


def test_an_echo_of_the_question_is_no_part_of_the_name() -> None:
    assert read_name_answer("my name? it's Quist, Jonathan R.") == "Jonathan R. Quist"
    assert read_name_answer("my name?") is None
