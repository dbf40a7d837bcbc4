"""A wish for a time after the visitor says another: added, put in its place, or narrowed; always in their words."""

from __future__ import annotations

import pytest

from clinic.readings.finders import find_times
from clinic.readings.time_changes import adds_time, changed_time


def _changed(earlier: str | None, text: str) -> str | None:
    times = find_times(text)
    return changed_time(earlier, text, times[0].text if times else None)


ADDED = [
    ("monday", "or tuesday", "monday, or tuesday"),
    ("monday", "tuesday works too", "monday, tuesday works too"),
    ("mondays", "also fridays", "mondays, also fridays"),
    ("monday at 9", "and wednesday at 10", "monday at 9, and wednesday at 10"),
    ("Monday", "Tuesday is fine as well", "Monday, Tuesday is fine as well"),
    ("monday", "or tues if thats easier", "monday, or tues if thats easier"),
    ("friday", "oh or saturday", "friday, or saturday"),
    ("tuesday afternoon", "plus thursday afternoon", "tuesday afternoon, plus thursday afternoon"),
    ("the 3rd", "or the 5th", "the 3rd, or the 5th"),
    ("friday", "can you also put down monday as a backup", "friday, also monday"),
    ("friday", "my phone is 312-555-0100 and thursday works too", "friday, also thursday"),
    ("lunes", "o martes", "lunes, o martes"),
    ("monday", "i can also do friday", "monday, also friday"),
]


@pytest.mark.parametrize(("earlier", "text", "wish"), ADDED)
def test_another_time_beside_the_wish_is_added(earlier: str, text: str, wish: str) -> None:
    assert adds_time(text)
    assert _changed(earlier, text) == wish


REPLACED = [
    ("Friday at 2", "not Friday, Thursday", "Thursday at 2"),
    ("friday", "no not friday, thursday", "thursday"),
    ("friday", "make it thursday", "thursday"),
    ("friday", "thursday instead", "thursday"),
    ("friday", "actually tuesday", "tuesday"),
    ("friday", "sorry, i meant thursday", "thursday"),
    ("friday", "no, thursday", "thursday"),
    ("friday", "no thursday", "thursday"),
    ("friday", "Thursday, not Friday", "Thursday"),
    ("friday", "thursday not friday", "thursday"),
    ("friday", "thursday instead of friday", "thursday"),
    ("friday", "Can we do Thursday at 3 instead?", "Thursday at 3"),
    ("friday", "change it to next monday morning", "next monday morning"),
    ("friday", "wait make that the 14th", "the 14th"),
    ("friday", "friday doesnt work anymore, thursday does", "thursday"),
    ("friday", "lets do monday or tuesday", "monday or tuesday"),
    ("friday mornings", "anything but mondays", "anything but mondays"),
    ("whenever", "tuesday", "tuesday"),
    ("idk", "or maybe tuesday", "tuesday"),
    ("friday", "tuesday after 5 pls", "tuesday after 5"),
    ("friday", "actually i cant do friday, can i come monday", "monday"),
    ("friday", "thurs, fri is no good", "thurs"),
    ("the 3rd", "the 4th instead", "the 4th"),
    ("next week", "actually the week after", "the week after"),
    ("no preference", "not mondays", "not mondays"),
]


@pytest.mark.parametrize(("earlier", "text", "wish"), REPLACED)
def test_another_time_in_place_of_the_wish_replaces_it(earlier: str, text: str, wish: str) -> None:
    assert _changed(earlier, text) == wish


NARROWED = [
    ("next week", "not monday though", "next week, not monday"),
    ("tuesday or thursday", "no mornings", "tuesday or thursday, no mornings"),
    ("next week", "mondays are out", "next week, mondays are out"),
    ("tuesday", "after 5", "tuesday, after 5"),
    ("tuesday at 2", "make it 3pm", "tuesday at 3pm"),
    ("tuesday morning", "afternoon instead", "tuesday afternoon"),
    ("friday between 2 and 4", "make it 5", "friday 5"),
    ("Friday at 2", "3pm not 2", "Friday at 3pm"),
    ("mornings", "monday", "monday, mornings"),
    ("friday", "not friday", "not friday"),
    ("friday", "i cant do friday", "cant do friday"),
]


@pytest.mark.parametrize(("earlier", "text", "wish"), NARROWED)
def test_an_hour_or_a_limit_narrows_the_wish(earlier: str, text: str, wish: str) -> None:
    assert _changed(earlier, text) == wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("anything but mondays", "anything but mondays"),
        ("not Friday, Thursday", "Thursday, not Friday"),
        ("Friday, no wait, Thursday", "Thursday"),
        ("friday at 2 sorry i meant thursday at 2", "thursday at 2"),
        ("no mornings", "no mornings"),
        ("monday or tuesday", "monday or tuesday"),
        ("tues or thurs after 5, not this week though", "tues or thurs after 5, not this week"),
        ("not mondays, tuesdays or fridays", "not mondays, tuesdays or fridays"),
    ],
)
def test_a_first_wish_is_kept_and_reads_well(text: str, wish: str) -> None:
    assert _changed(None, text) == wish


@pytest.mark.parametrize("text", ["", "my name is Dana", "thanks", "do they hurt?", "312-555-0100"])
def test_a_message_without_a_time_changes_nothing(text: str) -> None:
    assert _changed("friday", text) is None


@pytest.mark.parametrize(
    "text", ["make it thursday", "thursday instead", "not Friday, Thursday", "no mornings", "after 5"]
)
def test_other_messages_add_no_time(text: str) -> None:
    assert not adds_time(text)


def test_what_is_wished_already_is_not_said_twice() -> None:
    assert _changed("monday or tuesday", "tuesday works too") == "monday or tuesday"


def test_a_wish_that_grows_too_long_is_the_last_one() -> None:
    assert _changed("monday " * 42, "or friday") == "or friday"
