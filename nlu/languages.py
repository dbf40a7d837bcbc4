"""Telling Spanish and other languages from English by their commonest words: short chat lines give no more to go on."""

import re
from pathlib import Path

from clinic.yaml_files import read_yaml

ENGLISH, SPANISH, OTHER = "en", "es", "other"
_WORDS = re.compile(r"[^\W\d_]+")
_LISTS: dict[str, str] = read_yaml(Path(__file__).with_name("language_words.yml"))
_SPANISH = frozenset(_LISTS["spanish"].split())
_ENGLISH = frozenset(_LISTS["english"].split())
_SPANISH_LETTERS = re.compile(r"[¿¡ñ]")
_FOREIGN_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]")


def language_of(text: str) -> str:
    """`es`, `other` for text in a foreign script, else `en`; names and numbers alone count as English."""
    letters = [letter for letter in text if letter.isalpha()]
    if letters and sum(bool(_FOREIGN_SCRIPT.match(letter)) for letter in letters) > len(letters) / 2:
        return OTHER
    words = [word.lower() for word in _WORDS.findall(text)]
    spanish = sum(word in _SPANISH for word in words) + 2 * bool(_SPANISH_LETTERS.search(text.lower()))
    english = sum(word in _ENGLISH for word in words)
    enough = spanish >= 2 or (
        spanish == 1 and len(words) <= 2 and english == 0 and words[:1] in (["hola"], ["gracias"])
    )
    return SPANISH if enough and spanish > english else ENGLISH
