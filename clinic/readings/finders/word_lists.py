"""The lists of words beside this module, all of them in lower case."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from clinic.topics import condition_words


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Common given names."""
    return _word_list("given_names.txt")


@lru_cache(maxsize=1)
def not_names() -> frozenset[str]:
    """Words that are no part of a visitor's name, those of the clinic's conditions among them."""
    return _word_list("not_names.txt") | condition_words()


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    """Last names that are everyday words too."""
    return _word_list("last_names.txt")


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Common English words that are no given names, without regular inflections."""
    return _word_list("common_words.txt")


@lru_cache(maxsize=1)
def things() -> frozenset[str]:
    """Words of names of places, illnesses, products, firms and feasts."""
    return _word_list("things.txt")


def _word_list(file_name: str) -> frozenset[str]:
    text = resources.files("clinic.readings.finders").joinpath(file_name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
