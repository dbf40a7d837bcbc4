"""Every kind of text comes out plain, quickly, and never as an exception."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text_cleaning import LONGEST_TEXT, clean_text


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I can’t", "I can't"),
        ("mi\u200blia", "milia"),
        ("ｍｉｌｉａ", "milia"),
        ("mіlіа", "milia"),
        ("soooooooo bad", "sooo bad"),
        ("  a\n\tb ", "a b"),
        ("a\x00b", "a b"),
        ("", ""),
        ("\u200b\ufeff", ""),
        ("привет", "привет"),
    ],
)
def test_disguises_are_taken_off(typed: str, plain: str) -> None:
    assert clean_text(typed) == plain


@given(st.text(max_size=300))
def test_any_text_is_taken_and_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


def test_a_very_long_text_is_cut_and_not_slow() -> None:
    started = time.process_time()
    assert len(clean_text("milia " * 100_000)) <= LONGEST_TEXT
    assert time.process_time() - started < 1.0
