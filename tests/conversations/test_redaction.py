"""Nothing in a redacted text says who wrote it, and what it says of the skin stays."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.readings.finders import find_details
from conversations.redaction import redact

LONGEST_TEXT = 4_000


@pytest.mark.parametrize(
    ("written", "redacted"),
    [
        ("my name is anna kowalski", "my name is [name]"),
        ("this is Bob", "this is [name]"),
        ("I'm Dr. O'Neil", "I'm Dr. [name]"),
        ("mi hija Valentina tiene milia", "mi hija [name] tiene milia"),
        ("Nguyễn Văn An 7735550158", "[name] [phone]"),
        ("I saw Dr. Patel and my friend Sarah", "I saw Dr. [name] and my friend [name]"),
        ("reservation for Saunders, 3 pm", "reservation for [name], 3 pm"),
        ("spelled K-O-W-A-L-S-K-I", "spelled [name]"),
        ("call (312) 555-0147 or 773.555.0182", "call [phone] or [phone]"),
        ("three one two five five five zero one four two", "[phone]"),
        ("my number is 312five five five 0149", "my number is [phone]"),
        ("my phone number ends in 0147", "my phone number ends in [phone]"),
        ("lena@example.com", "[email]"),
        ("maria.delgado at gmail dot com", "[email]"),
        ("lena arroba gmail punto com", "[email]"),
        ("DOB 3/14/1987", "DOB [birth date]"),
        ("nací el 4 de mayo de 1983", "nací el [birth date]"),
        ("dob for my son is nov 2 2018", "dob for my son is [birth date]"),
        ("SSN 078-05-1120", "SSN [id]"),
        ("my member # is W2098 77123 01", "my member # is [id]"),
        ("1EG4-TE5-MK73", "[id]"),
        ("4111111111111111", "[id]"),
        ("card 4242 4242 4242 4242 exp 04/28 cvv 737", "card [id]"),
        ("I live at 2231 W Maple Ave apt 3, Chicago, IL 60610", "I live at [address], Chicago, IL [address]"),
        ("zip 60614", "zip [address]"),
        ("my insta is @kaylaglows", "my insta is [name]"),
        ("https://example.com/form?name=anna&dob=1987", "https://example.com/form[id]"),
    ],
)
def test_personal_data_is_replaced_by_what_it_is(written: str, redacted: str) -> None:
    assert redact(written) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "are milia contagious",
        "Call me maybe",
        "I am worried it's cancer",
        "Rose colored skin, olive undertone",
        "since 2019, since may, for 10 days",
        "it started on 3/14/2024",
        "next tuesday or 12/3 at 4:15",
        "Will it scar? May I use makeup?",
        "there is a mark on my face, hope it goes away, grace period?",
        "does Paula's Choice or La Roche-Posay help, or Dr. Dennis Gross",
        "Dr. Google says keratin",
        "is it $1500 for 20 bumps or 350.00",
        "tretinoin 0.025% and isotretinoin 40 mg",
        "Crohn's and Sjögren's, Fitzpatrick type V, Epstein pearls",
        "I live in Chicago near Lincoln Park",
        "should i call 911 or 988",
        "code 17110, ICD-10 L72.0",
        "tengo puntitos blancos en la cara desde mayo",
        "me duele, ¿cuánto cuesta?",
        "https://www.mayoclinic.org/diseases/milia",
    ],
)
def test_what_only_looks_personal_stays(text: str) -> None:
    assert redact(text) == text


def test_tokens_that_a_visitor_types_stay_and_harm_nothing() -> None:
    text = "my [name] is [phone] and [birth date]"
    assert redact(text) == text
    assert redact("[email] call 312-555-0147 [id]") == "[email] call [phone] [id]"


def test_the_clinics_own_name_and_number_stay() -> None:
    allowed = ("Lake Dermatology", "(312) 555-0100")
    text = "is (312) 555-0100 Lake Dermatology? mine is (312) 555-0147"
    assert redact(text, allowed=allowed) == "is (312) 555-0100 Lake Dermatology? mine is [phone]"


def test_the_clinics_own_number_within_a_longer_one_is_somebodys() -> None:
    assert redact("(312) 555-01429", allowed=("(312) 555-0142",)) == "[phone]"
    assert redact("mine is 312 555 0143", allowed=("3", "1")) == "mine is [phone]"


def test_what_the_understanding_found_is_replaced_at_its_place() -> None:
    text = "é\u0301 zorblatt wants friday, eyelid"
    entities = [
        {"entity": "person", "start": 3, "end": 11, "value": "zorblatt", "text": "zorblatt"},
        {"entity": "time", "start": 18, "end": 24, "value": "friday", "text": "friday"},
        {"entity": "body_site", "start": 26, "end": 32, "value": "eyelid", "text": "eyelid"},
    ]
    assert redact(text) == text
    assert redact(text, entities=entities) == "é\u0301 [name] wants friday, eyelid"


@pytest.mark.parametrize(
    "entity",
    [
        {},
        {"entity": "person"},
        {"entity": "person", "start": None, "end": 2},
        {"entity": "person", "start": 3, "end": 3},
        {"entity": "person", "start": -4, "end": 2},
        {"entity": "person", "start": 0, "end": 400},
        {"entity": ["person"], "start": 0, "end": 2},
    ],
)
def test_an_entity_without_a_place_in_the_text_is_passed_over(entity: dict[str, Any]) -> None:
    assert redact("are they milia", entities=[entity]) == "are they milia"


def test_everything_the_finders_of_contacts_see_is_gone() -> None:
    text = "Lena Brandt, 312-555-0100, lena@example.com, friday"
    kept = redact(text, entities=[vars(detail) | {"entity": detail.kind} for detail in find_details(text)])
    assert kept == "[name], [phone], [email], friday"


def test_signs_of_other_keyboards_hide_nothing() -> None:
    assert redact("call ３１２\u00a0５５５\u200b-０１４７") == "call [phone]"
    assert redact("my name’s Zoe\u0308 Marchetti") == "my name’s [name]"


PIECES = [
    *("my name is ", "Anna ", "anna ", "Kowalski", "Will ", "zyx ", "van der ", "Dr. ", "'s", "thanks, ", "\n- "),
    *("my son ", "312-555-0147 ", "555", "1", "-", ". ", ", ", "@", "a@b.co ", " at gmail dot com ", "five "),
    *("[name]", "[phone]", "[birth date]", "[", "]", "dob ", "3/14/1987 ", "ssn ", "078-05-1120", "member id "),
    *("4111 1111 1111 1111 ", "exp 04/28 ", "12 Oak Street ", "i live on ", "60614 ", "il ", "?a=b", "https://a.b/"),
    *("é", "e\u0301", "\u200b", "’", "İ", "名", "😀", "\x1a", "\x1b", "\x1c", "\ud800"),
]
KNOWN = ("Anna Kowalski", "Will May", "+13125550147", "a@b.co")


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)),
    st.sampled_from([(), KNOWN]),
)
def test_redacting_twice_changes_nothing_more(text: str, known: tuple[str, ...]) -> None:
    once = redact(text, known)
    assert redact(once, known) == once
    assert redact(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "Anna ",
        "1 ",
        "12 Oak Street 60614 ",
        "my son Max and ",
        "a@",
        "K-O-",
        "name ",
        "Mr ",
        "Burns, Kenneth, ",
        "- ",
    ],
)
def test_a_long_text_of_one_piece_is_redacted(piece: str) -> None:
    text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    once = redact(text, KNOWN)
    assert redact(once, KNOWN) == once


def test_rasa_is_not_imported() -> None:
    program = (
        "import sys, conversations.redaction; print([name for name in sys.modules if name.split('.')[0] == 'rasa'])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
