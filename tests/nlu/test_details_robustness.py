"""Whatever is typed, the finders end soon and point at what stands in the message."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.readings.finders import find_details

LONGEST_MESSAGE = 5_000
SECONDS_FOR_THE_LONGEST = 20.0
"""Hundreds of times what it takes, so that only a pattern that blows up fails, and no pause of the machine."""

PIECES = [
    *(
        "my name is ",
        "I'm ",
        "Anna ",
        "van der ",
        "O'",
        "Dr. ",
        "jr",
        "'s",
        "thanks, ",
        "phone is ",
        "email ",
        "ext 4 ",
    ),
    *("312", "555-0100 ", "1", "10", "five ", "-", " ", ".", ":", "/", "(", ")", "+", "?", "!", "\n"),
    *("@", "a@", "b.co ", "at ", "dot ", "dot com "),
    *(
        "friday ",
        "or ",
        "not before ",
        "the ",
        "in a few ",
        "am",
        "since ",
        "whenever ",
        "weeks ago ",
        "if you're ",
        "open ",
    ),
    *("under my eye ", "é", "e\u0301", "\u200b", "’", "İ", "ß", "名", "😀"),
]


@pytest.fixture(autouse=True)
def _word_lists_are_loaded() -> None:
    find_details("my name is Anna")


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
def test_every_detail_is_the_words_at_its_place(message: str) -> None:
    for detail in find_details(message):
        assert message[detail.start : detail.end] == detail.text
        assert 0 <= detail.start < detail.end <= len(message)
        assert detail.value


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4))
def test_no_repeated_text_keeps_the_finders_busy(pieces: list[str]) -> None:
    unit = "".join(pieces)
    message = (unit * (LONGEST_MESSAGE // len(unit) + 1))[:LONGEST_MESSAGE]
    assert _seconds(message) < SECONDS_FOR_THE_LONGEST


@pytest.mark.parametrize(
    "character", ["a", "1", " ", "@", ".", "(", "\n", "'", "-", "A", "é", "\u0301", "\u200b", "+", "#"]
)
def test_no_repeated_character_keeps_the_finders_busy(character: str) -> None:
    assert _seconds(character * LONGEST_MESSAGE) < SECONDS_FOR_THE_LONGEST


@pytest.mark.parametrize("sign", ["\x00", "\x1a", "\ufeff", "\u202e", "\ud800", "\U0010ffff"])
def test_control_and_stray_characters_do_no_harm(sign: str) -> None:
    values = [
        detail.value for detail in find_details(f"{sign}my name is Anna{sign} Kowalski, 312-{sign}555-0100{sign}")
    ]
    assert "3125550100" in values


def test_the_finders_and_readings_need_no_rasa() -> None:
    rooms = ", ".join(f"clinic.readings.{reading}" for reading in ("names", "times", "phones", "emails"))
    code = f"import sys, {rooms}; sys.exit('rasa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _seconds(message: str) -> float:
    start = time.process_time()
    find_details(message)
    return time.process_time() - start
