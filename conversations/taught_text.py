"""From the redacted text of a message to a training line: plain text in which Rasa finds no markup. Pure logic."""

import re
import unicodedata

from conversations.redaction_spans import TOKEN

LONGEST_LINE = 400
"""Characters. The longest of the project's own training lines has 357."""
FEWEST_WORDS_LEFT = 2
# Rasa reads `[text](entity)`, `[text]{"entity": ...}` and `[text][{...}]` as annotations (rasa 3.6.21,
# shared/nlu/training_data/entities_parser.py, ENTITY_REGEX); each of them begins with a square bracket.
_ROUND = str.maketrans("[]{}", "()()")
_DROPPED = ("Cf", "Cs", "Co", "Cn")
_SPACE = ("Cc", "Zs", "Zl", "Zp")
_SPACES = re.compile(r" +")
_LOOSE_MARKS = re.compile(r" +(?=[,.;:!?)])|(?<=\() +")
_EMPTY_BRACKETS = re.compile(r"\( *\)")
_REPEATED_MARKS = re.compile(r"([,;:])(?:\s*[,;:])+")
_WORD = re.compile(r"\w+")


class UnteachableError(ValueError):
    """The message cannot become a training line; the message says why, in words for the reviewer."""


def taught_line(redacted: str) -> str:
    """The training line that a message becomes.

    Names and numbers, which the redaction took out, are left out without a trace: a made-up one in many lines would
    itself become a sign of their labels. Square and curly brackets become round ones.

    Raises:
        UnteachableError: too little is left of it, or it is too long for one line.
    """
    bare, taken_out = TOKEN.subn(" ", redacted)
    line = _one_line(bare)
    if taken_out:
        line = _tidied(line)
    # A visitor's leading slashes never reach the understanding (channels/typed_text.py).
    line = line.lstrip("/ ")
    words = len(_WORD.findall(line))
    if words < (FEWEST_WORDS_LEFT if taken_out else 1):
        raise UnteachableError("Too little is left of the message to teach the assistant anything.")
    if len(line) > LONGEST_LINE:
        raise UnteachableError(f"The message is longer than {LONGEST_LINE} characters.")
    return line


def _one_line(text: str) -> str:
    kept = (_plain(character) for character in unicodedata.normalize("NFC", text).translate(_ROUND))
    return _SPACES.sub(" ", "".join(kept)).strip()


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACE:
        return " "
    return "" if category in _DROPPED else character


def _tidied(line: str) -> str:
    """The line without the marks that stood around what was taken out."""
    line = _EMPTY_BRACKETS.sub(" ", line)
    line = _REPEATED_MARKS.sub(r"\1", _LOOSE_MARKS.sub("", line))
    return _SPACES.sub(" ", line).strip(" ,;:-")
