"""`python -m launcher gate`: run every part, also after one has failed, and say at the end what ran and how it went."""

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from clinic.settings import PROJECT_ROOT
from launcher.family import Family
from launcher.gate_parts import PARTS, TESTS, Part
from launcher.part_run import PartRun
from launcher.screen import Screen
from launcher.stopping import StopRequest
from launcher.test_report import TestReport, read_report
from launcher.trouble import explained

LEFT_OUT = "SKIPPED: "
"""A line of a part that is no test run begins with this where it says what it did not check."""
SECONDS_BETWEEN_LOOKS = 0.05
INTERRUPTED = 130


@dataclass(frozen=True)
class Result:
    """How one part went."""

    part: str
    seconds: float
    problem: str
    """Empty when it passed."""
    tests: TestReport | None = None
    left_out: tuple[str, ...] = ()
    """What a part that is no test run said that it did not check, and why."""


def run_gate(parts: tuple[str, ...], catalogue: Mapping[str, Part] = PARTS) -> int:
    """Run the named parts of the gate in order and print the table.

    Args:
        parts: names of parts, in the order in which they run.
        catalogue: what each name stands for.

    Returns:
        0 when every part passed, 1 when one failed, 130 when it was interrupted.
    """
    screen = Screen()
    # Without bytecode each of the processes that share the tests would compile all of them anew, which takes longest.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        with Family() as family:
            stop = StopRequest(at_once=family.kill_all)
            results = _run_parts({name: catalogue[name] for name in parts}, family, stop, screen)
    except OSError as error:
        screen.say(f"The gate could not go on: {explained(error, str(PROJECT_ROOT))}")
        return 1
    for line in closing_lines(parts, results, catalogue):
        screen.say(line)
    if stop.requested:
        return INTERRUPTED
    return 1 if any(result.problem for result in results) else 0


def closing_lines(parts: tuple[str, ...], results: list[Result], catalogue: Mapping[str, Part] = PARTS) -> list[str]:
    """The table of what ran, what was skipped and why, and the sum; a part that is no test run counts as one check."""
    ran = {result.part: result for result in results}
    lines = ["", f"{'part':<8} {'seconds':>7}  {'result':<28} makes sure of"]
    for name in parts:
        result = ran.get(name)
        seconds = f"{result.seconds:.1f}" if result else "-"
        lines.append(f"{name:<8} {seconds:>7}  {_verdict(result):<28} {catalogue[name].purpose}")
    reasons = [reason for each in results for reason in (*(each.tests.reasons if each.tests else ()), *each.left_out)]
    lines += ["", "Skipped:", *(f"  {reason}" for reason in reasons)] if reasons else []
    return [*lines, "", _sum(parts, ran)]


def _verdict(result: Result | None) -> str:
    if result is None:
        return "not run"
    return f"FAILED: {result.problem}" if result.problem else "passed"


def _sum(parts: tuple[str, ...], ran: dict[str, Result]) -> str:
    passed = failed = skipped = 0
    for name in parts:
        result = ran.get(name)
        if result is None:
            skipped += 1
        elif result.tests is None:
            passed, failed = passed + (not result.problem), failed + bool(result.problem)
            skipped += len(result.left_out)
        else:
            # A run can fail without a failed test: its coverage floor, or a fault at its very end.
            unexplained = bool(result.problem) and not result.tests.failed
            passed += result.tests.passed
            failed += result.tests.failed + unexplained
            skipped += result.tests.skipped
    return f"{passed} passed, {failed} failed, {skipped} skipped"


def _run_parts(parts: Mapping[str, Part], family: Family, stop: StopRequest, screen: Screen) -> list[Result]:
    running = {name: PartRun(part, family) for name, part in parts.items() if part.runs_beside}
    results = []
    for name, part in parts.items():
        if stop.requested:
            break
        run = running.pop(name, None) or PartRun(part, family)
        screen.say(f"\n--- {name}")
        _show(run, running.values(), family, stop, screen)
        results.append(_result(name, run, stop))
    return results


def _show(run: PartRun, beside: Collection[PartRun], family: Family, stop: StopRequest, screen: Screen) -> None:
    """Show what a part says as it comes, until it is over; those beside it go on meanwhile."""
    while True:
        if stop.requested:
            family.end_all()
            run.give_up()
        is_over = run.look()
        for other in beside:
            other.look()
        screen.pass_on(run.not_yet_shown())
        if is_over:
            return
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _result(name: str, run: PartRun, stop: StopRequest) -> Result:
    problem = "interrupted" if stop.requested else run.problem
    tests = read_report(run.said) if name == TESTS else None
    if name == TESTS and tests is None:
        problem = problem or "pytest broke off"
    lines = run.said.splitlines() if name != TESTS else []
    left_out = tuple(line.removeprefix(LEFT_OUT) for line in lines if line.startswith(LEFT_OUT))
    return Result(name, run.seconds, problem, tests, left_out)
