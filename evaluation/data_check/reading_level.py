"""Answers are easy to read: short sentences and a low grade; see `clinic.answers.reading_level`."""

from collections.abc import Iterator

from clinic.answers.reading_level import HIGHEST_GRADE, MOST_WORDS, is_english, long_sentences, readability_grade
from clinic.answers.sample_values import READING, filled
from evaluation.data_check.content import ProjectContent
from evaluation.data_check.findings import Finding


def check_reading_level(content: ProjectContent) -> Iterator[Finding]:
    """Texts with a sentence that is too long, or too hard as a whole."""
    for variation in content.variations:
        text = filled(variation.text, READING)
        named = f"{variation.response} ({variation.channel})"
        for sentence, words in long_sentences(text):
            advice = (
                f"{named} has a sentence of {words} words, the limit is {MOST_WORDS}: '{sentence[:60]}...'; split it."
            )
            yield Finding(variation.path, variation.line, advice)
        grade = readability_grade(text)
        if is_english(variation.response) and grade > HIGHEST_GRADE:
            limit = f"the limit is {HIGHEST_GRADE:.0f}"
            advice = f"{named} reads at grade {grade:.1f}, {limit}; use shorter words and sentences."
            yield Finding(variation.path, variation.line, advice)
