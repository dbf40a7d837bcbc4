"""Phone numbers and e-mail addresses, whole ones and attempts, among the other numbers and signs of a message."""

from __future__ import annotations

import pytest

from clinic.readings.finders import find_emails, find_phones

PHONES = [
    ("312-555-0100", "312-555-0100", "3125550100"),
    ("(312) 555-0100", "(312) 555-0100", "3125550100"),
    ("call 3125550100 pls", "3125550100", "3125550100"),
    ("312.555.0100 is my cell", "312.555.0100", "3125550100"),
    ("+1 312 555 0100", "+1 312 555 0100", "+13125550100"),
    ("1-800-555-0199", "1-800-555-0199", "18005550199"),
    ("312/555-0100", "312/555-0100", "3125550100"),
    ("312 - 555 - 0100", "312 - 555 - 0100", "3125550100"),
    ("312-555-0100 ext 4", "312-555-0100 ext 4", "3125550100x4"),
    ("(312) 555-0100 x12, after noon", "(312) 555-0100 x12", "3125550100x12"),
    ("312–555–0100", "312–555–0100", "3125550100"),
    ("３１２-555-0100", "３１２-555-0100", "3125550100"),
    ("312\u200b555\u200b0100", "312\u200b555\u200b0100", "3125550100"),
    ("my # is 7735550188 ok", "7735550188", "7735550188"),
    ("312 five five five 0100", "312 five five five 0100", "3125550100"),
    (
        "its three one two five five five oh one four three",
        "three one two five five five oh one four three",
        "3125550143",
    ),
    ("312-555-01", "312-555-01", "31255501"),
    ("555-0123", "555-0123", "5550123"),
    ("my phone is 312 555 01", "312 555 01", "31255501"),
    ("my number's 5550188", "5550188", "5550188"),
    ("cell: 312-55", "312-55", "31255"),
    ("text me at 555 0188", "555 0188", "5550188"),
    ("312-555-01001", "312-555-01001", "31255501001"),
    ("+48 600 123 456", "+48 600 123 456", "+48600123456"),
]

NO_PHONES = [
    "12/4/2026 at 10:30",
    "2026-12-04",
    "12-04-2026",
    "it costs $150-200",
    "$3125550100",
    "I'm 34",
    "60614",
    "zip 60614-1234",
    "I live in 60614 and have 3 bumps",
    "2mm",
    "10am-2pm",
    "24/7",
    "since 2019",
    "2019-2021",
    "order number 3125550100",
    "my insurance id is 123456789",
    "call me at 1030",
    "call me at 9",
    "call 911",
    "between 9-11 on 12/4",
    "SSN 123-45-6789",
    "SPF 50, 100 ml, 1200 dollars",
    "my number one question is if 2024 was better",
    "",
]

EMAILS = [
    ("dana@example.com", "dana@example.com", "dana@example.com"),
    (
        "Email me: Dana.Wells+skin@Mail.Example.ORG.",
        "Dana.Wells+skin@Mail.Example.ORG",
        "Dana.Wells+skin@Mail.Example.ORG",
    ),
    ("(dana@example.com)", "dana@example.com", "dana@example.com"),
    ("is dana@example.com ok?", "dana@example.com", "dana@example.com"),
    ("<dana@example.com>,", "dana@example.com", "dana@example.com"),
    ("mailto:dana@example.com", "dana@example.com", "dana@example.com"),
    ("anna at example dot com", "anna at example dot com", "anna@example.com"),
    ("anna dot k at mail dot example dot org", "anna dot k at mail dot example dot org", "anna.k@mail.example.org"),
    ("it's anna (at) example (dot) com", "anna (at) example (dot) com", "anna@example.com"),
    ("anna at gmail.com", "anna at gmail.com", "anna@gmail.com"),
    ("anna @ example.com", "anna @ example.com", "anna@example.com"),
    ("anna@\u200bexample.com", "anna@\u200bexample.com", "anna@example.com"),
    ("o'brien@example.com", "o'brien@example.com", "o'brien@example.com"),
    ("josé@example.com", "josé@example.com", "josé@example.com"),
    ("anna@example", "anna@example", "anna@example"),
    ("anna@@x.com", "anna@@x.com", "anna@@x.com"),
    ("anna.example.com", "anna.example.com", "anna.example.com"),
    ("my email is annagmail.com", "annagmail.com", "annagmail.com"),
]

NO_EMAILS = [
    "friday @2",
    "friday @ 2pm",
    "@dana on insta",
    "see www.example.com for more",
    "I work at example",
    "look at this dot on my nose",
    "2@3",
    "meet @ noon",
    "",
]


@pytest.mark.parametrize(("message", "text", "value"), PHONES)
def test_a_phone_number_or_an_attempt_at_one_is_found(message: str, text: str, value: str) -> None:
    assert [(found.text, found.value) for found in find_phones(message)] == [(text, value)]


@pytest.mark.parametrize("message", NO_PHONES)
def test_other_numbers_are_no_phone(message: str) -> None:
    assert find_phones(message) == []


@pytest.mark.parametrize(("message", "text", "value"), EMAILS)
def test_an_email_address_or_an_attempt_at_one_is_found(message: str, text: str, value: str) -> None:
    assert [(found.text, found.value) for found in find_emails(message)] == [(text, value)]


@pytest.mark.parametrize("message", NO_EMAILS)
def test_other_uses_of_at_and_dot_are_no_email(message: str) -> None:
    assert find_emails(message) == []


@pytest.mark.parametrize("message", ["312-555-0100 773-555-0188", "312-555-0100/773-555-0188", "3125550100,7735550188"])
def test_two_numbers_side_by_side_stay_two(message: str) -> None:
    assert [found.value for found in find_phones(message)] == ["3125550100", "7735550188"]
