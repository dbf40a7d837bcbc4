import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT

REAL_PYTHON = sys._base_executable  # type: ignore[attr-defined]
SHIM = "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n"
NEWER = f"#!/bin/sh\nexec {REAL_PYTHON} -c 'raise AssertionError' \n"
WORKING = f'#!/bin/sh\nexec {REAL_PYTHON} "$@"\n'
WITHOUT_VENV = """#!/bin/sh
case "$3" in *ensurepip*) exit 1 ;; *) echo "$0" ;; esac
"""
UV = """#!/bin/sh
echo "uv $*" >>"$(dirname "$0")/uv-calls"
case "$*" in
"python find --system 3.10") [ -e "$(dirname "$0")/fetched" ] && echo "$(dirname "$0")/managed" ;;
"python install 3.10") echo >"$(dirname "$0")/fetched" ;;
esac
"""


class Machine:
    """A machine with the commands that are put on it, and no Python but those."""

    def __init__(self, folder: Path) -> None:
        self.commands = folder / "commands"
        self.home = folder / "home"
        self.project = folder / "project"
        for path in (self.commands, self.home, self.project / "launcher"):
            path.mkdir(parents=True)
        shutil.copy(PROJECT_ROOT / "launcher" / "prepare", self.project / "launcher")
        tools = "awk cat cmp cp date df dirname env grep ln mkdir mv readlink rm sed sleep sort tail tr sh"
        for tool in tools.split():
            (self.commands / tool).symlink_to(shutil.which(tool) or tool)

    def put(self, name: str, text: str) -> Path:
        path = self.commands / name if "/" not in name else self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def prepare(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.project / "launcher" / "prepare", *arguments],
            env={"PATH": str(self.commands), "HOME": str(self.home), **variables},
            text=True,
            capture_output=True,
            timeout=30,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_shim_that_fails_when_run_is_passed_over(machine: Machine) -> None:
    machine.put("python3.10", SHIM)
    machine.put("python3", NEWER)
    machine.put("python", WORKING)
    found = machine.prepare("find-python")
    assert (found.returncode, found.stdout.strip()) == (0, REAL_PYTHON)


def test_the_python_that_was_asked_for_comes_first(machine: Machine) -> None:
    machine.put("python3.10", SHIM)
    chosen = machine.put("chosen/python", WORKING)
    assert machine.prepare("find-python", PYTHON=str(chosen)).stdout.strip() == REAL_PYTHON


def test_an_unfit_python_that_was_asked_for_is_reported(machine: Machine) -> None:
    machine.put("python3.10", WORKING)
    found = machine.prepare("find-python", PYTHON="/nowhere/python")
    assert found.stdout.strip() == REAL_PYTHON
    assert "PYTHON is '/nowhere/python', which is not a working Python 3.10" in found.stderr


def test_a_python_of_pyenv_is_found_behind_its_shims(machine: Machine) -> None:
    machine.put("python3.10", SHIM)
    machine.put(".pyenv/versions/3.10.13/bin/python", WORKING)
    assert machine.prepare("find-python").stdout.strip() == REAL_PYTHON


def test_the_python_beneath_an_activated_environment_is_taken(machine: Machine) -> None:
    machine.put("python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    assert machine.prepare("find-python").stdout.strip() == REAL_PYTHON


@pytest.mark.skipif(
    any(os.access(place, os.X_OK) for place in ("/opt/homebrew/bin/python3.10", "/usr/local/bin/python3.10")),
    reason="this machine has a Python 3.10 in a place that cannot be hidden",
)
class TestNoPythonOnTheMachine:
    def test_one_line_says_what_to_do(self, machine: Machine) -> None:
        machine.put("python3", NEWER)
        found = machine.prepare("find-python")
        assert found.returncode == 1
        [line] = found.stderr.splitlines()
        assert "no working Python 3.10" in line
        assert "apt-get install" in line
        assert "brew install" in line

    def test_one_without_venv_is_named_with_the_missing_package(self, machine: Machine) -> None:
        bare = machine.put("python3.10", WITHOUT_VENV)
        found = machine.prepare("find-python")
        assert found.returncode == 1
        assert found.stderr.startswith(f"prepare: {bare} is Python 3.10 but lacks venv")
        assert "python3.10-venv" in found.stderr

    def test_uv_fetches_one_when_it_is_there(self, machine: Machine) -> None:
        machine.put("uv", UV)
        machine.put("managed", WORKING)
        found = machine.prepare("find-python")
        assert found.stdout.strip() == REAL_PYTHON
        assert "uv python install 3.10" in (machine.commands / "uv-calls").read_text()

    def test_one_that_uv_has_already_is_not_fetched_again(self, machine: Machine) -> None:
        machine.put("uv", UV)
        machine.put("fetched", "")
        machine.put("managed", WORKING)
        assert machine.prepare("find-python").stdout.strip() == REAL_PYTHON
        assert "install" not in (machine.commands / "uv-calls").read_text()


def test_a_missing_basic_tool_is_named(machine: Machine) -> None:
    (machine.commands / "cmp").unlink()
    found = machine.prepare()
    assert found.returncode == 1
    assert "'cmp' is missing" in found.stderr


def test_a_wrong_argument_is_refused(machine: Machine) -> None:
    found = machine.prepare("gates")
    assert found.returncode == 1
    assert "unknown argument 'gates'" in found.stderr
