"""The texts of responses cut into sentences and words, and made of plain characters."""

import re
import unicodedata

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# A sentence ends at a mark that white space or the end follows: "3.5" and "anna@example.com" hold none.
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*(?:\s+|$)")
WORD = re.compile(r"[^\W_]+(?:[-'’.@:/][^\W_]+)*")
STRAIGHT_MARKS = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
# Control characters, and those that nobody sees: https://www.unicode.org/reports/tr44/#General_Category_Values
UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn")


def sentences(text: str) -> list[str]:
    """The sentences of `text`, without the white space around them."""
    return [sentence.strip() for sentence in SENTENCE_END.split(text) if sentence.strip()]


def words_of(text: str) -> list[str]:
    """The words of `text`; a contraction, a hyphenated word or an address is one."""
    return WORD.findall(text)


def placeholders(text: str) -> set[str]:
    """The names that stand in braces in `text`."""
    return set(PLACEHOLDER.findall(text))


def tidied(text: str) -> str:
    """A text as people type it: in one line, with straight quotes, with letters and digits in their usual form.

    What cannot be seen is left out, so that nobody hides a word from a check with it.
    """
    in_line = " ".join(text.translate(STRAIGHT_MARKS).split())
    usual = unicodedata.normalize("NFKC", in_line)
    return "".join(mark for mark in usual if unicodedata.category(mark) not in UNSEEN).strip()
