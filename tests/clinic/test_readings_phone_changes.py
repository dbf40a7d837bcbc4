"""Numbers in the ways people write them, and a known number of which some digits are corrected."""

from __future__ import annotations

import pytest

from clinic.readings.finders import find_details
from clinic.readings.phone_changes import corrected_phone
from clinic.readings.phones import PhoneStatus, read_phone

KNOWN = "+13125550167"

CORRECTED = [
    ("the last digits are 0176 not 0167", "+13125550176"),
    ("ends in 76", "+13125550176"),
    ("it ends with 0176", "+13125550176"),
    ("last four are 0176", "+13125550176"),
    ("the last 4 digits should be 0176", "+13125550176"),
    ("not 0167, 0176", "+13125550176"),
    ("0176 not 0167", "+13125550176"),
    ("its 76 not 67", "+13125550176"),
    ("sorry 76 at the end", "+13125550176"),
    ("the area code is 773", "+17735550167"),
    ("it starts with 773", "+17735550167"),
    ("773 not 312", "+17735550167"),
    ("ends in seven six", "+13125550176"),
    ("change 0167 to 0176", "+13125550176"),
    ("312-555-0176, not 312-555-0167", "+13125550176"),
    ("not 312-555-0167, 312-555-0176", "+13125550176"),
    ("last digit is 8", "+13125550168"),
]


@pytest.mark.parametrize(("text", "number"), CORRECTED)
def test_the_digits_that_are_corrected_are_exchanged(text: str, number: str) -> None:
    assert corrected_phone(KNOWN, text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "that's wrong",
        "0176",
        "not 0199, 0176",
        "friday not thursday",
        "the 7th not the 6th",
        "ends in 67",
        "it ends in may",
        "you swapped two digits",
        "at 2 not 3",
        "the area code is 000",
        "312-555-0176",
        "last week i had 5 not 6",
        "the last 3 days",
        "01765 not 0167",
    ],
)
def test_what_is_unclear_changes_no_digit(text: str) -> None:
    assert corrected_phone(KNOWN, text) is None


def test_the_extension_stays() -> None:
    assert corrected_phone(f"{KNOWN}x12", "ends in 76") == "+13125550176x12"


def test_a_number_from_elsewhere_is_left_alone() -> None:
    assert corrected_phone("+48600123456", "ends in 76") is None


@pytest.mark.parametrize(
    "text",
    [
        "312.555.0101", "(312)5550101", "+1 312-555-0101", "1 (312) 555 0101", "312,555,0101", "312_555_0101",
        "3 1 2 5 5 5 0 1 0 1", "three one two 555 0101", "three-one-two five-five-five oh-one-oh-one",
        "tel:3125550101", "my # 3125550101", "call me at 3125550101 after 5",
    ],
)  # fmt: skip
def test_a_number_is_read_in_any_writing(text: str) -> None:
    assert read_phone(text).display == "(312) 555-0101"


@pytest.mark.parametrize(
    "text", ["3125550101 ext12", "312-555-0101 x 12", "312 555 0101, extension 12", "3125550101x12"]
)
def test_an_extension_is_read_in_any_writing(text: str) -> None:
    assert read_phone(text).extension == "12"


def test_a_number_and_a_time_are_told_apart() -> None:
    found = [(detail.kind, detail.text) for detail in find_details("call me at 3125550101 after 5")]
    assert found == [("phone", "3125550101"), ("time", "after 5")]


@pytest.mark.parametrize(
    "text", ["60614", "12/4/2026", "$3125.55", "my zip is 60614-1234", "3/4/1990", "dob 03-04-1990"]
)
def test_a_date_a_zip_code_or_a_price_is_no_number(text: str) -> None:
    assert not [detail for detail in find_details(text) if detail.kind == "phone"]


@pytest.mark.parametrize("text", ["number is 312555010", "312-555-01", "555-0101"])
def test_a_number_with_digits_missing_is_named_so(text: str) -> None:
    assert [detail.kind for detail in find_details(text)] == ["phone"]
    assert read_phone(text).status is PhoneStatus.INCOMPLETE
