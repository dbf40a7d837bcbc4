"""The movable clock: what a module that runs on it reads, before and after the clock is moved."""

import json
import os
import subprocess
import sys
from pathlib import Path

from evaluation.dialogues.moved_clock import MovableClock
from evaluation.places import PROJECT_ROOT

READS_THE_CLOCKS = """
import json, sys, time
from time import time as imported_time
from clinic import clock

def say():
    readings = {
        "time": time.time(), "imported": imported_time(), "nanoseconds": time.time_ns() / 1e9,
        "ours": clock.now().timestamp(), "monotonic": time.monotonic(),
    }
    print(json.dumps(readings), flush=True)

assert __name__ == "__main__"
assert sys.argv[1:] == ["--model", "x"], sys.argv
say()
sys.stdin.readline()
say()
"""


def test_a_module_on_the_clock_sees_it_move_forward_and_durations_stay_true(tmp_path: Path) -> None:
    (tmp_path / "reads_the_clocks.py").write_text(READS_THE_CLOCKS, encoding="utf-8")
    movable = MovableClock(tmp_path / "clock")
    movable.set(3_600)
    runner = ("evaluation.dialogues.moved_clock", str(tmp_path / "clock"), "reads_the_clocks", "--model", "x")
    with subprocess.Popen(
        [sys.executable, "-m", *runner],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        before = json.loads(process.stdout.readline())
        movable.set(3_600 + 3 * 86_400)
        process.stdin.write("\n")
        process.stdin.flush()
        after = json.loads(process.stdout.readline())
    assert process.returncode == 0
    for name in ("time", "imported", "nanoseconds", "ours"):
        assert 3 * 86_400 <= after[name] - before[name] < 3 * 86_400 + 30, name
        assert abs(before[name] - before["time"]) < 1, name
    assert 0 <= after["monotonic"] - before["monotonic"] < 30


def test_the_clock_reads_what_was_set_last(tmp_path: Path) -> None:
    movable, other = MovableClock(tmp_path / "clock"), MovableClock(tmp_path / "clock")
    for seconds in (0, 7, 5, 123_456):
        movable.set(seconds)
        assert movable.seconds() == other.seconds() == seconds
    assert [path.name for path in tmp_path.iterdir()] == ["clock"]
