"""What a check found in a text, in words for whoever wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or that somebody should look at.

    `place` is the wording it is in, such as `web-1`, or the name of a field; empty when it is about the whole. What
    does not stop a change is for the second person to weigh.
    """

    place: str
    said: str
    stops: bool = True


def stopping(problems: Iterable[Problem]) -> list[Problem]:
    """Those with which nothing may go live."""
    return [problem for problem in problems if problem.stops]


def place_of(channel: str, number: int) -> str:
    """The place of a wording: its channel and its number, counted from 1."""
    return f"{channel}-{number}"
