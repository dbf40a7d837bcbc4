"""Choices in a text message: shown with numbers, and found again from a number, the words or a slip in them. Pure."""

import re
from collections.abc import Sequence

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NUMBER = re.compile(r"(?:i (?:choose|pick|want) |reply )?(?:(?:option|number|no|nr|choice|answer) )?([0-9])")
SHORTEST_WITH_SLIPS = 5


def numbered(titles: Sequence[str]) -> str:
    """The choices as a part of a sentence: `1 for Send it, 2 for Change something`."""
    return ", ".join(f"{number} for {title}" for number, title in enumerate(titles, start=1))


def chosen(text: str, titles: Sequence[str]) -> int | None:
    """The index of the choice that a text stands for, or None when it stands for none or for more than one.

    Args:
        text: what the visitor wrote.
        titles: the choices as they were shown, in their order.
    """
    said = _plain(text)
    number = _number(said)
    if number is not None:
        return number - 1 if 1 <= number <= len(titles) else None
    plain_titles = [_plain(title) for title in titles]
    exact = [index for index, title in enumerate(plain_titles) if title == said]
    close = exact or [index for index, title in enumerate(plain_titles) if _is_slip(said, title)]
    return close[0] if len(close) == 1 else None


def _number(said: str) -> int | None:
    match = _NUMBER.fullmatch(said)
    if match:
        return int(match.group(1))
    for words in (_CARDINALS, _ORDINALS):
        if said in words:
            return words.index(said) + 1
    ordinal = re.fullmatch(
        rf"(?:the )?({'|'.join(_ORDINALS)}|[1-9](?=st|nd|rd|th))(?:st|nd|rd|th)?(?: (?:one|option|choice))?", said
    )
    if ordinal is None:
        return None
    word = ordinal.group(1)
    return int(word) if word.isdigit() else _ORDINALS.index(word) + 1


def _is_slip(said: str, title: str) -> bool:
    """Whether `said` is the title with one slip, or two in a long one. A negation is no slip."""
    if len(title) < SHORTEST_WITH_SLIPS or len(said.split()) != len(title.split()):
        return False
    allowed = 1 if len(title) < 10 else 2
    return abs(len(said) - len(title)) <= allowed and edit_distance(said, title) <= allowed


def edit_distance(first: str, second: str) -> int:
    """How many letters were left out, added, changed or swapped with their neighbour.

    The optimal string alignment distance; see https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance.
    """
    rows = [list(range(len(second) + 1))]
    for i, letter in enumerate(first, start=1):
        row = [i]
        for j, other in enumerate(second, start=1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]+", " ", text.casefold().replace("\u2019", "'")).split())
