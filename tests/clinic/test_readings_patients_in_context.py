"""Patients named in a form, by a pronoun, beside another or not at all; words for kin that are names."""

from __future__ import annotations

import time

import pytest

from clinic.readings.finders import find_persons
from clinic.readings.names import read_name_answer
from clinic.readings.patients import SELF, Patient, contact_name, read_companions, read_patient, read_patient_name

LONGEST_MESSAGE = 10_000
SECONDS_FOR_THE_LONGEST = 20.0
"""Hundreds of times what it takes, so that only a pattern that blows up fails, and no pause of the machine."""


@pytest.mark.parametrize(
    ("text", "relation", "names"),
    [
        ("Name: Ana Ruiz\nFor: my husband Jón\nPhone: 312-555-0101", "husband", ("Jón",)),
        ("my neighbor asked me to book for her, she is Mrs. Ito", "neighbor", ("Mrs. Ito",)),
        ("booking for a neighbour", "neighbor", ()),
        ("it's for my father Olav, not my mother", "father", ("Olav",)),
        ("for my sister not my brother", "sister", ()),
        ("pt John Ames", "patient", ("John Ames",)),
        ("for pt Ames", "patient", ("Ames",)),
        ("can you see my little boy? his name is Tomás", "son", ("Tomás",)),
        ("my little boy has white bumps by his eyes. his name is Tomás", "son", ("Tomás",)),
        ("my mom says to ask you, his name is Leo", None, ("Leo",)),
        ("and his is Elie", None, ("Elie",)),
        ("for my son Eli. he needs to come with his brother Noam too", "son", ("Eli", "Noam")),
    ],
)
def test_the_patient_is_read(text: str, relation: str | None, names: tuple[str, ...]) -> None:
    assert read_patient(text) == Patient(relation, names)


@pytest.mark.parametrize("text", ["actually it's for me, not for Zoe", "it's not for Zoe, it's for me"])
def test_who_is_turned_down_is_neither_patient_nor_contact(text: str) -> None:
    assert read_patient(text) == Patient(SELF)
    assert contact_name(text) is None
    assert find_persons(text) == []


@pytest.mark.parametrize("word", ["Tia", "Nana", "Papa", "Bo", "Mom", "mom", "Nana."])
def test_a_bare_word_is_no_patient(word: str) -> None:
    assert read_patient(word) is None


@pytest.mark.parametrize("word", ["Tia", "Nana", "Papa", "Bo"])
def test_a_word_for_kin_may_be_what_somebody_is_called(word: str) -> None:
    assert read_name_answer(word) == word
    assert read_patient_name(word) == word


@pytest.mark.parametrize("word", ["me", "Myself", "me!"])
def test_the_one_bare_word_for_a_patient_is_oneself(word: str) -> None:
    assert read_patient(word) == Patient(SELF)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mrs. Ito", "Mrs. Ito"),
        ("she is Mrs. Ito", "Mrs. Ito"),
        ("no, she's Mrs. Ito", "Mrs. Ito"),
        ("for her, Mrs. Ito", "Mrs. Ito"),
        ("his is Elie", "Elie"),
        ("and his is Elie", "Elie"),
        ("he's Max", "Max"),
        ("her", None),
        ("no", None),
        ("daughter", None),
        ("hijo", None),
        ("she is 4", None),
        ("she is sick", None),
        ("he is red", None),
    ],
)
def test_an_answer_to_the_patients_name_is_read_in_its_context(text: str, name: str | None) -> None:
    assert read_patient_name(text) == name


def test_who_comes_beside_a_known_patient_is_read() -> None:
    assert read_companions("he needs to come with his brother Noam too") == ("Noam",)
    assert read_companions("bring his sister Mia and her twin Leo too") == ("Mia", "Leo")
    assert read_companions("he lives with his brother Noam") == ()
    assert read_companions("he comes with his brother") == ()


@pytest.mark.parametrize("text", ["pt needs", "for patient care", "new patient here", "his is red", "she is Polish"])
def test_other_words_name_no_patient(text: str) -> None:
    assert read_patient(text) is None


@pytest.mark.parametrize(
    "unit", ["his is ", "she is ", "pt ", "with his brother Noam too ", "my boy his name is ", "For: my "]
)
def test_no_repeated_words_keep_the_reading_busy(unit: str) -> None:
    text = (unit * LONGEST_MESSAGE)[:LONGEST_MESSAGE]
    start = time.process_time()
    read_patient(text)
    read_patient_name(text)
    read_companions(text)
    assert time.process_time() - start < SECONDS_FOR_THE_LONGEST


def test_a_correction_may_begin_with_an_apology() -> None:
    assert read_patient("sorry it's for my father Olav, not my mother") == Patient("father", ("Olav",))
