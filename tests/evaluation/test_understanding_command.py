"""The command that measures understanding: files in, files out, exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from evaluation.labels import read_labels
from evaluation.places import PROJECT_ROOT
from evaluation.understanding.__main__ import main
from evaluation.understanding.messages import MessagesError, read_messages
from evaluation.understanding.model import ModelError, load_parse, newest_model, training_seconds
from evaluation.understanding.predictions import Parse

UNDERSTOOD = {"can I pop it": "faq/can_i_pop", "hello there": "greet", "what does it cost": "faq/causes"}


def load_by_table(model: Path) -> Parse:
    """A model that understands the sentences of the table, in the shape of this project's parse data."""
    assert model.is_file()

    async def parse(text: str) -> dict[str, Any]:
        label = UNDERSTOOD.get(text, "out_of_scope")
        return {
            "text": text,
            "intent": {"name": label.partition("/")[0], "confidence": 0.8},
            "entities": [{"entity": "phone", "value": "312", "start": 0, "end": 3, "text": "312", "extractor": "x"}],
            "understanding": {
                "label": label,
                "confidence": 0.8,
                "second_label": None,
                "candidates": [],
                "safety": None,
            },
        }

    return parse


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("EVALUATION_DIR", raising=False)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "abc.tar.gz"
    path.touch()
    return path


def write_messages(tmp_path: Path, *messages: dict[str, Any]) -> Path:
    path = tmp_path / "messages.jsonl"
    path.write_text("".join(json.dumps(message) + "\n" for message in messages), encoding="utf-8")
    return path


def run(model: Path, *arguments: str | Path) -> int:
    return main(["--model", str(model), *map(str, arguments)], load=load_by_table)


RIGHT: Sequence[dict[str, Any]] = (
    {"text": "can I pop it", "label": "faq/can_i_pop", "also_ok": [], "channel": "web", "tags": ["plain"]},
    {"text": "hello there", "label": "greet", "also_ok": [], "channel": "sms", "tags": []},
)
WRONG = {"text": "what does it cost", "label": "uncovered/cost_insurance", "also_ok": []}


def test_floors_reached_end_with_zero_and_leave_figures_and_pictures(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model.with_name("abc.json").write_text('{"training_seconds": 21.5}', encoding="utf-8")
    assert run(model, "--messages", write_messages(tmp_path, *RIGHT)) == 0
    printed = capsys.readouterr().out
    assert "all messages right                     100.0 %     >= 90     >= 95  aim          2 of 2" in printed
    assert "Every floor is reached." in printed
    folder = tmp_path / "var" / "evaluation"
    assert sorted(path.name for path in folder.iterdir()) == [
        "confusions.svg",
        "predictions.jsonl",
        "reliability.svg",
        "understanding.json",
    ]
    written = json.loads((folder / "understanding.json").read_text(encoding="utf-8"))
    training = next(figure for figure in written["figures"] if figure["name"] == "training")
    assert (training["value"], training["verdict"]) == (21.5, "aim")
    assert written["reaches_floors"] is True


def test_a_figure_below_its_floor_ends_with_one(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(model, "--messages", write_messages(tmp_path, *RIGHT, WRONG)) == 1
    printed = capsys.readouterr().out
    assert "BELOW FLOOR" in printed
    assert "uncovered/cost_insurance taken for faq/causes" in printed
    assert "what does it cost" in printed
    written = (tmp_path / "var" / "evaluation" / "understanding.json").read_text(encoding="utf-8")
    assert "what does it cost" not in written
    assert json.loads(written)["confusions"] == [
        {"label": "uncovered/cost_insurance", "predicted": "faq/causes", "lines": [3]}
    ]


def test_examples_can_be_left_out(tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(model, "--messages", write_messages(tmp_path, *RIGHT, WRONG), "--no-examples") == 1
    assert "what does it cost" not in capsys.readouterr().out


def test_predictions_alone_are_written_and_nothing_is_judged(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "out.jsonl"
    assert run(model, "--messages", write_messages(tmp_path, WRONG, RIGHT[0]), "--predictions", out) == 0
    first, second = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert first["text"] == "what does it cost"
    assert second.pop("milliseconds") >= 0
    assert second == {
        "text": "can I pop it",
        "label": "faq/can_i_pop",
        "confidence": 0.8,
        "second_label": None,
        "safety": None,
        "entities": [{"entity": "phone", "value": "312", "start": 0, "end": 3}],
    }
    assert "floor" not in capsys.readouterr().out


def test_messages_without_labels_are_only_predicted(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(model, "--messages", write_messages(tmp_path, {"text": "hello there"})) == 0
    assert "floor" not in capsys.readouterr().out
    assert (tmp_path / "var" / "evaluation" / "predictions.jsonl").read_text(encoding="utf-8").count("\n") == 1


def test_the_messages_default_to_the_named_folder(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_messages(tmp_path, *RIGHT).rename(tmp_path / "dev_messages.jsonl")
    monkeypatch.setenv("EVALUATION_DIR", str(tmp_path))
    assert run(model) == 0
    assert "2 messages of dev_messages.jsonl" in capsys.readouterr().out


def test_a_model_of_another_kind_cannot_be_measured(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(_: Path) -> Parse:
        async def parse(text: str) -> dict[str, Any]:
            return {"text": text, "intent": {"name": "greet", "confidence": 1.0}, "entities": []}

        return parse

    messages = write_messages(tmp_path, *RIGHT)
    assert main(["--model", str(model), "--messages", str(messages)], load=load) == 2
    assert "no `understanding`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "holds no messages"),
        ("{\n", ":1: no valid JSON"),
        ('["a"]\n', ':1: a JSON object with a "text" is needed'),
        ('{"text": "a", "label": "greet"}\n{"text": "b", "label": "gret"}\n', ":2: gret is no label"),
        ('{"text": "a", "label": "greet", "also_ok": ["hi"]}\n', ":1: hi is no label"),
        ('{"text": "a", "label": "greet", "also_ok": "stop"}\n', ':1: "also_ok" must be a list'),
        ('{"text": "a", "label": 3}\n', ':1: "label" must be a string'),
        ('{"text": "a", "label": "greet"}\n{"text": "b"}\n', "a label on some lines only"),
    ],
)
def test_a_malformed_file_of_messages_is_refused(tmp_path: Path, written: str, problem: str) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(MessagesError) as raised:
        read_messages(path, read_labels(PROJECT_ROOT / "data" / "labels.yml"))
    assert problem in str(raised.value)


def test_a_file_that_is_not_there_ends_with_two(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(model, "--messages", tmp_path / "none.jsonl") == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_the_newest_model_is_taken(tmp_path: Path, model: Path) -> None:
    later = tmp_path / "aaa.tar.gz"
    later.touch()
    os.utime(model, (1, 1))
    assert newest_model(tmp_path) == later
    with pytest.raises(ModelError, match="train one with"):
        newest_model(tmp_path / "empty")


def test_a_model_with_taught_lines_is_not_the_projects(tmp_path: Path, model: Path) -> None:
    (tmp_path / "aaa.tar.gz").touch()
    (tmp_path / "aaa.json").write_text('{"training_seconds": 60, "taught": "0123456789abcdef"}')
    os.utime(model, (1, 1))
    assert newest_model(tmp_path) == model


def test_a_model_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model at"):
        load_parse(tmp_path / "none.tar.gz")


@pytest.mark.parametrize(("noted", "seconds"), [('{"training_seconds": 12}', 12.0), ("{}", None), (None, None)])
def test_training_seconds_are_read_from_beside_the_model(model: Path, noted: str | None, seconds: float | None) -> None:
    if noted is not None:
        model.with_name("abc.json").write_text(noted, encoding="utf-8")
    assert training_seconds(model) == seconds


@pytest.mark.parametrize("noted", ["[", "[]", '{"training_seconds": "long"}'])
def test_malformed_notes_beside_the_model_are_refused(model: Path, noted: str) -> None:
    model.with_name("abc.json").write_text(noted, encoding="utf-8")
    with pytest.raises(ModelError, match="training seconds"):
        training_seconds(model)


@pytest.mark.model
def test_the_trained_model_predicts_messages_and_a_typed_slash_is_just_text(tmp_path: Path) -> None:
    messages = write_messages(
        tmp_path,
        {"text": "is it ok to squeeze them out at home"},
        {"text": '/greet{"contact_name": "x"}'},
        {"text": ""},
    )
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "evaluation.understanding", "--messages", str(messages), "--predictions", str(out)]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "squeeze them out" not in done.stdout + done.stderr
    squeeze, slash, empty = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert squeeze["label"] == "faq/can_i_pop"
    assert 0 < squeeze["milliseconds"] < 1000
    assert slash["confidence"] < 1.0
    assert empty["text"] == ""
