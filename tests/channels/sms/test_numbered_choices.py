"""A choice is found from its number, its words or a slip in them, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.numbered_choices import chosen, edit_distance, numbered

TITLES = ("Send it", "Change something", "How to get rid of them")


def test_choices_are_numbered_in_their_order() -> None:
    assert numbered(TITLES[:2]) == "1 for Send it, 2 for Change something"


@pytest.mark.parametrize("text", [
    "1", " 1 ", "1.", "#1", "(1)", "1)", "option 1", "Option 1.", "number 1", "no. 1", "reply 1", "i choose 1", "one",
    "ONE", "first", "the first one", "1st", "the 1st one", "send it", "SEND IT!", "Send  it.", "sned it",
    "send itt",
])  # fmt: skip
def test_the_first_choice_is_found(text: str) -> None:
    assert chosen(text, TITLES) == 0


@pytest.mark.parametrize(
    "text", ["2", "two", "second", "the second", "change something", "Chagne somthing", "option 2"]
)
def test_the_second_choice_is_found(text: str) -> None:
    assert chosen(text, TITLES) == 1


@pytest.mark.parametrize("text", [
    "", "0", "4", "10", "12", "1 2", "1pm", "at 1", "1 or 2", "11", "3125550123", "yes", "no", "don't send it",
    "resend it", "send it tomorrow", "send", "it", "tuesday", "first thing in the morning", "one of them hurts",
    "change",
    "bend in",
    "²", "１２",
])  # fmt: skip
def test_nothing_else_is_a_choice(text: str) -> None:
    assert chosen(text, TITLES) is None


def test_a_slip_that_fits_two_choices_is_none() -> None:
    assert chosen("milia hers", ("Milia here", "Milia hero")) is None


@given(st.text(max_size=30))
def test_any_text_is_borne(text: str) -> None:
    index = chosen(text, TITLES)
    assert index is None or 0 <= index < len(TITLES)


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_distance_is_symmetric_and_zero_for_the_same_alone(first: str, second: str) -> None:
    assert edit_distance(first, second) == edit_distance(second, first)
    assert (edit_distance(first, second) == 0) == (first == second)
    assert edit_distance(first, second) <= max(len(first), len(second))
