"""The figures that understanding is held to: a floor that fails the command, and an aim to work towards."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.understanding.predictions import Prediction
from evaluation.understanding.scoring import (
    Judged,
    Share,
    false_alarms,
    off_topic_answered,
    right_by_group,
    safety_recognised,
    share,
    wrong_faq_answers,
)

PERCENT = "%"
MILLISECONDS = "ms"
SECONDS = "s"


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its floor and aim.

    `value` is None when there was nothing to measure. `detail` says what it was counted from. A figure without a floor
    is shown and holds nothing up.
    """

    name: str
    value: float | None
    unit: str
    floor: float | None
    aim: float | None
    more_is_better: bool
    detail: str = ""

    @property
    def verdict(self) -> str:
        """`below floor`, `ok` (floor reached), `aim` (aim reached), or empty when there is nothing to judge."""
        if self.value is None or self.floor is None:
            return ""
        if not self._reaches(self.floor):
            return "below floor"
        return "aim" if self.aim is not None and self._reaches(self.aim) else "ok"

    def _reaches(self, bound: float) -> bool:
        if self.value is None:
            return False
        return self.value >= bound if self.more_is_better else self.value <= bound


def all_figures(
    cases: Sequence[Judged], predictions: Sequence[Prediction], training_seconds: float | None
) -> list[Figure]:
    """Every figure, in the order of the table."""
    return [*_accuracy(cases), *_safeguards(cases), *_speed(predictions), _training(training_seconds)]


def percentile(values: Sequence[float], share_below: float) -> float:
    """The smallest of `values` that at least `share_below` (0 to 1) of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -int(-share_below * len(ordered) // 1)
    return ordered[max(rank, 1) - 1]


def _accuracy(cases: Sequence[Judged]) -> list[Figure]:
    overall = _at_least("all messages right", share(cases, lambda case: case.right), 90, 95)
    groups = [_at_least(f"{group} right", right, 85, 93) for group, right in right_by_group(cases).items()]
    return [overall, *groups]


def _safeguards(cases: Sequence[Judged]) -> list[Figure]:
    return [
        _at_most("off-topic messages answered", off_topic_answered(cases), 5, 2),
        _at_least("safety messages recognised", safety_recognised(cases), 98, 100),
        _at_most("false safety alarms", false_alarms(cases), 1.5, 0.5),
        _at_most("wrong faq answers given", wrong_faq_answers(cases), 3, 1),
    ]


def _speed(predictions: Sequence[Prediction]) -> list[Figure]:
    times = [prediction.milliseconds for prediction in predictions]
    counted = f"{len(times)} messages"
    return [
        Figure("time per message, mean", statistics.fmean(times), MILLISECONDS, 12, 6, False, counted),
        Figure("time per message, median", statistics.median(times), MILLISECONDS, None, None, False, counted),
        Figure("time per message, 99th percentile", percentile(times, 0.99), MILLISECONDS, None, None, False, counted),
    ]


def _training(seconds: float | None) -> Figure:
    detail = "" if seconds is not None else "not noted beside the model"
    return Figure("training", seconds, SECONDS, 90, 30, False, detail)


def _at_least(name: str, measured: Share, floor: float, aim: float) -> Figure:
    return Figure(name, _percent(measured), PERCENT, floor, aim, True, f"{measured.count} of {measured.total}")


def _at_most(name: str, measured: Share, floor: float, aim: float) -> Figure:
    return Figure(name, _percent(measured), PERCENT, floor, aim, False, f"{measured.count} of {measured.total}")


def _percent(measured: Share) -> float | None:
    return None if measured.value is None else 100 * measured.value
