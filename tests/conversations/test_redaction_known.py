"""What is known of a conversation is found in every writing, and never in everyday words."""

from __future__ import annotations

import pytest

from conversations.redaction import redact

NAME = ("Anna Kowalski",)
PHONE = ("+13125550147",)


@pytest.mark.parametrize(
    "written",
    ["anna kowalski", "ANNA KOWALSKI", "Kowalski", "anna", "annakowalski", "anna_kowalski", "A. Kowalski", "Anna K.",
     "Ánna", "k-o-w-a-l-s-k-i", "kovalsky", "Kowalsky", "kowlaski"],
)  # fmt: skip
def test_a_known_name_is_replaced_however_it_is_written(written: str) -> None:
    assert redact(f"the lump of {written} hurts", NAME) == "the lump of [name] hurts"


def test_the_sign_of_possession_stays() -> None:
    assert redact("is anna's bump milia", NAME) == "is [name]'s bump milia"


@pytest.mark.parametrize(
    "written",
    ["312 555 0147", "(312)555-0147", "3125550147", "+1 312.555.0147", "1-312-555-0147", "312/555/0147", "555-0147",
     "555 0147", "312 555 01 47"],
)  # fmt: skip
def test_a_known_phone_is_replaced_in_any_american_writing(written: str) -> None:
    assert redact(f"the bump of {written} hurts", PHONE) == "the bump of [phone] hurts"


def test_part_of_another_number_is_no_known_phone() -> None:
    assert "0147" in redact("code 95550147x", PHONE)


def test_a_known_foreign_phone_and_a_known_address_are_replaced() -> None:
    known = ("+48601234567", "Lena.B@example.com")
    assert redact("601 234 567 and lena.b@EXAMPLE.com", known) == "[phone] and [email]"


@pytest.mark.parametrize(
    ("written", "redacted"),
    [
        ("will may it is", "[name] it is"),
        ("I am Will", "I am [name]"),
        ("Will here", "[name] here"),
        ("Thanks, Will", "Thanks, [name]"),
        ("ask Will about it", "ask [name] about it"),
        ("it will scar, may I pop it", "it will scar, may I pop it"),
        ("Will it scar?", "Will it scar?"),
        ("ok. Will you pop it", "ok. Will you pop it"),
        ("May I pop it", "May I pop it"),
        ("in May or on May 3", "in May or on May 3"),
        ("WILL IT SCAR", "WILL IT SCAR"),
    ],
)
def test_an_everyday_word_is_a_known_name_only_where_it_is_meant_so(written: str, redacted: str) -> None:
    assert redact(written, ("Will May",)) == redacted


def test_a_word_about_the_skin_is_no_misspelled_name() -> None:
    known = ("Milan Rosacek", "Retta Cystin")
    text = "are milia, cysts or rosacea treated with retinol"
    assert redact(text, known) == text


def test_a_title_particle_or_empty_value_is_no_name() -> None:
    known = ("Dr. Maria de la Cruz", "", "  ", "Mrs.")
    assert redact("la doctora de la clínica, mrs or dr", known) == "la doctora de la clínica, mrs or dr"
    assert redact("maria de la cruz", known) == "[name]"
