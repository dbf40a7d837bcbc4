"""Which of the questions that would go along a visitor leaves out, in their own words."""

import pytest

from clinic.readings.left_out_questions import read_left_out

QUESTIONS = ("how much is it?", "does insurance cover it?", "are they contagious?")


@pytest.mark.parametrize(
    "text",
    [
        "leave out the questions",
        "Leave out the questions",
        "please leave the questions out",
        "don't send my questions",
        "do not pass on the questions please",
        "without the questions",
        "send it without questions",
        "yes but not the questions",
        "take all the questions off",
        "remove both questions",
        "drop my open questions, the rest is right",
        "leave out all 3 questions",
        "leave out the questions, and make it 2 pm",
        "leave out the questions, 312 555 0142 is right",
        "drop the questions and call me on the 3rd",
        "I don't want you to send those questions",
        "skip the questions",
        "never mind the questions",
        "could you leave out the questions please?",
        "take the questions off please",
    ],
)
def test_all_questions_are_left_out(text: str) -> None:
    assert read_left_out(text, QUESTIONS) == (0, 1, 2)


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("leave out the second question", (1,)),
        ("leave out question 2", (1,)),
        ("remove the last question", (2,)),
        ("drop questions 1 and 3", (0, 2)),
        ("without the first question", (0,)),
        ("leave out the first and the second question", (0, 1)),
        ("leave out the insurance question", (1,)),
        ("don't send the question about insurance", (1,)),
        ("leave off question 1", (0,)),
        ("leave question three out", (2,)),
        ("can you take question two out?", (1,)),
        ("don't ask the question whether they are contagious", (2,)),
    ],
)
def test_a_question_is_told_by_its_place_or_its_words(text: str, which: tuple[int, ...]) -> None:
    assert read_left_out(text, QUESTIONS) == which


@pytest.mark.parametrize("text", ["leave out the question", "leave out question 7", "not the question about parking"])
def test_which_of_several_is_not_told(text: str) -> None:
    assert read_left_out(text, QUESTIONS) == ()


@pytest.mark.parametrize(
    "text", ["leave out the question", "leave the question out please", "don't pass on my question"]
)
def test_the_only_question_needs_no_name(text: str) -> None:
    assert read_left_out(text, QUESTIONS[:1]) == (0,)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "send it",
        "no questions",
        "I have a question",
        "can you answer my questions first?",
        "don't forget my question",
        "do they leave scars?",
        "remove my phone number",
        "leave out the phone number",
        "send my questions too",
        "is it done without anaesthesia?",
        "no more questions, send it",
        "why do you ask so many questions",
        "don't leave out my questions",
        "please dont leave the question out",
        "never leave out the questions",
        "leave my question in",
        "don't skip my question",
        "take my question to the doctor",
        "take out the bumps, quick question",
        "without question yes",
        "do not ask me questions",
        "don't send it yet i have another question",
        "not sure, question: does it hurt",
        "drop me a text about my question",
        "remove my name, question stays",
        "I want to remove milia thats my question",
        "will removing them leave marks is my question",
    ],
)
def test_other_words_leave_nothing_out(text: str) -> None:
    assert read_left_out(text, QUESTIONS) is None


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("leave out 2", (1,)),
        ("leave out number 2 please", (1,)),
        ("remove the second one", (1,)),
        ("leave the last one out", (2,)),
        ("don't leave out the second one", None),
        ("don't leave them out", None),
        ("drop the second phone number", None),
    ],
)
def test_one_that_was_just_shown_may_be_pointed_at(text: str, which: tuple[int, ...] | None) -> None:
    assert read_left_out(text, QUESTIONS) is None
    assert read_left_out(text, QUESTIONS, just_shown=True) == which


@pytest.mark.parametrize("text", ["leave them out", "leave it out", "not those, leave them out please"])
def test_pointing_words_count_only_where_the_questions_were_just_shown(text: str) -> None:
    assert read_left_out(text, QUESTIONS) is None
    assert read_left_out(text, QUESTIONS, just_shown=True) == (0, 1, 2)


def test_a_long_text_is_read_in_time() -> None:
    for word in ("leave ", "not the ", "don't send ", "take the question ", "leave out the first "):
        assert read_left_out(word * 5000, QUESTIONS, just_shown=True) in (None, (), (0,))
