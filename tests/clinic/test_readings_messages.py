"""Who writes is found in requests for a visit as many kinds of people write them, and nobody where no name is given."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import pytest

from clinic.readings.finders import find_persons
from clinic.readings.names import read_name
from clinic.readings.patients import SELF, contact_name, read_patient

HERE = Path(__file__).parent
NAMED = re.compile(r"\{(.*?)\}")
TITLE = re.compile(r"^(?:mrs|mr|ms|dr)\.? ")
LEAST_RECALL = 0.9
LEAST_PRECISION = 0.98
LONGEST_MESSAGE = 10_000
SECONDS_FOR_THE_LONGEST = 20.0
"""Hundreds of times what it takes, so that only a pattern that blows up fails, and no pause of the machine."""


def _messages(file_name: str) -> list[str]:
    lines = (HERE / file_name).read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]


WITH_NAMES = _messages("messages_with_names.txt")
WITHOUT_NAMES = _messages("messages_without_names.txt")


def _key(name: str | None) -> str:
    return TITLE.sub("", unicodedata.normalize("NFC", name or "").lower().strip(" ."))


def _writer(text: str) -> str | None:
    """The name that a conversation would keep as the one to call back."""
    patient = read_patient(text)
    if patient is not None and patient.relation != SELF:
        return contact_name(text)
    persons = find_persons(text)
    return read_name(persons[0].value) if persons else None


def test_the_lists_are_long_enough_to_measure_by() -> None:
    assert len(set(WITH_NAMES)) >= 300
    assert len(set(WITHOUT_NAMES)) >= 300
    assert all(len(NAMED.findall(message)) == 1 for message in WITH_NAMES)
    assert not any(NAMED.search(message) for message in WITHOUT_NAMES)


@pytest.mark.parametrize("half", [0, 1], ids=["looked at while the rules were made", "held back"])
def test_nearly_every_writer_is_found_and_nearly_nobody_else(half: int) -> None:
    said = [_key(NAMED.findall(message)[0]) for message in WITH_NAMES[half::2]]
    read = [_key(_writer(NAMED.sub(r"\1", message))) for message in WITH_NAMES[half::2]]
    right = sum(one == other for one, other in zip(said, read, strict=True))
    found = sum(map(bool, read)) + sum(_writer(message) is not None for message in WITHOUT_NAMES[half::2])
    assert right / len(said) >= LEAST_RECALL
    assert right / found >= LEAST_PRECISION


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("appointment please, Mads Brandt", "Mads Brandt"),
        ("book me please, Emil Sandor", "Emil Sandor"),
        ("book Chiara Bell please, chiara@example.com", "Chiara Bell"),
        ("appointment please, Ewa Nowak, any day", "Ewa Nowak"),
        ("need an appt, rosa lind, weekends", "Rosa Lind"),
        ("im marlon pike 312 555 0113", "Marlon Pike"),
        ("appt for tamsin reed 312 555 0141 fri", "Tamsin Reed"),
        ("ty jackson here, want these off", "Ty Jackson"),
        ("put me down: Oyelaran Adebayo", "Oyelaran Adebayo"),
        ("T. Abara RN, 312 555 0114", "T. Abara"),
        ("put Lazaro Pineda down for tuesday", "Lazaro Pineda"),
        (
            "this is nurse Patricia Dunn from Lakeview Home. I need an appointment for one of our patients,"
            " Mr. Alvarez.",
            "Patricia Dunn",
        ),
    ],
)
def test_a_name_that_nothing_introduces_is_found_in_a_request(message: str, name: str) -> None:
    assert _writer(message) == name


@pytest.mark.parametrize(
    "message",
    [
        "book me, left eyelid, 312 555 0100",
        "appointment with Dr. Nima, please",
        "appointment at Nima Skin Institute, Lake View",
        "appt, La Roche Posay, retinol cream",
        "Can I be seen by Dr. Ruiz, 312 555 0150",
        "my doctor, Peter Wu, says book an appointment",
        "need an appt, new patient, first time, white bumps",
        "need an appt, tomorow mornin, plesae",
        "pharma rep here, may i drop samples of our tape",
        "umówić wizytę, I mean make visit, when you have?",
        "me gustaría reservar una hora para consulta, soy chilena recién llegada a Chicago",
    ],
)
def test_what_is_no_name_of_the_writer_is_left_alone_in_a_request(message: str) -> None:
    assert _writer(message) is None


@pytest.mark.parametrize(
    "unit",
    [
        "appt, ",
        "book me, Mads Brandt ",
        "ty jackson here, ",
        "tomorow mornin, ",
        "312 555 0100 rosa lind ",
        "put me down: ",
        "my doctor, Peter Wu, says book ",
        ", ",
        "name ",
        "hi ",
        "please ",
        "xiaoming tsering ",
    ],
)
def test_no_repeated_request_keeps_the_finders_busy(unit: str) -> None:
    text = f"book {unit * (LONGEST_MESSAGE // len(unit))}"[:LONGEST_MESSAGE]
    start = time.process_time()
    _writer(text)
    assert time.process_time() - start < SECONDS_FOR_THE_LONGEST
