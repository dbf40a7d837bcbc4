"""The texts of responses with their variables filled in, and cut into sentences and words."""

import re
from functools import cache
from pathlib import Path

from evaluation.located_yaml import read_located

VARIABLES = Path(__file__).with_name("variables.yml")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# A sentence ends at a mark that white space or the end follows: "3.5" and "anna@example.com" hold none.
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*(?:\s+|$)")
WORD = re.compile(r"[^\W_]+(?:[-'’.@:/][^\W_]+)*")


@cache
def values(kind: str) -> dict[str, str]:
    """The values of the variables for one measurement: `sms` (long ones) or `reading` (short ones)."""
    section = read_located(VARIABLES).get(kind)
    return {name: value.text() for name, _, value in section.entries()} if section else {}


def unknown_variables(text: str) -> list[str]:
    """The variables of `text` for which no value to measure with is known."""
    return sorted(
        set(PLACEHOLDER.findall(text)) - set(values("sms")) | set(PLACEHOLDER.findall(text)) - set(values("reading"))
    )


def filled(text: str, kind: str) -> str:
    """`text` with its known variables replaced; unknown ones stay as they are."""
    known = values(kind)
    return PLACEHOLDER.sub(lambda found: known.get(found.group(1), found.group(0)), text)


def sentences(text: str) -> list[str]:
    """The sentences of `text`, without the white space around them."""
    return [sentence.strip() for sentence in SENTENCE_END.split(text) if sentence.strip()]


def words_of(text: str) -> list[str]:
    """The words of `text`; a contraction, a hyphenated word or an address is one."""
    return WORD.findall(text)
