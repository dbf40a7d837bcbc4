"""A question inside a story stands alone, and short lines are told apart by language."""

import pytest

from nlu.languages import language_of
from nlu.segments import MOST_SEGMENTS, questions_of, segments_of


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("do they hurt", []),
        (
            "What causes these, and how much is it to remove five?",
            ["What causes these", "how much is it to remove five?"],
        ),
        ("I'm Dana Wells, 312-555-0100, do they hurt?", ["I'm Dana Wells, 312-555-0100", "do they hurt?"]),
        ("Had them for years. Are they dangerous?", ["Had them for years.", "Are they dangerous?"]),
        ("red and white bumps", []),
    ],
)
def test_sentences_and_clauses_stand_alone(text: str, segments: list[str]) -> None:
    assert segments_of(text) == segments


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("when are you open and what does it cost", ["when are you open", "what does it cost"]),
        ("parking by you? and how much is a visit?", ["parking by you?", "and how much is a visit?"]),
        ("hi are they bad or should i just leave them", ["hi are they bad", "should i just leave them"]),
        ("I have rosacea on my cheeks, how do I treat it", []),
        ("My cream is for the rash on my arms. Any link to these?", []),
        ("when are you open", []),
    ],
)
def test_only_who_asks_twice_has_two_questions(text: str, questions: list[str]) -> None:
    assert questions_of(text) == questions


def test_a_long_story_gives_its_beginning_and_its_end() -> None:
    segments = segments_of(" ".join(f"This is sentence {number}." for number in range(40)))
    assert len(segments) == MOST_SEGMENTS
    assert segments[0].endswith("0.")
    assert segments[-1].endswith("39.")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hola, ¿me pueden quitar estos granitos?", "es"),
        ("quiero una cita para mañana", "es"),
        ("gracias", "es"),
        ("do milia hurt", "en"),
        ("Maria Lopez", "en"),
        ("no no no", "en"),
        ("tell me more", "en"),
        ("312 555 0100", "en"),
        ("这是什么", "other"),
        ("что это такое", "other"),
        ("", "en"),
    ],
)
def test_the_language_of_a_short_line(text: str, language: str) -> None:
    assert language_of(text) == language
