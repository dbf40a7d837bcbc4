"""Finding words in texts of the log, in any case and with or without accents, on SQLite and PostgreSQL alike.

SQLite's own `lower` and `LIKE` fold the letters of ASCII alone, and a function written in Python would be called for
each row. So a pattern in which every letter that may bear an accent stands for any letter picks the few texts that can
match, and only in these the accents are taken off. See https://www.sqlite.org/lang_expr.html#like.
"""

import unicodedata
from typing import Any

from sqlalchemy import and_, func

ACCENTED = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u", "ñ": "n"}
"""The letters of the languages that the assistant speaks, English and Spanish."""
PLAIN = frozenset(ACCENTED.values())
ESCAPE = "\\"


def contains_words(column: Any, words: str) -> Any:
    """The condition that a text holds each of the words, anywhere, also within longer words.

    Args:
        column: the text.
        words: one or more words with spaces between.
    """
    return and_(*(_contains(column, _folded(word)) for word in words.split()))


def _contains(column: Any, word: str) -> Any:
    loose = "".join("_" if letter in PLAIN else _escaped(letter) for letter in word)
    exact = "".join(_escaped(letter) for letter in word)
    likely = func.lower(column).like(f"%{loose}%", escape=ESCAPE)
    if loose == exact:
        return likely
    return and_(likely, _without_accents(column).like(f"%{exact}%", escape=ESCAPE))


def _folded(word: str) -> str:
    composed = unicodedata.normalize("NFC", word).lower()
    return "".join(ACCENTED.get(letter, letter) for letter in composed)


def _escaped(letter: str) -> str:
    return ESCAPE + letter if letter in ("%", "_", ESCAPE) else letter


def _without_accents(column: Any) -> Any:
    plain = func.lower(column)
    for accented, letter in ACCENTED.items():
        plain = func.replace(func.replace(plain, accented, letter), accented.upper(), letter)
    return plain
