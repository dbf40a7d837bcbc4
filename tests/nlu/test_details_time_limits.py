"""A wish for a time keeps the words that would turn it round if they were left out."""

from __future__ import annotations

import pytest

from clinic.readings.finders import find_times
from clinic.readings.times import read_time_answer

WHOLE = [
    "anything but mondays",
    "Anything except Monday mornings",
    "anything other than tuesday",
    "anything after 4 but no fridays",
    "any day but Wednesday",
    "any day except wednesday",
    "every day but sunday",
    "all days are good except thursday",
    "anytime is fine, just not monday",
    "not Friday, Thursday",
    "no mornings",
    "no fridays, no mornings",
    "Monday or tuesday",
    "mon tues wed but not thurs",
    "the 3rd or the 5th",
    "the 3rd, 4th or 5th",
    "after school, so 3:30ish",
    "whenever after the 12th",
    "weekends only",
    "early next week",
    "next week but not monday",
    "not next week but the week after",
    "neither monday nor tuesday",
    "never on a monday",
    "avoid tuesdays",
    "mondays are out for me",
    "fridays dont work",
    "i am busy on mondays",
    "dont have time on mondays",
    "not available mondays",
    "I'm not free on thursdays",
    "I cannot make it on wednesdays",
    "unable to come in on tuesdays",
    "nothing before 10",
    "not before 10 am",
    "no later than 3",
    "besides tuesday",
    "aside from fridays",
    "not until after the 5th",
    "i hate mornings",
    "mornings are hard for me",
    "menos los lunes",
    "no puedo los lunes",
    "as late as possible",
    "not too early",
    "tuesday or wednesday but not before 2pm",
]


@pytest.mark.parametrize("words", WHOLE)
def test_a_wish_is_found_with_its_limits(words: str) -> None:
    assert [found.text for found in find_times(words)] == [words]


@pytest.mark.parametrize("words", [*WHOLE, "besides tuesday im open", "aside from fridays i can do anything"])
def test_an_answer_keeps_its_limits(words: str) -> None:
    assert read_time_answer(words) == words


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("I'm Dana Fox, 312-555-0100, anything but mondays please", "anything but mondays"),
        ("Could you do anything but Mondays?", "anything but Mondays"),
        ("tues or thurs after 5, not this week though", "tues or thurs after 5, not this week"),
        ("can I book? Monday is out. Tuesday works", "Monday is out. Tuesday"),
        ("I need an appointment, mondays are bad for me, thanks", "mondays are bad for me"),
        ("any mornings but please avoid tuesdays", "any mornings but please avoid tuesdays"),
        ("do you have anything on friday", "friday"),
        ("no, mornings", "mornings"),
        ("No. Thursday", "Thursday"),
    ],
)
def test_a_wish_among_other_words_keeps_its_limits(message: str, words: str) -> None:
    assert words in [found.text.removeprefix("on ") for found in find_times(message)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("i want anything but monday", "anything but monday"),
        ("do you have anything except fridays?", "anything except fridays"),
        ("do you have anything friday?", "friday"),
        ("no, mornings", "mornings"),
        ("anything works except mondays, thanks!", "anything works except mondays"),
    ],
)
def test_an_answer_drops_what_leads_in_and_no_limit(answer: str, words: str) -> None:
    assert read_time_answer(answer) == words
