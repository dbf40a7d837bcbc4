"""What the redaction of labelled lines is worth: what it lets through, and what it takes away without need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conversations.redaction_spans import Kind
from evaluation.redaction.alignment import redacted_places
from evaluation.redaction.lines import Line, Place
from evaluation.understanding.scoring import Share

_ENOUGH = 0.5
"""A redacted place is right when at least this share of its letters and digits is labelled: the title before a name and
the word "born" before a date may go with it."""


@dataclass(frozen=True)
class Judged:
    """One line and the places that were redacted in it."""

    line: Line
    found: tuple[Place, ...]

    @property
    def missed(self) -> list[Place]:
        """The labelled places of which any letter or digit can still be read."""
        hidden = {position for place in self.found for position in range(place.start, place.end)}
        return [place for place in self.line.places if not _letters(self.line.text, place) <= hidden]

    @property
    def needless(self) -> list[Place]:
        """The redacted places that are mostly no personal data."""
        labelled = {position for place in self.line.places for position in range(place.start, place.end)}
        return [place for place in self.found if not _is_mostly(_letters(self.line.text, place), labelled)]


def judge(lines: Sequence[Line], redact: Callable[[str], str]) -> list[Judged]:
    """The lines with what is redacted in each, nothing being known of them beforehand."""
    return [Judged(line, tuple(redacted_places(line.text, redact(line.text)))) for line in lines]


def recall(cases: Sequence[Judged], kind: Kind) -> Share:
    """Of the labelled places of a kind, those of which nothing can be read, whichever token hides them."""
    labelled = sum(place.kind is kind for case in cases for place in case.line.places)
    missed = sum(place.kind is kind for case in cases for place in case.missed)
    return Share(labelled - missed, labelled)


def precision(cases: Sequence[Judged], kind: Kind) -> Share:
    """Of the tokens of a kind, those that hide personal data."""
    found = sum(place.kind is kind for case in cases for place in case.found)
    needless = sum(place.kind is kind for case in cases for place in case.needless)
    return Share(found - needless, found)


def untouched(cases: Sequence[Judged]) -> Share:
    """Of the lines without personal data, those that stay as they were written."""
    clean = [case for case in cases if not case.line.places]
    return Share(sum(not case.found for case in clean), len(clean))


def _letters(text: str, place: Place) -> set[int]:
    return {position for position in range(place.start, place.end) if text[position].isalnum()}


def _is_mostly(letters: set[int], labelled: set[int]) -> bool:
    return len(letters & labelled) >= _ENOUGH * len(letters)
