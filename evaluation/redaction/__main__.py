"""Measures the redaction of transcripts on labelled lines; exits 1 below a floor, 2 when it cannot measure."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from conversations.redaction import redact
from evaluation.places import PROJECT_ROOT, report_folder
from evaluation.redaction.alignment import AlignmentError
from evaluation.redaction.figures import figures_of, speed_figure
from evaluation.redaction.lines import Line, LinesError, Place, read_lines
from evaluation.redaction.scoring import Judged, judge
from evaluation.understanding.floors import Figure
from evaluation.understanding.report import figure_lines

DEFAULT_LINES = PROJECT_ROOT / "evaluation" / "redaction" / "lines.jsonl"


def main(arguments: Sequence[str] | None = None, redacting: Callable[[str], str] = redact) -> int:
    """Measure redaction.

    Args:
        arguments: the command line, without the program's name.
        redacting: redacts a text.

    Returns:
        The exit code: 0 floors reached, 1 below a floor, 2 nothing could be measured.
    """
    options = _parser().parse_args(arguments)
    try:
        return _measure(options, redacting)
    except (LinesError, AlignmentError, OSError) as error:
        print(f"Nothing was measured: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.redaction", description=__doc__)
    parser.add_argument("--lines", type=Path, default=DEFAULT_LINES, help="JSON lines with a marked text")
    parser.add_argument("--misses", action="store_true", help="show what goes wrong in the lines that are not held out")
    return parser


def _measure(options: argparse.Namespace, redacting: Callable[[str], str]) -> int:
    lines = read_lines(options.lines)
    redacting("")  # reads the word lists, which is no part of the time
    started = time.process_time()
    cases = judge(lines, redacting)
    milliseconds = 1000 * (time.process_time() - started) / len(lines)
    held_out = [case for case in cases if case.line.held_out]
    others = [case for case in cases if not case.line.held_out]
    figures = [*figures_of(held_out, held=True), speed_figure(milliseconds, len(lines))]
    _print_table(f"Held-out lines: {_counts(held_out)}", figures)
    _print_table(f"Lines it was written with: {_counts(others)}", figures_of(others, held=False))
    if options.misses:
        print("\n".join(_misses(others)))
    _write_json(figures, options.lines)
    reached = all(figure.verdict != "below floor" for figure in figures)
    print("Every floor is reached." if reached else "BELOW FLOOR: see the table.")
    return 0 if reached else 1


def _print_table(title: str, figures: Sequence[Figure]) -> None:
    print("\n".join([title, *figure_lines(figures), ""]))


def _counts(cases: Sequence[Judged]) -> str:
    clean = sum(not case.line.places for case in cases)
    return f"{len(cases)}, {clean} of them without personal data"


def _misses(cases: Sequence[Judged]) -> list[str]:
    lines: list[str] = []
    for case in cases:
        wrong = [(verb, places) for verb, places in (("lets through", case.missed), ("hides", case.needless)) if places]
        lines += [
            f"  {case.line.number}: {verb} {_pieces(case.line, places)} in {case.line.text!r}" for verb, places in wrong
        ]
    return [f"Wrong in {len(lines)} cases", *lines, ""]


def _pieces(line: Line, places: Sequence[Place]) -> str:
    return ", ".join(f"{place.kind.value} {line.text[place.start : place.end]!r}" for place in places)


def _write_json(figures: Sequence[Figure], lines: Path) -> None:
    content = {
        "lines": lines.name,
        "figures": [{**asdict(figure), "verdict": figure.verdict} for figure in figures],
    }
    path = report_folder() / "redaction.json"
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"Figures in {path}.")


if __name__ == "__main__":
    sys.exit(main())
