import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT
from launcher.gate_parts import PARTS
from launcher.test_report import read_report
from tests.launcher.conftest import is_running, stand_in, wait_until

TEST_FILE = """
import pytest, warnings

def test_good(): pass

def test_other(): assert OTHER

@pytest.mark.skip(reason="no scanner here")
def test_skipped(): pass

@pytest.mark.xfail(strict=True)
def test_known(): assert False

@pytest.fixture
def broken(): raise OSError("no device")

def test_error(broken): pass
"""


def _gate(parts: dict[str, list[list[str]]], *beside: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.launcher.gate_of_stand_ins", json.dumps(parts), *beside],
        cwd=PROJECT_ROOT,
        text=True,
        capture_output=True,
        timeout=30,
        check=False,
    )


def _pytest(folder: Path, text: str) -> list[str]:
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(text)
    return [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", "-c", f"{folder}/pytest.ini", str(folder)]


@pytest.fixture(autouse=True)
def folder_of_stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))


def test_every_part_runs_also_after_one_has_failed() -> None:
    done = _gate(
        {
            "lint": [stand_in("--exit", "1", "--say", "form is wrong"), stand_in("--exit", "0", "--say", "looked on")],
            "data": [stand_in("--exit", "0", "--say", "data is good")],
        }
    )
    assert done.returncode == 1
    for said in ("form is wrong", "looked on", "data is good"):
        assert said in done.stdout
    table = [line.split()[:3] for line in done.stdout.splitlines()[-5:]]
    assert [(words[0], words[2]) for words in table if words[:1] in (["lint"], ["data"])] == [
        ("lint", "FAILED:"),
        ("data", "passed"),
    ]
    assert done.stdout.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_part_that_runs_beside_others_is_begun_with_them_and_shown_in_its_turn(tmp_path: Path) -> None:
    """Each of the two waits for what only the other writes, so one after the other they would never end."""
    wait = "import pathlib, time\nwhile not pathlib.Path({other!r}).exists(): time.sleep(0.02)"
    mine, other = str(tmp_path / "mine"), str(tmp_path / "other")
    first = [sys.executable, "-c", f"open({mine!r}, 'w')\n{wait.format(other=other)}\nprint('data is good')"]
    second = [sys.executable, "-c", f"{wait.format(other=mine)}\nprint('trained')\nopen({other!r}, 'w')"]
    done = _gate({"data": [first], "train": [second, stand_in("--exit", "1", "--say", "looked on")]}, "train")
    said = done.stdout
    assert said.index("--- data") < said.index("data is good") < said.index("--- train") < said.index("trained")
    assert said.index("trained") < said.index("looked on")
    assert said.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"


def test_much_said_beside_another_part_blocks_nothing_and_loses_nothing() -> None:
    talkative = [sys.executable, "-c", "print(chr(119) * 500_000 + '.')"]
    done = _gate({"data": [stand_in("--exit", "0")], "train": [talkative]}, "train")
    assert done.returncode == 0
    assert "w" * 500_000 + ".\n" in done.stdout


def test_a_gate_in_which_all_is_well_passes(tmp_path: Path) -> None:
    done = _gate({"lint": [stand_in("--exit", "0")], "tests": [_pytest(tmp_path, "def test_good(): pass")]})
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "2 passed, 0 failed, 0 skipped"


def test_the_closing_words_count_the_tests_and_give_the_reasons_for_skipping(tmp_path: Path) -> None:
    done = _gate({"tests": [_pytest(tmp_path, TEST_FILE)]})
    assert done.returncode == 1
    assert "no scanner here" in done.stdout.split("Skipped:")[1]
    assert done.stdout.splitlines()[-1] == "2 passed, 2 failed, 1 skipped"


def test_what_another_part_left_out_is_counted_with_its_reason() -> None:
    done = _gate({"data": [stand_in("--exit", "0", "--say", "SKIPPED: no messages here")]})
    assert done.returncode == 0
    assert done.stdout.split("Skipped:")[1].splitlines()[1] == "  no messages here"
    assert done.stdout.splitlines()[-1] == "1 passed, 0 failed, 1 skipped"


def test_a_test_run_that_breaks_off_is_a_failure(tmp_path: Path) -> None:
    done = _gate({"tests": [_pytest(tmp_path, "import os; os._exit(0)")]})
    assert done.returncode == 1
    assert "pytest broke off" in done.stdout
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


def test_a_run_without_a_test_is_a_failure(tmp_path: Path) -> None:
    done = _gate({"tests": [_pytest(tmp_path, "")]})
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


def test_an_interrupted_gate_ends_what_it_runs_and_says_what_did_not_run(tmp_path: Path) -> None:
    parts = json.dumps({"train": [stand_in("--say", "begun", "--with-child")], "tests": [stand_in("--exit", "0")]})
    gate = subprocess.Popen(
        [sys.executable, "-m", "tests.launcher.gate_of_stand_ins", parts],
        cwd=PROJECT_ROOT,
        text=True,
        stdout=subprocess.PIPE,
        env=os.environ,
    )
    assert gate.stdout
    with gate.stdout:
        assert "begun\n" in gate.stdout
        gate.send_signal(signal.SIGINT)
        said = gate.stdout.read()
    assert gate.wait(10) == 130
    assert "not run" in said
    processes = [int(line.split()[1]) for line in (tmp_path / "processes").read_text().splitlines()]
    assert len(processes) == 2
    wait_until(lambda: not any(is_running(process) for process in processes), "all processes ended")


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("============ 12 passed in 3.41s ============", (12, 0, 0)),
        ("= 1 failed, 12 passed, 3 skipped, 2 warnings, 1 error in 75.20s (0:01:15) =", (12, 2, 3)),
        ("5 passed, 2 deselected, 1 xfailed, 1 xpassed in 0.10s", (7, 0, 2)),
        ("\x1b[32m\x1b[32m\x1b[1m2 passed\x1b[0m\x1b[32m in 0.01s\x1b[0m\x1b[0m", (2, 0, 0)),
    ],
)
def test_the_closing_line_of_pytest_is_understood(line: str, counts: tuple[int, int, int]) -> None:
    report = read_report(f"...\n{line}\n")
    assert report
    assert (report.passed, report.failed, report.skipped) == counts


def test_an_unknown_part_is_refused_with_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "launcher", "gate", "tast"],
        cwd=PROJECT_ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert all(part in done.stderr for part in PARTS)
