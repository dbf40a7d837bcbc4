"""How easy a text is to read: the length of its sentences and its grade on the Automated Readability Index.

Source: Senter and Smith, "Automated Readability Index", AMRL-TR-66-220, 1967:
4.71 * characters / words + 0.5 * words / sentences - 21.43, read as a US school grade.
"""

from clinic.answers.plain_text import sentences, words_of
from clinic.answers.rule_files import rules_of
from clinic.topics import condition_words

MOST_WORDS = 25
HIGHEST_GRADE = 9.0
SHORT_WORD = "skin"
# A child of the first grade is six years old.
AGE_OF_GRADE = 5


def readability_grade(text: str) -> float:
    """The Automated Readability Index of `text`, unavoidable medical words counted as short ones; 0 without words."""
    unavoidable = condition_words() | set(rules_of("reading_level")["unavoidable"])
    words = [SHORT_WORD if word.casefold() in unavoidable else word for word in words_of(text)]
    if not words:
        return 0.0
    characters = sum(character.isalnum() for word in words for character in word)
    return 4.71 * characters / len(words) + 0.5 * len(words) / len(sentences(text)) - 21.43


def reading_age(text: str) -> int:
    """The age in years at which somebody who reads well for it reads `text` with ease; six at least."""
    return max(round(readability_grade(text)), 1) + AGE_OF_GRADE


def long_sentences(text: str) -> list[tuple[str, int]]:
    """The sentences of `text` that are too long, each with the number of its words."""
    counted = [(sentence, len(words_of(sentence))) for sentence in sentences(text)]
    return [(sentence, words) for sentence, words in counted if words > MOST_WORDS]


def is_english(response: str) -> bool:
    """Whether the index, which is made for English, says anything of a response."""
    return not response.endswith(tuple(rules_of("reading_level")["not_english"]))
