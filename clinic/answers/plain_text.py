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
USUAL_MARKS = frozenset("¡¿–—•°€£½")


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


def unusual_characters(text: str) -> list[str]:
    """The characters of a text, each once and sorted, that are no letter or mark of English or Spanish.

    A letter of another alphabet that looks the same hides a word from every check, and some letters show nothing.
    """
    return sorted({mark for mark in text if mark not in USUAL_MARKS and not _plain(mark)})


def without_accents(text: str) -> str:
    """The text with plain letters in the place of accented ones, so that an accent hides no word from a check."""
    return "".join(_plain(mark) or mark for mark in text)


def _plain(mark: str) -> str:
    """The character of ASCII that a character is, or that is an accented letter's; empty where there is none."""
    base = unicodedata.normalize("NFD", mark)[0]
    return base if base.isascii() and (base.isalpha() or base == mark) else ""
