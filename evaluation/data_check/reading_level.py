"""Answers are easy to read: short sentences and a low grade on the Automated Readability Index.

Source: Senter and Smith, "Automated Readability Index", AMRL-TR-66-220, 1967:
4.71 * characters / words + 0.5 * words / sentences - 21.43, read as a US school grade.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from evaluation.data_check.content import ProjectContent, Variation
from evaluation.data_check.findings import Finding
from evaluation.data_check.response_texts import filled, sentences, words_of
from evaluation.located_yaml import read_located

READING = Path(__file__).with_name("reading.yml")
MOST_WORDS = 25
HIGHEST_GRADE = 9.0
SHORT_WORD = "skin"


def check_reading_level(content: ProjectContent) -> Iterator[Finding]:
    """Texts with a sentence that is too long, or too hard as a whole."""
    for variation in content.variations:
        text = filled(variation.text, "reading")
        yield from _long_sentences(variation, text)
        grade = readability_grade(text)
        if _is_english(variation) and grade > HIGHEST_GRADE:
            advice = (
                f"{variation.response} ({variation.channel}) reads at grade {grade:.1f}, the limit is "
                f"{HIGHEST_GRADE:.0f}; use shorter words and sentences."
            )
            yield Finding(variation.path, variation.line, advice)


def readability_grade(text: str) -> float:
    """The Automated Readability Index of `text`, unavoidable medical words counted as short ones; 0 without words."""
    words = [SHORT_WORD if word.casefold() in _listed("unavoidable") else word for word in words_of(text)]
    if not words:
        return 0.0
    characters = sum(character.isalnum() for word in words for character in word)
    return 4.71 * characters / len(words) + 0.5 * len(words) / len(sentences(text)) - 21.43


def _is_english(variation: Variation) -> bool:
    return not variation.response.endswith(tuple(_listed("not_english")))


def _long_sentences(variation: Variation, text: str) -> Iterator[Finding]:
    for sentence in sentences(text):
        length = len(words_of(sentence))
        if length > MOST_WORDS:
            advice = (
                f"{variation.response} ({variation.channel}) has a sentence of {length} words, the limit is "
                f"{MOST_WORDS}: '{sentence[:60]}...'; split it."
            )
            yield Finding(variation.path, variation.line, advice)


@cache
def _listed(name: str) -> frozenset[str]:
    listed = read_located(READING).get(name)
    return frozenset(item.text() for item in listed.items()) if listed else frozenset()
