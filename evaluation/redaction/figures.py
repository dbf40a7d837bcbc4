"""The figures that redaction is held to: a floor that fails the command, and an aim to work towards."""

from collections.abc import Sequence

from conversations.redaction_spans import Kind
from evaluation.redaction.scoring import Judged, precision, recall, untouched
from evaluation.understanding.floors import MILLISECONDS, PERCENT, Figure
from evaluation.understanding.scoring import Share

RECALL_FLOORS = {
    Kind.NAME: 90.0,
    Kind.PHONE: 98.0,
    Kind.EMAIL: 98.0,
    Kind.BIRTH_DATE: 98.0,
    Kind.ID: 98.0,
    Kind.ADDRESS: 90.0,
}
PRECISION_FLOORS = {Kind.NAME: 90.0}
_AIM = 99.0


def figures_of(cases: Sequence[Judged], *, held: bool) -> list[Figure]:
    """Recall and precision of every kind; `held` says whether the floors hold for these lines."""
    figures = []
    for kind in Kind:
        figures.append(_share(f"{kind.value}, recall", recall(cases, kind), RECALL_FLOORS[kind] if held else None))
        floor = PRECISION_FLOORS.get(kind) if held else None
        figures.append(_share(f"{kind.value}, precision", precision(cases, kind), floor))
    return [*figures, _share("lines without personal data untouched", untouched(cases), None)]


def speed_figure(milliseconds: float, lines: int) -> Figure:
    """The mean time of the processor that redacting a line took."""
    return Figure("processor time per line, mean", milliseconds, MILLISECONDS, None, None, False, f"{lines} lines")


def _share(name: str, measured: Share, floor: float | None) -> Figure:
    value = None if measured.value is None else 100 * measured.value
    return Figure(name, value, PERCENT, floor, _AIM, True, f"{measured.count} of {measured.total}")
