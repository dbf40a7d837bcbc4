import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT

REAL_PYTHON = sys._base_executable  # type: ignore[attr-defined]


def _make_wheel(folder: Path, name: str) -> str:
    """Write a package with one empty module and return its line in a lock file."""
    contents = {
        f"{name}.py": "",
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},\n"
        for path, text in contents.items()
    )
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**contents, f"{name}-1.0.dist-info/RECORD": record}.items():
            archive.writestr(path, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def _quick_python(folder: Path) -> Path:
    """A Python whose `-m venv` copies an environment made once, as making one takes seconds."""
    template = folder / "template"
    subprocess.run([REAL_PYTHON, "-I", "-m", "venv", template], check=True)
    python = folder / "python"
    python.write_text(f"""#!/bin/sh
case "$*" in
"-I -m venv --clear "*) rm -rf "$5"; exec cp -Rp "{template}" "$5" ;;
*_base_executable*) echo "{python}" ;;
esac
""")
    python.chmod(0o755)
    return python


class Project:
    """A checkout with small lock files, and a package index that is a folder."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a project"
        self.wheels = folder / "wheels"
        (self.root / "launcher").mkdir(parents=True)
        self.wheels.mkdir()
        shutil.copy(PROJECT_ROOT / "launcher" / "prepare", self.root / "launcher")
        self.lines = {name: _make_wheel(self.wheels, name) for name in ("first", "second", "checker")}
        (self.root / "requirements.lock").write_text(self.lines["first"])
        (self.root / "requirements-gate.lock").write_text(self.lines["checker"])
        self.environment = {
            **os.environ,
            "PYTHON": str(_quick_python(folder)),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            "PIP_CONFIG_FILE": os.devnull,
        }

    def prepare(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.root / "launcher" / "prepare", *arguments],
            env=self.environment,
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )

    def can_import(self, module: str) -> bool:
        command = [self.root / ".venv" / "bin" / "python", "-c", f"import {module}"]
        return subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("prepared"))
    done = project.prepare()
    assert done.returncode == 0, done.stderr
    assert "Installing requirements.lock" in done.stderr
    return project


@pytest.fixture
def project(prepared: Project) -> Project:
    """The prepared checkout, with its first package installed and the lock files in their first state."""
    (prepared.root / "requirements.lock").write_text(prepared.lines["first"])
    (prepared.root / "requirements-gate.lock").write_text(prepared.lines["checker"])
    assert prepared.prepare().returncode == 0
    return prepared


def test_a_current_environment_is_left_alone(project: Project) -> None:
    done = project.prepare()
    assert (done.returncode, done.stderr) == (0, "")


def test_the_packages_of_the_checks_come_only_when_asked_for(project: Project) -> None:
    assert not project.can_import("checker")
    assert project.prepare("gate").returncode == 0
    assert project.can_import("checker")


def test_a_changed_lock_is_followed_in_both_directions(project: Project) -> None:
    (project.root / "requirements.lock").write_text(project.lines["second"])
    assert project.prepare().returncode == 0
    assert project.can_import("second")
    assert not project.can_import("first")


def test_a_lock_that_only_got_a_new_date_is_not_installed_again(project: Project) -> None:
    (project.root / "requirements.lock").touch()
    assert project.prepare().stderr == ""


def test_the_rooms_of_the_project_can_be_imported_from_anywhere(project: Project) -> None:
    room = project.root / "someroom"
    room.mkdir()
    (room / "__init__.py").touch()
    assert project.can_import("someroom")


def test_the_stand_ins_are_in_force_when_they_are_there(project: Project) -> None:
    room = project.root / "nlu"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "import_stand_ins.py").write_text("import sys\ndef install(): sys.modules['in_force'] = sys\n")
    assert project.can_import("in_force")
    (room / "import_stand_ins.py").unlink()
    python = [project.root / ".venv" / "bin" / "python", "-c", "pass"]
    assert subprocess.run(python, capture_output=True, check=True).stderr == b""
    shutil.rmtree(room)
    assert subprocess.run(python, capture_output=True, check=True).stderr == b""


def test_a_package_that_cannot_be_had_is_one_line_with_the_words_of_pip(project: Project) -> None:
    (project.root / "requirements.lock").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n")
    done = project.prepare()
    assert done.returncode == 1
    last_line = done.stderr.splitlines()[-1]
    assert "Last line: ERROR: No matching distribution found for absent==1.0" in last_line
    assert "Traceback" not in done.stderr
    assert project.can_import("first"), "what was installed before is still there"


def test_a_package_other_than_the_locked_one_is_refused(project: Project) -> None:
    (project.root / "requirements.lock").write_text(f"second==1.0 --hash=sha256:{'0' * 64}\n")
    done = project.prepare()
    assert done.returncode == 1
    assert "not the one that was locked" in done.stderr.splitlines()[-1]


def test_an_index_that_cannot_be_reached_is_said_to_be_the_reason(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root / "requirements.lock").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n")
    monkeypatch.delitem(project.environment, "PIP_NO_INDEX")
    monkeypatch.setitem(project.environment, "PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setitem(project.environment, "PIP_RETRIES", "1")
    done = project.prepare()
    assert done.returncode == 1
    assert "no package index could be reached" in done.stderr.splitlines()[-1]


def test_another_run_is_waited_for(project: Project) -> None:
    (project.root / "requirements.lock").write_text(project.lines["second"])
    command = [project.root / "launcher" / "prepare"]
    both = [subprocess.Popen(command, env=project.environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted("Installing" in text for text in said) == [False, True]


def test_the_lock_of_a_run_that_died_is_taken_over(project: Project) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    (project.root / "requirements.lock").write_text(project.lines["second"])
    (project.root / ".cache" / "prepare.lock").symlink_to(str(dead.pid))
    assert project.prepare().returncode == 0
    assert not (project.root / ".cache" / "prepare.lock").is_symlink()


def test_an_interrupted_run_ends_at_once_and_the_next_makes_it_whole(project: Project) -> None:
    (project.root / "requirements.lock").write_text(project.lines["second"])
    (project.wheels / "wait").mkdir()
    fifo = project.wheels / "wait" / "second-1.0-py3-none-any.whl"
    os.mkfifo(fifo)
    slow = {**project.environment, "PIP_FIND_LINKS": fifo.parent.as_uri()}
    run = subprocess.Popen([project.root / "launcher" / "prepare"], env=slow, stderr=subprocess.PIPE, text=True)
    assert run.stderr
    with run.stderr:
        assert any("Installing requirements.lock" in line for line in run.stderr)
        time.sleep(0.5)
        run.send_signal(signal.SIGTERM)
        assert "stopped" in run.stderr.read()
    assert run.wait(10) == 130
    assert (project.root / ".venv" / "unfinished").exists()
    done = project.prepare()
    assert done.returncode == 0
    assert "Making .venv" in done.stderr
    assert project.can_import("second")


def test_a_half_made_environment_is_made_anew(project: Project) -> None:
    (project.root / ".venv" / "bin" / "python").unlink()
    done = project.prepare()
    assert done.returncode == 0, done.stderr
    assert "Making .venv" in done.stderr
    assert project.can_import("first")


def test_a_checkout_that_was_moved_gets_an_environment_of_its_own(project: Project) -> None:
    elsewhere = project.root.with_name("moved")
    project.root.rename(elsewhere)
    project.root = elsewhere
    done = project.prepare()
    assert done.returncode == 0, done.stderr
    assert (elsewhere / ".venv" / "made-at").read_text().strip() == str(elsewhere)
    assert project.can_import("first")
