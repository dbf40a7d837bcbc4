"""The image's build file, and the programs that start in a container."""

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT
from launcher.family import CHILD_ENVIRONMENT
from nlu.model_files import TRAINED_ON
from tests.deploy.shipped import DEPLOY
from tests.ports import free_ports

DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
FINAL_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]
IGNORED = [
    line
    for line in (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
STAND_IN = """#!/bin/sh
echo "$*" >>called
case "$*" in
*--name-only*) echo models/abc.tar.gz ;;
*clinic.migrate*) exit "${MIGRATION_ENDS_WITH:-0}" ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which `python` only writes down what it was called with."""
    shutil.copytree(DEPLOY / "container", tmp_path / "deploy" / "container")
    for name in ("models", "shipped-models", "bin", "var"):
        (tmp_path / name).mkdir()
    (tmp_path / "shipped-models" / "abc.tar.gz").write_text("shipped", encoding="ascii")
    (tmp_path / "shipped-models" / "abc.json").write_text("{}", encoding="ascii")
    python = tmp_path / "bin" / "python"
    python.write_text(STAND_IN, encoding="ascii")
    python.chmod(0o755)
    return tmp_path


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], None]]:
    """Makes a folder one that cannot be written: by its rights, and for root by mounting it anew."""
    mounted: list[Path] = []

    def protect(folder: Path) -> None:
        folder.chmod(0o555)
        if os.access(folder, os.W_OK) and worked("mount", "--bind", folder, folder):
            mounted.append(folder)
            worked("mount", "-o", "remount,bind,ro", folder)
        if os.access(folder, os.W_OK):
            pytest.skip("no folder can be made read-only here")

    def worked(*command: object) -> bool:
        return subprocess.run([str(word) for word in command], capture_output=True, check=False).returncode == 0

    yield protect
    for folder in mounted:
        assert worked("umount", folder)


def run(project: Path, program: str, **variables: str) -> tuple[int, list[str], str]:
    """A program's exit code, the calls of python, and what it complained of."""
    path = f"{project / 'bin'}:{os.environ['PATH']}"
    environment = {"PATH": path, "VAR_DIR": str(project / "var"), **variables}
    command = [str(project / "deploy" / "container" / program)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    called = project / "called"
    return done.returncode, called.read_text(encoding="ascii").splitlines() if called.exists() else [], done.stderr


def teach(project: Path) -> None:
    (project / "var" / "teaching").mkdir()
    (project / "var" / "teaching" / "in_force.yml").write_text("nlu:", encoding="ascii")


def test_the_bot_is_served_with_the_current_model_which_the_image_brings(project: Path) -> None:
    code, calls, _ = run(project, "serve-bot")
    assert code == 0
    assert calls == ["-m nlu.training --name-only", "-m channels.serve --model models/abc.tar.gz"]
    assert sorted(path.name for path in (project / "models").iterdir()) == ["abc.json", "abc.tar.gz"]


def test_a_bot_that_may_not_write_takes_the_model_that_is_there_and_ends_without_one(
    project: Path, read_only: Callable[[Path], None]
) -> None:
    model = project / "models" / "abc.tar.gz"
    model.write_text("prepared", encoding="ascii")
    read_only(project / "models")
    assert run(project, "serve-bot")[0] == 0
    assert [path.name for path in (project / "models").iterdir()] == ["abc.tar.gz"]


def test_a_bot_that_may_not_write_and_finds_no_model_says_what_makes_it(
    project: Path, read_only: Callable[[Path], None]
) -> None:
    read_only(project / "models")
    code, calls, complaint = run(project, "serve-bot")
    assert (code, calls) == (1, ["-m nlu.training --name-only"])
    assert complaint == "serve-bot: there is no models/abc.tar.gz yet; deploy/container/prepare makes it.\n"


def test_a_model_that_is_there_already_is_left_as_it_is(project: Path) -> None:
    (project / "models" / "abc.tar.gz").write_text("kept", encoding="ascii")
    assert run(project, "prepare")[0] == 0
    assert (project / "models" / "abc.tar.gz").read_text(encoding="ascii") == "kept"


def test_what_reviewers_taught_is_part_of_the_current_model(project: Path) -> None:
    teach(project)
    _, calls, _ = run(project, "serve-bot")
    assert calls[0] == f"-m nlu.training --name-only --taught {project}/var/teaching/in_force.yml"


def test_a_bot_without_a_model_says_so_and_does_not_start(project: Path) -> None:
    (project / "shipped-models" / "abc.tar.gz").unlink()
    code, calls, complaint = run(project, "serve-bot")
    assert code == 1
    assert calls == ["-m nlu.training --name-only"]
    assert "deploy/container/prepare" in complaint


def test_the_preparation_migrates_first_and_trains_what_is_missing(project: Path) -> None:
    teach(project)
    (project / "var" / "teaching" / "models_kept.txt").write_text("abc\n", encoding="ascii")
    code, calls, _ = run(project, "prepare")
    assert code == 0
    folder = f"{project}/var/teaching"
    assert calls == [
        "-m clinic.migrate",
        f"-m nlu.training --taught {folder}/in_force.yml --keep {folder}/models_kept.txt",
    ]
    assert (project / "models" / "abc.tar.gz").is_file()


def test_a_preparation_whose_migration_failed_does_nothing_more(project: Path) -> None:
    code, calls, _ = run(project, "prepare", MIGRATION_ENDS_WITH="1")
    assert (code, calls) == (1, ["-m clinic.migrate"])
    assert not list((project / "models").iterdir())


@pytest.fixture(params=[200, 503])
def answering(request: pytest.FixtureRequest) -> Iterator[tuple[int, str]]:
    """A server that answers with one status, and its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield request.param, f"http://127.0.0.1:{server.server_port}/health/live"
    server.shutdown()
    server.server_close()


def test_health_is_what_the_address_answers(answering: tuple[int, str]) -> None:
    status, address = answering
    assert healthy(address) is (status == 200)


def test_nothing_that_answers_is_not_healthy() -> None:
    assert not healthy(f"http://127.0.0.1:{free_ports(1)[0]}/health/live")


def healthy(address: str) -> bool:
    command = [sys.executable, "-I", "-S", str(DEPLOY / "container" / "is_healthy.py"), address]
    return subprocess.run(command, check=False, timeout=60).returncode == 0


def test_every_base_is_pinned_to_a_version() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert set(bases) == {"${PYTHON}", "environment", "project"}
    assert re.search(r"^ARG PYTHON=python:3\.10[\w.-]*$", DOCKERFILE, re.MULTILINE)


def test_the_environment_is_made_with_hashes_and_from_no_named_index() -> None:
    assert "RUN launcher/prepare" in DOCKERFILE
    assert "--require-hashes" in (PROJECT_ROOT / "launcher" / "prepare").read_text(encoding="utf-8")
    assert "://" not in re.sub(r"http://127\.0\.0\.1\S*", "", DOCKERFILE)


def test_the_image_runs_as_nobody_in_particular_and_is_asked_for_its_health() -> None:
    assert re.search(r"^USER 10001:10001$", FINAL_STAGE, re.MULTILINE)
    assert "HEALTHCHECK" in FINAL_STAGE


def test_processes_get_the_variables_that_the_launcher_gives() -> None:
    for name, value in CHILD_ENVIRONMENT.items():
        assert re.search(rf"\b{name}={1 if name == 'PYTHONUNBUFFERED' else re.escape(value)}\s", FINAL_STAGE), name


@pytest.mark.parametrize(
    "path", [".env", "deploy/.env", "var", "models/abc.tar.gz", ".git", ".venv", "tests", "milia.sqlite3"]
)
def test_secrets_state_and_tests_stay_out_of_the_image(path: str) -> None:
    assert is_ignored(path)


@pytest.mark.parametrize(
    "path",
    [
        *TRAINED_ON,
        "data/responses",
        "evaluation",
        "launcher",
        "widget",
        "deploy/container/serve-bot",
        "credentials.yml",
        "endpoints.yml",
        ".env.example",
    ],
)
def test_what_the_programs_need_is_in_the_image(path: str) -> None:
    assert (PROJECT_ROOT / path).exists()
    assert not is_ignored(path)


def is_ignored(path: str) -> bool:
    """As Docker decides it: the last line that fits counts, and a folder takes along what is in it."""
    ignored = False
    for line in IGNORED:
        pattern = line.removeprefix("!")
        anywhere = pattern.removeprefix("**/")
        parts = path.split("/")
        starts = ["/".join(parts[: length + 1]) for length in range(len(parts))]
        fits = any(fnmatch(start, pattern) and start.count("/") == pattern.count("/") for start in starts)
        if anywhere != pattern:
            fits = any(fnmatch(part, anywhere) for part in parts)
        if fits:
            ignored = not line.startswith("!")
    return ignored
