"""What models are called, and which of them stay."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from nlu.model_files import current_model, fingerprint, remove_old_models, write_notes
from nlu.training import NOT_CURRENT, main

LINES = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello there\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name, text in {"data/nlu/talk.yml": LINES, "domain.yml": "intents: [greet]\n", "config.yml": "{}\n"}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def taught(tmp_path: Path) -> Path:
    path = tmp_path / "taught.yml"
    path.write_text(LINES.replace("hello there", "howdy"), encoding="utf-8")
    return path


def put_model(folder: Path, name: str, age: int) -> Path:
    folder.mkdir(exist_ok=True)
    model = folder / f"{name}.tar.gz"
    model.write_bytes(b"")
    (folder / f"{name}.json").write_text("{}")
    os.utime(model, (1_000_000 - age, 1_000_000 - age))
    return model


def test_taught_lines_change_the_name(project: Path, taught: Path) -> None:
    names = {fingerprint(project), fingerprint(project, taught)}
    taught.write_text(LINES)
    names.add(fingerprint(project, taught))
    assert len(names) == 3


def test_where_the_taught_lines_are_does_not_matter(project: Path, taught: Path) -> None:
    before = fingerprint(project, taught)
    assert fingerprint(project, taught.rename(taught.with_name("in_force.yml"))) == before


def test_the_name_is_said_without_training(project: Path, taught: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--name-only", "--project", str(project), "--taught", str(taught)]) == 0
    assert capsys.readouterr().out == f"models/{fingerprint(project, taught)}.tar.gz\n"
    assert not (project / "models").exists()


def test_a_model_without_the_taught_lines_is_not_current(
    project: Path, taught: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(project / "models", fingerprint(project), age=0)
    assert main(["--check", "--project", str(project)]) == 0
    assert main(["--check", "--project", str(project), "--taught", str(taught)]) == NOT_CURRENT
    assert capsys.readouterr().out.endswith(f"{fingerprint(project, taught)}.tar.gz is missing\n")
    put_model(project / "models", fingerprint(project, taught), age=0)
    assert main(["--check", "--project", str(project), "--taught", str(taught)]) == 0


def test_missing_taught_lines_are_said(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(project), "--taught", str(tmp_path / "none.yml")]) == 1
    assert "no file of taught lines" in capsys.readouterr().err


def test_the_notes_name_the_taught_lines_by_their_content(project: Path, taught: Path) -> None:
    model = put_model(project / "models", "one", age=0)
    write_notes(model, 61.26, taught)
    noted = json.loads(model.with_name("one.json").read_text())
    assert noted == {"training_seconds": 61.3, "taught": hashlib.sha256(taught.read_bytes()).hexdigest()[:16]}
    write_notes(model, 60.0, None)
    assert json.loads(model.with_name("one.json").read_text()) == {"training_seconds": 60.0}


def test_three_models_stay_and_those_that_are_kept(project: Path) -> None:
    folder = project / "models"
    for age, name in enumerate(["newest", "second", "in_force", "third", "old", "older"]):
        put_model(folder, name, age)
    remove_old_models(folder / "newest.tar.gz", kept=["in_force", "older", "gone"])
    left = {path.name.partition(".")[0] for path in folder.iterdir()}
    assert left == {"newest", "second", "in_force", "third", "older"}
    assert (folder / "older.json").exists() and not (folder / "old.json").exists()


def test_the_current_model_is_in_the_projects_folder(project: Path) -> None:
    assert current_model(project) == project / "models" / f"{fingerprint(project)}.tar.gz"
