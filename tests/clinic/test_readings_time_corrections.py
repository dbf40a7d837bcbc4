"""A wish for a time that the visitor calls wrong, moves to another day, or repeats; and wishes in everyday words."""

from __future__ import annotations

import time

import pytest

from clinic.readings.finders import find_times
from clinic.readings.time_changes import changed_time
from clinic.readings.times import is_no_preference, read_time_answer

LONGEST_MESSAGE = 10_000
SECONDS_FOR_THE_LONGEST = 20.0
"""Hundreds of times what it takes, so that only a pattern that blows up fails, and no pause of the machine."""


def _found(text: str) -> str | None:
    return next((found.text for found in find_times(text)), None)


CORRECTED = [
    ("monday", "no wait monday is wrong, tuesday 4pm", "tuesday 4pm"),
    ("tuesday 4pm", "time is wrong, fri pm", "fri pm"),
    ("tuesday 4pm", "wrong day, friday", "friday 4pm"),
    ("tuesday 4pm", "the time is not right. 5pm", "tuesday 5pm"),
    ("tuesday 4pm", "you have the wrong day, it should be thursday", "thursday 4pm"),
    ("monday", "monday is incorrect, i meant tuesday", "tuesday"),
    ("monday", "monday isn't right, make it friday", "friday"),
    ("Monday after church", "No, I mean Monday after my bridge club", "Monday after my bridge club"),
    ("friday", "actually monday before my shift", "monday before my shift"),
    ("wed", "wed 10", "wed 10"),
    ("wed", "time to thu 11", "thu 11"),
    ("wed", "change the day to thu 11", "thu 11"),
    ("friday", "so the second week of march, mornings", "the second week of march, mornings"),
    ("friday", "no, in two weeks", "in two weeks"),
    ("the 14th", "two weeks after that", "two weeks after the 14th"),
    ("tuesday 4pm", "whatever is first", "whatever is first"),
    ("tuesday 4pm", "sorry it's not tuesday it's thursday", "thursday 4pm"),
    ("tuesday 4pm", "no no no friday", "friday 4pm"),
]
ON_ANOTHER_DAY = [
    ("tuesday 4pm", "actually make that wednesday", "wednesday 4pm"),
    ("tuesday at 4", "wednesday instead", "wednesday at 4"),
    ("4pm on tuesday", "no, on thursday", "4pm on thursday"),
    ("tuesday morning", "i'd prefer friday", "friday morning"),
    ("next tuesday at 2", "make it next friday", "next friday at 2"),
    ("the 3rd at 2", "the 4th instead", "the 4th at 2"),
    ("monday or tuesday at 2", "make it friday", "friday"),
    ("monday between 2 and 4, not 3", "make it friday", "friday"),
    ("tuesday at 2", "make it next week", "next week"),
    ("tuesday at 2", "anything but mondays", "anything but mondays"),
    ("tuesday at 2", "friday if you're open", "friday if you're open"),
]


@pytest.mark.parametrize(("earlier", "text", "wish"), CORRECTED)
def test_what_only_rejects_is_no_part_of_the_wish(earlier: str, text: str, wish: str) -> None:
    assert changed_time(earlier, text, _found(text)) == wish
    assert changed_time(earlier, text, read_time_answer(text)) == wish


@pytest.mark.parametrize(("earlier", "text", "wish"), ON_ANOTHER_DAY)
def test_a_day_alone_keeps_the_one_hour_of_the_wish(earlier: str, text: str, wish: str) -> None:
    assert changed_time(earlier, text, _found(text)) == wish


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        ("Saturday 10:30", "so I'm coming saturday 10:30 then?"),
        ("Saturday 10:30", "ok see you saturday 10:30"),
        ("friday", "friday is wrong"),
        ("friday at 2", "no, friday at 2 is wrong"),
    ],
)
def test_a_wish_that_is_repeated_or_only_called_wrong_stays(earlier: str, text: str) -> None:
    assert changed_time(earlier, text, _found(text)) == earlier


@pytest.mark.parametrize("text", ["no", "nope.", "No!", "nah", "no thanks"])
def test_a_bare_no_names_no_time(text: str) -> None:
    assert changed_time("Friday around noon", text, None) is None
    assert changed_time("Friday around noon", text, text) == "Friday around noon"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("i think friday no saturday", "saturday"),
        ("friday. no, saturday", "saturday"),
        ("Friday, no wait, Thursday at 2", "Thursday at 2"),
        ("friday no saturdays", "friday no saturdays"),
        ("friday, no mornings", "friday, no mornings"),
        ("wed 10", "wed 10"),
        ("thu 11", "thu 11"),
        ("monday 9 or tuesday 10", "monday 9 or tuesday 10"),
        ("friday 1030", "friday 1030"),
        ("Monday after my bridge club", "Monday after my bridge club"),
        ("tuesdays before my shift", "tuesdays before my shift"),
        ("mondays when the kids are in school", "mondays when the kids are in school"),
        ("the second week of march, mornings", "the second week of march, mornings"),
        ("two weeks after that", "two weeks after that"),
        ("in two weeks", "in two weeks"),
        ("whatever is first", "whatever is first"),
        ("first available", "first available"),
        ("the earliest you have", "the earliest you have"),
        ("asap", "asap"),
        ("the soonest you have", "the soonest you have"),
        ("any day", "any day"),
        ("any time", "any time"),
    ],
)
def test_everyday_words_for_a_time_are_found_and_answer_the_question(message: str, words: str) -> None:
    assert _found(message) == words
    assert read_time_answer(message) == words


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("after my bridge club", "after my bridge club"),
        ("when the kids are in school", "when the kids are in school"),
        ("maybe before my shift?", "before my shift"),
        ("so I'm coming saturday 10:30 then", "saturday 10:30"),
        (
            "ideally the 2nd or 3rd Thursday, around 4:15ish, but if Dr. Kaur isn't in then never mind",
            "the 2nd or 3rd Thursday, around 4:15ish, but if Dr. Kaur isn't in then never mind",
        ),
        ("Friday. Dr. Kaur told me to come", "Friday"),
    ],
)
def test_an_answer_is_kept_whole(answer: str, words: str) -> None:
    assert read_time_answer(answer) == words


@pytest.mark.parametrize(
    "message",
    [
        "I'm Gwen Hale, my skin has little bumps around the eyes, I am off on Mondays, but not the 1st Monday, thanks",
        "I get dry skin and use cream every day, I am off on Mondays, but not the 1st Monday, thanks",
        "want an appt, I am off on Mondays, but not the 1st Monday, thanks",
    ],
)
def test_days_off_keep_their_limit_in_a_long_message(message: str) -> None:
    assert (_found(message) or "").endswith("Mondays, but not the 1st Monday")


@pytest.mark.parametrize(
    "message",
    [
        "do you love me",
        "what do you have available?",
        "is anything available?",
        "around my eyes",
        "after my facial",
        "when i smile it hurts",
    ],
)
def test_what_names_no_time_is_none(message: str) -> None:
    assert read_time_answer(message) is None
    assert _found(message) is None
    assert not is_no_preference(message)


@pytest.mark.parametrize(
    "unit",
    ["after my ", "when the kids are ", "monday is wrong ", "wrong day ", "friday no ", "wed 10 ", "Dr. ", "no wait "],
)
def test_no_repeated_correction_keeps_the_reading_busy(unit: str) -> None:
    text = (unit * LONGEST_MESSAGE)[:LONGEST_MESSAGE]
    start = time.process_time()
    changed_time("tuesday 4pm", text, None)
    changed_time(text, "wednesday", None)
    read_time_answer(text)
    assert time.process_time() - start < SECONDS_FOR_THE_LONGEST
