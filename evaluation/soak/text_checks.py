"""Texts that the carrier took twice. Its API takes no idempotency key, so who dies over one cannot know (docs/sms)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluation.soak.stand_ins import StandIns, Taken

SECONDS_AROUND_A_KILL = 20.0
# A report is noted at once, but the next try may have begun just before.
SECONDS_TO_NOTE = 5.0


def texts_taken_twice(stand_ins: StandIns) -> int:
    """How many times the carrier took a text that it had already."""
    return sum(1 for _ in _again(stand_ins))


def doubled_text_problems(stand_ins: StandIns, kills: Sequence[float]) -> list[str]:
    """Texts that were sent twice, though it could have been known.

    Args:
        stand_ins: the carrier.
        kills: when a process died that sends texts, or the database that notes it; of `time.monotonic`.
    """
    problems = []
    for first, second in _again(stand_ins):
        if first.reported_at is not None and first.reported_at + SECONDS_TO_NOTE < second.taken_at:
            problems.append("a text was sent again though the carrier had reported it")
        elif not any(abs(kill - first.taken_at) < SECONDS_AROUND_A_KILL for kill in kills):
            problems.append("a text was sent twice though nothing died over it")
    return problems


def _again(stand_ins: StandIns) -> Iterator[tuple[Taken, Taken]]:
    for taken in stand_ins.taken.values():
        yield from pairwise(taken)
