"""Reading pytest's closing words: its short summary (`-ra`) and its last line."""

import re
from dataclasses import dataclass

from launcher.pipes import without_colour

CLOSING_LINE = re.compile(r"^=* ?((?:\d+ [a-z]+, )*\d+ [a-z]+ in [\d.]+s(?: \([\d:]+\))?) ?=*$")
COUNT = re.compile(r"(\d+) ([a-z]+)")
SKIPPED_LINE = re.compile(r"^SKIPPED \[(\d+)\] (.+)$")


@dataclass(frozen=True)
class TestReport:
    """How many tests passed, failed (errors among them) and were skipped, and why."""

    __test__ = False  # pytest takes any class of this name for a test

    passed: int
    failed: int
    skipped: int
    reasons: tuple[str, ...]
    closing_line: str


def read_report(output: str) -> TestReport | None:
    """The report of a pytest run, or None when its output has no closing line, as after a crash.

    Tests with an expected failure count as passed, as they do for pytest's exit code; those left out by a marker or a
    filter count as skipped.
    """
    lines = [line.rstrip() for line in without_colour(output).splitlines()]
    closing = next((found for line in reversed(lines) if (found := CLOSING_LINE.match(line))), None)
    if closing is None:
        return None
    counts = {word: int(number) for number, word in COUNT.findall(closing.group(1))}
    return TestReport(
        passed=sum(counts.get(word, 0) for word in ("passed", "xfailed", "xpassed")),
        failed=sum(counts.get(word, 0) for word in ("failed", "error", "errors")),
        skipped=sum(counts.get(word, 0) for word in ("skipped", "deselected")),
        reasons=tuple(f"{found.group(1)} x {found.group(2)}" for line in lines if (found := SKIPPED_LINE.match(line))),
        closing_line=closing.group(0),
    )
