"""A plain yes in signs and drawn-out words, and what only looks like one."""

from __future__ import annotations

import pytest

from clinic.readings.confirmations import is_plain_yes


@pytest.mark.parametrize(
    "text",
    [
        *("👍", "👍🏿", "👌🏽", "ok 👍🏼", "👍👍👍", "👍🏽!", "🙏🏽", "✅ ok", "✔️", "☑️", "🆗", "❤️ yes"),
        *("yes!!!!", "yes!!!!!!!!!!!!!!!!!!!", "yesss pls", "yesssssss", "yeeees", "okkkk", "sureee", "k ty"),
    ],
)
def test_a_yes_in_any_shade_or_length_is_plain(text: str) -> None:
    assert is_plain_yes(text)


@pytest.mark.parametrize(
    "text",
    ["🤷", "🤷🏽", "🤷‍♀️", "yes 🤷", "👎", "👎🏽", "nooo", "yes???", "🏽", "!!!", "yesss but later", "❤️", "hmmm", ""],
)
def test_what_is_in_doubt_is_no_plain_yes(text: str) -> None:
    assert not is_plain_yes(text)
