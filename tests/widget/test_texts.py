"""The words of the widget are as easy to read, and promise as little, as the assistant's own."""

import pytest

from channels.web.widget_texts import widget_texts
from clinic.answers.forbidden_wording import forbidden_wordings
from clinic.answers.plain_text import sentences, words_of
from clinic.answers.reading_level import HIGHEST_GRADE, MOST_WORDS, readability_grade
from clinic.settings import load_settings

LANGUAGES = widget_texts(load_settings({}))
# The Automated Readability Index means little for a label of a few words.
SHORTEST_TEXT = 6


@pytest.mark.parametrize(("language", "name"), [(code, name) for code, texts in LANGUAGES.items() for name in texts])
def test_sentences_are_short_and_promise_nothing(language: str, name: str) -> None:
    for sentence in sentences(LANGUAGES[language][name]):
        assert len(words_of(sentence)) <= MOST_WORDS
        assert forbidden_wordings(sentence) == []


@pytest.mark.parametrize("name", [name for name, text in LANGUAGES["en"].items() if len(text.split()) >= SHORTEST_TEXT])
def test_english_texts_are_easy_to_read(name: str) -> None:
    assert readability_grade(LANGUAGES["en"][name]) <= HIGHEST_GRADE
