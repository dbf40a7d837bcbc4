"""The report of one measurement: the printed tables and the machine-readable file."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation.understanding.calibration import Bin, equal_mass_bins, expected_calibration_error
from evaluation.understanding.floors import Figure, all_figures
from evaluation.understanding.predictions import Prediction
from evaluation.understanding.scoring import (
    Confusion,
    Judged,
    LabelScore,
    Share,
    confusions,
    label_scores,
    right_by_tag,
)

WORST_CONFUSIONS = 12
EXAMPLES = 2
LONGEST_EXAMPLE = 70


@dataclass(frozen=True)
class Report:
    """Everything that one measurement found."""

    figures: tuple[Figure, ...]
    labels: dict[str, LabelScore]
    tags: dict[str, Share]
    confusions: tuple[Confusion, ...]
    bins: tuple[Bin, ...]

    @property
    def calibration_error(self) -> float:
        """The expected calibration error, 0 to 1."""
        return expected_calibration_error(self.bins)

    @property
    def reaches_floors(self) -> bool:
        """Whether no figure is below its floor."""
        return all(figure.verdict != "below floor" for figure in self.figures)


def make_report(cases: Sequence[Judged], predictions: Sequence[Prediction], training_seconds: float | None) -> Report:
    """Work out all figures of a measurement."""
    confidences = [case.prediction.confidence for case in cases]
    return Report(
        figures=tuple(all_figures(cases, predictions, training_seconds)),
        labels=label_scores(cases),
        tags=right_by_tag(cases),
        confusions=tuple(confusions(cases)),
        bins=tuple(equal_mass_bins(confidences, [case.right for case in cases])),
    )


def report_lines(report: Report, examples: bool) -> list[str]:
    """The report as lines of text; `examples` shows messages beside the confusions."""
    return [
        *figure_lines(report.figures),
        "",
        f"Expected calibration error: {report.calibration_error:.3f} ({len(report.bins)} bins of equal size)",
        "",
        *_share_lines("By tag and channel", report.tags),
        "",
        *_label_lines(report.labels),
        "",
        *_confusion_lines(report.confusions, examples),
    ]


def write_json(report: Report, model: str, messages: str, path: Path) -> None:
    """Write the report for machines; confusions name the lines of the messages and not their texts."""
    content: dict[str, Any] = {
        "model": model,
        "messages": messages,
        "reaches_floors": report.reaches_floors,
        "figures": [{**asdict(figure), "verdict": figure.verdict} for figure in report.figures],
        "expected_calibration_error": report.calibration_error,
        "calibration_bins": [asdict(each) for each in report.bins],
        "tags": {tag: asdict(measured) for tag, measured in report.tags.items()},
        "labels": {name: asdict(score) for name, score in report.labels.items()},
        "confusions": [
            {
                "label": confusion.label,
                "predicted": confusion.predicted,
                "lines": [message.line for message in confusion.messages],
            }
            for confusion in report.confusions
        ],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def figure_lines(figures: Sequence[Figure]) -> list[str]:
    """The figures as a table, each beside its floor and aim."""
    head = f"{'':<36}{'figure':>10}{'floor':>10}{'aim':>10}  {'':<12} counted"
    rows = [
        f"{figure.name:<36}{_amount(figure.value, figure):>10}{_bound(figure.floor, figure):>10}"
        f"{_bound(figure.aim, figure):>10}  {figure.verdict:<12} {figure.detail}".rstrip()
        for figure in figures
    ]
    return [head, *rows]


def _amount(value: float | None, figure: Figure) -> str:
    return "none" if value is None else f"{value:.1f} {figure.unit}"


def _bound(value: float | None, figure: Figure) -> str:
    if value is None:
        return ""
    return f"{'>=' if figure.more_is_better else '<='} {value:g}"


def _share_lines(title: str, shares: dict[str, Share]) -> list[str]:
    return [
        title,
        *(f"  {name:<34}{_percent(each):>8}   {each.count} of {each.total}" for name, each in shares.items()),
    ]


def _label_lines(labels: dict[str, LabelScore]) -> list[str]:
    head = f"{'Label':<36}{'precision':>10}{'recall':>10}{'messages':>10}"
    rows = [
        f"{name:<36}{_percent(score.precision):>10}{_percent(score.recall):>10}{score.recall.total:>10}"
        for name, score in labels.items()
    ]
    return [head, *rows]


def _confusion_lines(found: Sequence[Confusion], examples: bool) -> list[str]:
    lines = [f"Worst confusions ({sum(len(each.messages) for each in found)} wrong in all)"]
    for confusion in found[:WORST_CONFUSIONS]:
        lines.append(f"  {len(confusion.messages):>3}  {confusion.label} taken for {confusion.predicted}")
        if examples:
            lines += [f"         {_shortened(message.text)}" for message in confusion.messages[:EXAMPLES]]
    return lines


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_EXAMPLE else plain[: LONGEST_EXAMPLE - 3] + "..."


def _percent(measured: Share) -> str:
    return "" if measured.value is None else f"{100 * measured.value:.1f} %"
