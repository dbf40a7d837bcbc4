"""The results of the last runs, kept in VAR_DIR/bench so that one run can be held against the one before."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from evaluation.places import PROJECT_ROOT
from evaluation.speed.measurement import Measured
from evaluation.speed.plan import Plan
from evaluation.understanding.floors import Figure

RUNS_KEPT = 20


def bench_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder for results, made when missing: `bench` in VAR_DIR, or in `var` of the project."""
    named = (os.environ if environ is None else environ).get("VAR_DIR") or "var"
    folder = PROJECT_ROOT / named / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def previous_values(folder: Path, kind: str) -> dict[str, float]:
    """The values of the newest run of a kind by figure; empty when there is none that can be read.

    A damaged file is passed over: it is only what today's figures are compared with.
    """
    for path in reversed(_runs(folder, kind)):
        try:
            figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
            return {figure["name"]: float(figure["value"]) for figure in figures if figure["value"] is not None}
        except (ValueError, KeyError, TypeError):
            continue
    return {}


def keep_run(folder: Path, kind: str, content: Mapping[str, Any], moment: datetime) -> Path:
    """Write a run under its moment, remove the oldest beyond twenty of its kind, and return the file."""
    path = folder / f"{kind}-{moment:%Y%m%dT%H%M%S}.json"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    for old in _runs(folder, kind)[:-RUNS_KEPT]:
        old.unlink(missing_ok=True)
    return path


def run_content(model: str, plan: Plan, measured: Measured, figures: Sequence[Figure]) -> dict[str, Any]:
    """A run as JSON: the figures, and every single time behind them.

    Args:
        model: the name of the model's file.
        plan: how much was measured.
        measured: what was measured.
        figures: what was made of it.
    """
    return {
        "model": model,
        "figures": [{**asdict(figure), "verdict": figure.verdict} for figure in figures],
        "plan": asdict(plan),
        "measured": _rounded(asdict(measured)),
    }


def _runs(folder: Path, kind: str) -> list[Path]:
    """The files of a kind, oldest first."""
    return sorted(folder.glob(f"{kind}-*.json"))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value
