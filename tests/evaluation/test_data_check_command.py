"""The command as it is run: what it prints and how it ends."""

import re
from pathlib import Path

import pytest

from evaluation.data_check.__main__ import main
from evaluation.labels import GROUPS, read_labels
from evaluation.places import PROJECT_ROOT, PlaceError, held_out_folder, report_folder
from tests.evaluation.conftest import SmallProject


@pytest.fixture(autouse=True)
def no_named_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVALUATION_DIR", raising=False)


def run(project: SmallProject) -> int:
    return main(["--project", str(project.root)])


def test_a_good_project_passes_and_says_aloud_what_was_skipped(
    project: SmallProject, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project) == 0
    printed = capsys.readouterr().out
    assert "Read: 3 labels, 120 training lines, 2 rules, 6 wordings, 1 facts, held-out messages: none found." in printed
    assert "SKIPPED: no held-out messages beside the project" in printed
    assert re.search(r"no held-out message trained on +skipped$", printed, re.MULTILINE)
    assert printed.endswith("Nothing to put right. 1 check was skipped.\n")


def test_a_finding_fails_the_command_and_is_counted(project: SmallProject, capsys: pytest.CaptureFixture[str]) -> None:
    project.replace("domain.yml", "- greet\n", "")
    assert run(project) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("domain.yml:1: the intent 'greet' of 'greet' is not listed")
    assert "To put right: 1." in printed


def test_messages_beside_the_project_are_compared(project: SmallProject, capsys: pytest.CaptureFixture[str]) -> None:
    beside = project.root.parent / "shared" / "eval"
    beside.mkdir(parents=True)
    (beside / "x.jsonl").write_text('{"text": "may I squeeze camel harbour caha"}\n', encoding="utf-8")
    assert run(project) == 1
    printed = capsys.readouterr().out
    assert "the held-out message at x.jsonl:1; remove it." in printed
    assert "SKIPPED" not in printed


def test_a_malformed_held_out_file_fails_with_file_and_line(
    project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.held_out / "x.jsonl").write_text('{"text": "a"}\n{"txt": "b"}\n', encoding="utf-8")
    monkeypatch.setenv("EVALUATION_DIR", str(project.held_out))
    assert run(project) == 1
    assert 'x.jsonl:2: a JSON object with a "text" is needed.' in capsys.readouterr().out


def test_a_missing_file_fails_the_command(project: SmallProject, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / "domain.yml").unlink()
    assert run(project) == 1
    assert "domain.yml" in capsys.readouterr().err


def test_a_named_folder_that_is_not_there_fails_the_command(
    project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVALUATION_DIR", str(project.root / "nowhere"))
    assert run(project) == 1
    assert "EVALUATION_DIR" in capsys.readouterr().err


def test_the_held_out_folder_is_the_named_one_else_the_one_beside(tmp_path: Path) -> None:
    named = tmp_path / "named"
    beside = tmp_path / "shared" / "eval"
    project_folder = tmp_path / "main"
    for folder in (named, beside, project_folder):
        folder.mkdir(parents=True)
    assert held_out_folder(project_folder, {"EVALUATION_DIR": str(named)}) == named
    assert held_out_folder(project_folder, {}) == beside
    beside.rmdir()
    assert held_out_folder(project_folder, {}) is None
    with pytest.raises(PlaceError):
        held_out_folder(project_folder, {"EVALUATION_DIR": str(beside)})


def test_reports_go_to_the_state_of_the_instance(tmp_path: Path) -> None:
    assert report_folder({"VAR_DIR": str(tmp_path)}) == tmp_path / "evaluation"
    assert (tmp_path / "evaluation").is_dir()


def test_the_labels_of_the_project_are_the_agreed_ones() -> None:
    labels = read_labels(PROJECT_ROOT / "data" / "labels.yml")
    sizes = {group: sum(label.group == group for label in labels.values()) for group in GROUPS}
    assert sizes == {
        "faq": 18,
        "uncovered": 11,
        "safety": 4,
        "diagnosis": 1,
        "transactional": 7,
        "conversation": 11,
        "out_of_scope": 1,
    }
    for label in labels.values():
        if "/" in label.name:
            assert label.intent == label.group
