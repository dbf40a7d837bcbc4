"""Two models on the same messages, and what a candidate must hold."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from evaluation.data_check.held_out_lines import repeated_pairs
from evaluation.data_check.reading_content import read_training_lines
from evaluation.data_check.text_similarity import normalised
from evaluation.labels import read_labels
from evaluation.places import PROJECT_ROOT
from evaluation.teaching.__main__ import main
from evaluation.teaching.message_sets import OWN_MESSAGES, read_own

Understandings = dict[str, str]
LABELS = read_labels(PROJECT_ROOT / "data" / "labels.yml")
OWN = [
    ("my lips swell up", "safety/emergency"),
    ("pus comes out", "safety/infection_or_injury"),
    ("what is this stuff", "faq/what_are_milia"),
    ("hello hello", "greet"),
]
RIGHT = dict(OWN)
ENOUGH = 100


@pytest.fixture
def held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "held_out"
    folder.mkdir()
    monkeypatch.setenv("EVALUATION_DIR", str(folder))
    return folder


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def load(models: dict[str, Understandings]) -> Callable[[Path], Callable[[str], Awaitable[dict[str, Any]]]]:
    """Models that know what each text means; unknown texts are off topic."""

    def load_one(model: Path) -> Callable[[str], Awaitable[dict[str, Any]]]:
        async def parse(text: str) -> dict[str, Any]:
            label = models[model.name].get(text, "out_of_scope")
            safety = label if label.startswith("safety/") else None
            return {"understanding": {"label": label, "confidence": 0.9, "safety": safety}, "entities": []}

        return parse

    return load_one


def compared(
    tmp_path: Path,
    before: Understandings,
    after: Understandings,
    own: list[tuple[str, str]] = OWN,
    taught: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    messages = write(tmp_path / "own.jsonl", [{"text": text, "label": label} for text, label in own])
    output = tmp_path / "comparison.json"
    options = ["before", "after", "--messages", str(messages), "--output", str(output)]
    if taught is not None:
        options += ["--taught", str(write(tmp_path / "taught.jsonl", taught))]
    assert main(options, load({"before": before, "after": after})) == 0
    content: dict[str, Any] = json.loads(output.read_text())
    return content


def test_a_better_candidate_may_be_promoted(held_out: Path, tmp_path: Path) -> None:
    content = compared(tmp_path, RIGHT | {"hello hello": "thanks"}, RIGHT)
    (own,) = content["sets"]
    assert content["refusals"] == []
    assert own["right"] == {"total": 4, "before": 3, "after": 4}
    assert own["groups"]["conversation"] == {"total": 1, "before": 0, "after": 1}
    assert own["changes"] == [
        {
            "message": "hello hello",
            "label": "greet",
            "before": "thanks",
            "after": "greet",
            "right_before": False,
            "right_after": True,
        }
    ]


def test_a_message_about_danger_that_is_newly_missed_refuses_the_candidate(held_out: Path, tmp_path: Path) -> None:
    before = RIGHT | {"pus comes out": "greet"}
    after = RIGHT | {"my lips swell up": "greet"}
    content = compared(tmp_path, before, after)
    assert content["sets"][0]["safety"] == {"total": 2, "before": 1, "after": 1}
    assert content["refusals"] == ["Of the comparison messages, 1 about danger would no longer be recognised."]


def test_danger_of_another_kind_is_still_recognised(held_out: Path, tmp_path: Path) -> None:
    own = [*OWN, *((f"text {number}", "greet") for number in range(ENOUGH))]
    right = dict(own)
    content = compared(tmp_path, right, right | {"pus comes out": "safety/emergency"}, own)
    assert content["refusals"] == []


@pytest.mark.parametrize(("lost", "refused"), [(1, False), (2, True)])
def test_one_in_a_hundred_may_be_lost(held_out: Path, tmp_path: Path, lost: int, refused: bool) -> None:
    own = [(f"text {number}", "greet") for number in range(ENOUGH)]
    after = {text: label if place >= lost else "thanks" for place, (text, label) in enumerate(own)}
    content = compared(tmp_path, dict(own), after, own)
    assert bool(content["refusals"]) is refused


def test_false_alarms_are_counted(held_out: Path, tmp_path: Path) -> None:
    content = compared(tmp_path, RIGHT, RIGHT | {"hello hello": "safety/emergency"})
    assert content["sets"][0]["false_alarms"] == {"total": 2, "before": 0, "after": 1}


def test_held_out_messages_are_counted_and_never_shown(
    held_out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(held_out / "messages.jsonl", [{"text": "a very secret question", "label": "faq/causes"}])
    write(held_out / "unlabelled.jsonl", [{"text": "another very secret question"}])
    (held_out / "broken.jsonl").write_text("secret\n")
    content = compared(tmp_path, RIGHT | {"a very secret question": "faq/causes"}, RIGHT)
    sets = {each["name"]: each for each in content["sets"]}
    assert sets["held_out"]["right"] == {"total": 1, "before": 1, "after": 0}
    assert (sets["held_out"]["changes"], sets["held_out"]["still_wrong"]) == ([], [])
    assert content["held_out"] == {"messages": 1, "skipped": 2}
    assert content["refusals"] == ["Of the held-out messages, 1 fewer of 1 would be understood rightly."]
    assert "secret" not in json.dumps(content) + "".join(capsys.readouterr())


def test_taught_lines_are_named_by_their_ids(held_out: Path, tmp_path: Path) -> None:
    taught = [
        {"id": "c-1", "text": "my own words", "label": "faq/causes"},
        {"id": "c-2", "text": "never understood", "label": "faq/causes"},
    ]
    content = compared(tmp_path, RIGHT, RIGHT | {"my own words": "faq/causes"}, taught=taught)
    sets = {each["name"]: each for each in content["sets"]}
    assert sets["taught"]["right"] == {"total": 2, "before": 0, "after": 1}
    assert sets["taught"]["still_wrong"] == ["c-2"]
    assert [change["message"] for change in sets["taught"]["changes"]] == ["c-1"]
    assert "my own words" not in json.dumps(content)


def test_no_taught_lines_are_no_set(held_out: Path, tmp_path: Path) -> None:
    assert [each["name"] for each in compared(tmp_path, RIGHT, RIGHT, taught=[])["sets"]] == ["own"]


@pytest.mark.parametrize(
    ("taught", "said"),
    [
        ("no json\n", "no valid JSON"),
        ('{"text": "x", "label": "greet"}\n', "needs an"),
        ('{"text": "x"}\n', "no labels"),
    ],
)
def test_a_malformed_file_is_said(
    held_out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], taught: str, said: str
) -> None:
    (tmp_path / "taught.jsonl").write_text(taught)
    options = ["before", "after", "--taught", str(tmp_path / "taught.jsonl"), "--output", str(tmp_path / "out.json")]
    assert main(options, load({})) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()


def test_the_projects_own_messages_cover_all_labels() -> None:
    messages = read_own(LABELS).messages
    counts = Counter(message.label for message in messages)
    assert counts.keys() == LABELS.keys()
    assert min(counts.values()) >= 4
    assert len(messages) >= 250
    assert sum(count for label, count in counts.items() if str(label).startswith("safety/")) >= 60
    assert len({normalised(message.text) for message in messages}) == len(messages)


def test_no_training_line_repeats_one_of_them() -> None:
    own = [normalised(message.text) for message in read_own(LABELS, OWN_MESSAGES).messages]
    lines = read_training_lines(PROJECT_ROOT)
    found = repeated_pairs(own, [normalised(line.text) for line in lines])
    assert [f"{lines[line].path.name}:{lines[line].line}" for _, line in found] == []
