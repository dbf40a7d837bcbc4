"""Measures how fast and large the assistant is; exits 1 below a floor with --strict, 2 when it cannot measure."""

import argparse
import os
import platform
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from evaluation.instance_processes import InstanceError
from evaluation.places import PROJECT_ROOT
from evaluation.speed.client import MeasurementError
from evaluation.speed.figures import speed_figures
from evaluation.speed.measurement import Measured, Say, measure
from evaluation.speed.pictures import load_svg, turns_svg
from evaluation.speed.plan import FULL, QUICK, Plan
from evaluation.speed.results import bench_folder, keep_run, previous_values, run_content
from evaluation.speed.table import below_floor, closing_line, table_lines
from evaluation.understanding.model import ModelError, newest_model

INTERRUPTED = 130

Measure = Callable[[Path, Plan, Say], Measured]


def main(arguments: Sequence[str] | None = None, measure_model: Measure = measure) -> int:
    """Measure, print the table, and keep the results.

    Args:
        arguments: the command line, without the program's name.
        measure_model: does the measuring.

    Returns:
        The exit code: 0 measured, 1 measured below a floor with --strict, 2 not measured, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    try:
        return _run(options, measure_model)
    except (InstanceError, MeasurementError, ModelError, OSError) as error:
        print(f"Nothing was measured: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; everything that was started has ended.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.speed", description=__doc__)
    parser.add_argument("--model", type=Path, help="the model to measure; the newest in models/ when left out")
    parser.add_argument(
        "--quick", action="store_true", help="fewer turns: whether it works, rather than how fast it is"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 below a floor")
    return parser


def _run(options: argparse.Namespace, measure_model: Measure) -> int:
    plan = QUICK if options.quick else FULL
    model = (options.model or newest_model(PROJECT_ROOT / "models")).resolve()
    load_before = os.getloadavg()[0]
    print(f"Model {model.name}; {os.cpu_count()} cores, load {load_before:.1f} before the start.", flush=True)
    measured = measure_model(model, plan, _say)
    moment = datetime.now(timezone.utc)
    figures = speed_figures(measured, plan)
    folder = bench_folder()
    lines = table_lines(figures, previous_values(folder, plan.kind))
    content = run_content(model.name, plan, measured, figures) | _circumstances(moment, load_before)
    kept = keep_run(folder, plan.kind, content, moment)
    (folder / "latency_over_turns.svg").write_text(turns_svg(measured.talked.long.turns), encoding="utf-8")
    (folder / "latency_over_load.svg").write_text(load_svg(measured.talked.load), encoding="utf-8")
    print("\n".join(["", *lines, ""]))
    print(f"Results and pictures in {folder}: {kept.name}, latency_over_turns.svg, latency_over_load.svg.")
    print(closing_line(figures))
    return 1 if options.strict and below_floor(figures) else 0


def _circumstances(moment: datetime, load_before: float) -> dict[str, Any]:
    """When and on what kind of machine; `load_before` is its load average before anything was started."""
    machine = {"cores": os.cpu_count(), "kind": platform.machine(), "load_before": round(load_before, 2)}
    return {"moment": moment.isoformat(timespec="seconds"), "machine": machine}


def _say(line: str) -> None:
    print(f"  {line} ...", flush=True)


if __name__ == "__main__":
    # Ended like with Ctrl-C, so that what was started is ended and temporary files are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
