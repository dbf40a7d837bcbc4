"""Which of the clinic's details a question names, in its order."""

import pytest

from clinic.readings.clinic_questions import clinic_details_asked_for


@pytest.mark.parametrize(
    ("text", "asked_for"),
    [
        ("what are your opening hours", ("hours",)),
        ("hours?", ("hours",)),
        ("are you open on saturday", ("hours",)),
        ("when do u close 2day", ("hours",)),
        ("until what time is somebody there", ("hours",)),
        ("whats ur phone number", ("phone",)),
        ("what number can I call", ("phone",)),
        ("where are you located?", ("address",)),
        ("How do I get there from Union Station", ("address",)),
        ("address and hours pls", ("address", "hours")),
        ("phone number and where are you", ("phone", "address")),
        ("is there parking", ()),
        ("do you speak Polish", ()),
    ],
)
def test_what_is_asked_for_is_named_in_the_order_of_the_question(text: str, asked_for: tuple[str, ...]) -> None:
    assert clinic_details_asked_for(text) == asked_for
