"""A request is exported as an iCalendar to-do that a calendar program reads back as it was written."""

import pytest
from icalendar import Calendar, Todo

from clinic.exports.calendar import calendar
from tests.clinic.exported_requests import HOSTILE_TEXTS, MOMENT, REQUEST_ID, full_request


def read_back(text: str) -> list[Todo]:
    whole = Calendar.from_ical(text)
    assert [component.name for component in whole.subcomponents] == ["VTODO"] * len(whole.subcomponents)
    assert all(not component.errors for component in whole.walk())
    return list(whole.walk("VTODO"))


def test_a_request_is_a_todo_that_waits_and_takes_no_time() -> None:
    (todo,) = read_back(calendar([full_request()]))
    assert (todo["uid"], todo["status"], todo["sequence"]) == (f"urn:uuid:{REQUEST_ID}", "NEEDS-ACTION", 0)
    assert todo["summary"] == "Appointment request: Grace Lindqvist"
    assert (todo["created"].dt, todo["dtstamp"].dt) == (MOMENT, MOMENT)
    assert not {"DTSTART", "DUE", "DURATION", "COMPLETED"} & set(todo)


def test_a_changed_request_keeps_its_uid_and_counts_up() -> None:
    (todo,) = read_back(calendar([full_request(version=3)]))
    assert (todo["uid"], todo["sequence"]) == (f"urn:uuid:{REQUEST_ID}", 2)


@pytest.mark.parametrize(
    ("status", "exported", "words"),
    [
        ("contacted", "IN-PROCESS", "The staff have been in touch. This is no booking."),
        ("booked", "COMPLETED", "When that is stands in the clinic's own calendar, not here."),
        ("closed", "COMPLETED", "The staff have closed this request."),
        ("withdrawn", "CANCELLED", "The visitor took this request back."),
    ],
)
def test_how_far_the_staff_are_is_told_without_any_time_of_an_appointment(
    status: str, exported: str, words: str
) -> None:
    (todo,) = read_back(calendar([full_request(status=status, preferred_time="March 12 at 3 pm")]))
    assert todo["status"] == exported
    assert str(todo["description"]).endswith(words)
    assert "waits for the clinic" not in todo["description"]
    assert not {"DTSTART", "DUE", "DURATION", "COMPLETED"} & set(todo)


def test_the_staff_read_all_that_they_need() -> None:
    request = full_request(
        email="grace@example.com", patient_name="Leo Lindqvist", patient_relation="son", reason="bumps"
    )
    (todo,) = read_back(calendar([request]))
    assert todo["summary"] == "Appointment request: Leo Lindqvist"
    assert str(todo["description"]).splitlines() == [
        "Contact: Grace Lindqvist",
        "Phone: +13125550176",
        "E-mail: grace@example.com",
        "Patient: Leo Lindqvist (the contact's son)",
        "Preferred time, in the visitor's words: Friday around noon",
        "Reason, in the visitor's words: bumps",
        "Came by: web chat",
        f"Request: {REQUEST_ID}",
        "Nothing is booked: the visitor waits for the clinic to answer.",
    ]


@pytest.mark.parametrize("words", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_any_words_are_read_back_as_they_were(words: str) -> None:
    name = " ".join(words.split())
    (todo,) = read_back(calendar([full_request(contact_name=name, preferred_time=words.strip())]))
    assert todo["summary"] == f"Appointment request: {name}"
    assert words.strip().replace("\n", "\n    ") in todo["description"]


@pytest.mark.parametrize("words", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_lines_are_folded_at_75_octets_without_cutting_a_letter(words: str) -> None:
    octets = calendar([full_request(preferred_time=words, reason=words)]).encode("utf-8")
    lines = octets.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    for line in lines:
        line.decode("utf-8")


def test_words_of_the_visitor_begin_no_line_and_no_field() -> None:
    forged = "Friday\nRequest: booked\n=1+1"
    (todo,) = read_back(calendar([full_request(contact_name="=1+1", preferred_time=forged)]))
    assert not str(todo["summary"]).startswith("=")
    starts = [line.split(":")[0] for line in str(todo["description"]).splitlines()]
    assert starts.count("Request") == 1
    assert not any(start.startswith("=") for start in starts)


def test_several_requests_are_one_calendar() -> None:
    other = "1c9b6c1e-6a0e-4e0c-9a55-0f7f3c1f5a11"
    todos = read_back(calendar([full_request(), full_request(id=other)]))
    assert [todo["uid"] for todo in todos] == [f"urn:uuid:{REQUEST_ID}", f"urn:uuid:{other}"]


def test_no_request_makes_no_calendar() -> None:
    with pytest.raises(ValueError, match="at least one"):
        calendar([])
