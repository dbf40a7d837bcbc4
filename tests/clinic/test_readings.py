"""What the clinic keeps of the names, numbers, addresses and times that visitors type."""

from __future__ import annotations

from datetime import datetime

import pytest

from clinic.readings.emails import is_email_attempt, read_email
from clinic.readings.names import LONGEST_NAME, read_name, read_name_answer
from clinic.readings.phones import PhoneReading, PhoneStatus, read_phone
from clinic.readings.times import IMPOSSIBLE, IN_THE_PAST, is_no_preference, read_time_answer, time_problem

NAME_ANSWERS = [
    ("Anna Kowalski", "Anna Kowalski"),
    ("anna", "Anna"),
    ("ANNA KOWALSKI", "Anna Kowalski"),
    ("it's anna kowalski", "Anna Kowalski"),
    ("Anna Kowalski.", "Anna Kowalski"),
    ("  Anna   Kowalski ", "Anna Kowalski"),
    ("sure, Anna", "Anna"),
    ("ok my name is maria lopez", "Maria Lopez"),
    ("Maria, thanks", "Maria"),
    ("just call me Bob", "Bob"),
    ("xochitl", "Xochitl"),
    ("will", "Will"),
    ("April", "April"),
    ("Kowalski, Anna", "Anna Kowalski"),
    ("Mrs. Patel", "Mrs. Patel"),
    ("McDonald", "McDonald"),
    ("Jan van der Berg", "Jan van der Berg"),
    ("jan van der berg", "Jan van der Berg"),
    ("o'brien", "O'Brien"),
    ("siobhán o’brien", "Siobhán O'Brien"),
    ("mary-ann smith", "Mary-Ann Smith"),
    ("Jose\u0301 Nun\u0303ez", "José Nuñez"),
    ("Nguyễn Thị Minh", "Nguyễn Thị Minh"),
    ("王伟", "王伟"),
    ("Anna K.", "Anna K."),
    ("Dwayne Johnson Jr.", "Dwayne Johnson Jr."),
    ("Dana Wells, 312-555-0100", "Dana Wells"),
    ("Dana Wells do they hurt?", "Dana Wells"),
    ("I'm Dana Wells, do they hurt?", "Dana Wells"),
]

NO_NAME_ANSWERS = [
    "",
    "   ",
    "why do you need it",
    "why?",
    "hello",
    "hi there",
    "yes",
    "no",
    "yes please",
    "idk",
    "not telling",
    "I'd rather not say",
    "none of your business",
    "skip",
    "stop",
    "cancel",
    "312-555-0100",
    "dana@example.com",
    "tuesday",
    "tomorrow at 3",
    "my skin is itchy",
    "milia removal",
    "white bumps",
    "eyelid",
    "do they hurt",
    "is mario badescu ok?",
    "fuck you",
    "😀",
    "12",
    "...",
    "anna bella clara dora emma fay",
    "Dr. Nima",
    "whatever",
    "asdf",
    "aaaaaa",
    "brrrr",
    "Anna <script>",
]


@pytest.mark.parametrize(("answer", "name"), NAME_ANSWERS)
def test_an_answer_with_a_name_gives_the_name(answer: str, name: str) -> None:
    assert read_name_answer(answer) == name


@pytest.mark.parametrize("answer", NO_NAME_ANSWERS)
def test_an_answer_that_is_no_name_gives_none(answer: str) -> None:
    assert read_name_answer(answer) is None


def test_a_name_that_is_too_long_is_not_taken() -> None:
    assert read_name("Anna" * 25) == "Anna" * 25
    assert read_name("x" + "Anna" * (LONGEST_NAME // 4)) is None


def test_a_name_in_mixed_case_stays_as_typed() -> None:
    assert read_name("Ludwig van DER Berg") == "Ludwig van DER Berg"


COMPLETE_PHONES = [
    ("312-555-0100", "+13125550100", "(312) 555-0100"),
    ("3125550100", "+13125550100", "(312) 555-0100"),
    ("+13125550100", "+13125550100", "(312) 555-0100"),
    ("(773) 555-0188", "+17735550188", "(773) 555-0188"),
    ("1 202 555 0143", "+12025550143", "(202) 555-0143"),
    ("call me at 312.555.0199 ok?", "+13125550199", "(312) 555-0199"),
    ("312 five five five 0100", "+13125550100", "(312) 555-0100"),
    ("+48 600 123 456", "+48600123456", "+48 600 123 456"),
]


@pytest.mark.parametrize(("text", "e164", "display"), COMPLETE_PHONES)
def test_a_complete_number_can_be_called_also_a_fictional_one(text: str, e164: str, display: str) -> None:
    assert read_phone(text) == PhoneReading(PhoneStatus.COMPLETE, e164, display)


@pytest.mark.parametrize("text", ["312-555-0100 ext 4", "3125550100x4", "+13125550100x4", "(312) 555-0100 x4"])
def test_an_extension_is_kept_beside_the_number(text: str) -> None:
    assert read_phone(text) == PhoneReading(PhoneStatus.COMPLETE, "+13125550100", "(312) 555-0100 ext. 4", "4")


@pytest.mark.parametrize(
    "text", ["312-555-01", "555-0123", "my phone is 312 555 01", "5550123", "+1 312 555", "no", ""]
)
def test_a_number_with_digits_missing_is_incomplete(text: str) -> None:
    assert read_phone(text) == PhoneReading(PhoneStatus.INCOMPLETE)


@pytest.mark.parametrize(
    "text", ["123-456-7890", "999-555-0100", "012-345-6789", "312-155-0100", "312-555-01001", "+999 123 456 789"]
)
def test_a_number_that_cannot_exist_is_impossible(text: str) -> None:
    assert read_phone(text) == PhoneReading(PhoneStatus.IMPOSSIBLE)


EMAIL_ANSWERS = [
    ("dana@example.com", "dana@example.com"),
    ("Dana.Wells@EXAMPLE.com.", "Dana.Wells@example.com"),
    ("it's dana@example.com thanks", "dana@example.com"),
    ("anna at example dot com", "anna@example.com"),
    ("dana+milia@mail.example.org", "dana+milia@mail.example.org"),
    ("dana@clinic.test", "dana@clinic.test"),
]


@pytest.mark.parametrize(("text", "address"), EMAIL_ANSWERS)
def test_an_address_that_can_exist_is_read(text: str, address: str) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    "text", ["anna@example", "anna@@x.com", "anna.example.com", "anna.@example.com", f"{'a' * 65}@example.com"]
)
def test_an_address_that_cannot_exist_is_seen_as_an_attempt(text: str) -> None:
    assert read_email(text) is None
    assert is_email_attempt(text)


@pytest.mark.parametrize("text", ["", "no email", "312-555-0100", "friday @2"])
def test_other_answers_are_no_attempt_at_an_address(text: str) -> None:
    assert read_email(text) is None
    assert not is_email_attempt(text)


TIME_ANSWERS = [
    ("Preferred time would be Friday around noon", "Friday around noon"),
    ("mornings, any day but Wednesday", "mornings, any day but Wednesday"),
    ("how about tuesday", "tuesday"),
    ("maybe next week?", "next week"),
    ("Friday at 2 thanks!", "Friday at 2"),
    ("can you do friday after 5?", "friday after 5"),
    ("do you have anything friday?", "friday"),
    ("I work until 5 so evenings are better", "I work until 5 so evenings are better"),
    ("312-555-0100, Friday at 2", "Friday at 2"),
    ("Friday. and do they hurt?", "Friday"),
    ("Do they hurt? Friday works", "Friday"),
    ("around 3", "around 3"),
    ("Saturday if you’re open, otherwise Monday", "Saturday if you're open, otherwise Monday"),
    ("i can't do mondays", "i can't do mondays"),
    ("Not before noon on wednesday", "Not before noon on wednesday"),
    ("9 a.m. Tuesday", "9 a.m. Tuesday"),
    ("either tues or thurs. after 4 on both", "either tues or thurs. after 4 on both"),
    ("as soon as possible please", "as soon as possible"),
    ("2day", "2day"),
    ("last tuesday", "last tuesday"),
    ("Feb 30", "Feb 30"),
    ("whenever", "whenever"),
    ("idk", "idk"),
    ("no preference", "no preference"),
    ("anytime", "anytime"),
]


@pytest.mark.parametrize(("answer", "words"), TIME_ANSWERS)
def test_an_answer_about_time_keeps_its_words(answer: str, words: str) -> None:
    assert read_time_answer(answer) == words


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "do they hurt?",
        "Anna Kowalski",
        "are you open saturdays?",
        "what times do you have?",
        "when are you open",
        "my cheek",
        "312-555-0100",
        "hmm let me think",
    ],
)
def test_an_answer_without_time_gives_none(answer: str) -> None:
    assert read_time_answer(answer) is None


@pytest.mark.parametrize(
    "words", ["whenever", "idk", "no preference", "anytime", "any day", "I don't know", "not sure", "up to you"]
)
def test_leaving_the_time_open_is_no_preference(words: str) -> None:
    assert is_no_preference(words)


@pytest.mark.parametrize(
    "words", ["asap", "any day but Wednesday", "friday", "mornings", "anytime after 3", "next available"]
)
def test_a_limit_or_a_hurry_is_a_preference(words: str) -> None:
    assert not is_no_preference(words)


NOW = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - the clinic's local time


@pytest.mark.parametrize(
    "words", ["yesterday", "last tuesday", "2 weeks ago", "11/1/2026", "Nov 2, 2025", "2026-01-05"]
)
def test_a_time_that_is_over_is_past(words: str) -> None:
    assert time_problem(words, NOW) == IN_THE_PAST


@pytest.mark.parametrize("words", ["Feb 30", "25:00", "the 32nd", "June 31st", "13/40", "friday 9:75", "2/29", "0th"])
def test_a_time_on_no_calendar_or_clock_is_impossible(words: str) -> None:
    assert time_problem(words, NOW) == IMPOSSIBLE


@pytest.mark.parametrize(
    "words",
    [
        "tomorrow",
        "12/4",
        "1/5",
        "11/30/2026",
        "15/3",
        "Feb 29 2028",
        "next friday at 2",
        "not last tuesday, next tuesday",
        "whenever",
        "24/7",
        "12:30 pm",
        "",
    ],
)
def test_a_time_that_may_still_come_has_no_problem(words: str) -> None:
    assert time_problem(words, NOW) is None


def test_a_leap_day_is_possible_when_the_next_february_has_one() -> None:
    assert time_problem("feb 29", datetime(2027, 11, 1)) is None  # noqa: DTZ001 - the clinic's local time
