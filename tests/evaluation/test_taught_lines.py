"""What is said of lines that reviewers want to teach, before anybody may release them."""

import json
from pathlib import Path

import pytest

from evaluation.data_check.content import TrainingLine
from evaluation.taught_lines import (
    DANGER_REFUSAL,
    HELD_OUT_REFUSAL,
    MOST_WARNINGS,
    OWN_REFUSAL,
    REPEATED_WARNING,
    SAFETY_WARNING,
    Known,
    Line,
    Verdict,
    check,
    main,
)

QUETZALS = "quetzal feathers on my windowsill"
URGENT = "i cant breathe since i put the cream on"
FINE = Verdict(None, ())


def known(own: str = "", held_out: str = "", trained: dict[str, str] | None = None) -> Known:
    lines = [TrainingLine(label, text, text, Path("faq.yml"), 1) for text, label in (trained or {}).items()]
    return Known(tuple(lines), (own,) if own else (), (held_out,) if held_out else None)


def line(text: str, label: str, line_id: str = "1", label_before: str = "greet", known: bool = False) -> Line:
    return Line(line_id, text, label, label_before, known)


def checked(one: Line, against: Known, *others: Line) -> Verdict:
    return check([one, *others], against)["1"]


def test_a_new_line_is_fine() -> None:
    against = known(own="what are milia exactly", held_out="where do quetzals nest then", trained={"hi": "greet"})
    assert checked(line(QUETZALS, "out_of_scope"), against) == FINE


@pytest.mark.parametrize("text", ["Where do quetzals nest, then?", "where do the quetzals nest then"])
def test_a_held_out_message_is_refused_and_not_shown(text: str) -> None:
    against = known(held_out="where do quetzals nest then")
    assert checked(line(text, "out_of_scope"), against) == Verdict(HELD_OUT_REFUSAL, ())


@pytest.mark.parametrize("text", ["Where do quetzals nest, then?", "where do the quetzals nest then"])
def test_a_comparison_message_is_refused(text: str) -> None:
    assert checked(line(text, "out_of_scope"), known(own="where do quetzals nest then")) == Verdict(OWN_REFUSAL, ())


@pytest.mark.parametrize("label", ["thanks", "out_of_scope", "faq/causes"])
def test_danger_cannot_be_taught_to_be_harmless(label: str) -> None:
    assert checked(line(URGENT, label), known()) == Verdict(DANGER_REFUSAL, ())


def test_danger_may_be_taught_as_danger() -> None:
    assert checked(line(URGENT, "safety/emergency", label_before="safety/emergency"), known()) == FINE


def test_what_only_the_model_took_for_danger_may_be_taught_with_a_warning() -> None:
    found = checked(line(QUETZALS, "out_of_scope", label_before="safety/self_harm"), known())
    assert found == Verdict(None, (SAFETY_WARNING,))


def test_a_training_line_of_another_label_is_a_warning() -> None:
    against = known(trained={"Quetzal feathers on my windowsill?": "greet", "other words altogether": "thanks"})
    warning = "Trained already as greet: Quetzal feathers on my windowsill?"
    assert checked(line(QUETZALS, "out_of_scope"), against) == Verdict(None, (warning,))


def test_a_training_line_of_the_same_label_is_said_once() -> None:
    against = known(trained={QUETZALS: "out_of_scope", QUETZALS.upper(): "out_of_scope"})
    assert checked(line(QUETZALS, "out_of_scope"), against) == Verdict(None, (REPEATED_WARNING,))


def test_warnings_are_few_enough_to_be_read() -> None:
    against = known(trained={QUETZALS + "!" * count: "greet" for count in range(20)})
    assert len(checked(line(QUETZALS, "out_of_scope"), against).warnings) == MOST_WARNINGS


def test_what_was_taught_before_counts_as_trained() -> None:
    taught = line(f"{QUETZALS}s", "thanks", line_id="2", known=True)
    found = check([line(QUETZALS, "out_of_scope"), taught], known())
    assert found == {"1": Verdict(None, (f"Trained already as thanks: {QUETZALS}s",))}


def test_a_line_does_not_contradict_itself() -> None:
    assert checked(line(QUETZALS, "out_of_scope"), known(), line(QUETZALS, "thanks", known=True)) == FINE


def test_the_command_compares_with_all_the_project_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "some.jsonl").write_text('{"text": "where do quetzals nest then"}\n')
    monkeypatch.setenv("EVALUATION_DIR", str(tmp_path))
    question, answer = tmp_path / "lines.txt", tmp_path / "result.json"
    asked = {
        "own": "Is this basically a zit that refuses to come out or smth else entirely?",
        "held out": "where do quetzals nest then",
        "trained": "I'd like to come in",
    }
    rows = [{"id": line_id, "text": text, "label": "greet"} for line_id, text in asked.items()]
    question.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main([str(question), "--output", str(answer)]) == 0
    content = json.loads(answer.read_text())
    assert content["held_out"] == 1
    assert content["lines"]["own"]["refusal"] == OWN_REFUSAL
    assert content["lines"]["held out"]["refusal"] == HELD_OUT_REFUSAL
    assert content["lines"]["trained"]["warnings"][0].startswith("Trained already as request_appointment")
    assert capsys.readouterr().out == "Checked 3 lines: 2 refused, 1 to weigh.\n"


def test_missing_held_out_messages_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("evaluation.taught_lines._read_known", known)
    (tmp_path / "lines.jsonl").write_text("")
    assert main([str(tmp_path / "lines.jsonl"), "--output", str(tmp_path / "result.json")]) == 0
    assert json.loads((tmp_path / "result.json").read_text()) == {"held_out": None, "lines": {}}
    assert "SKIPPED: there are no held-out messages here" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["no json\n", '{"id": "1"}\n', "[]\n"])
def test_a_malformed_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    (tmp_path / "lines.jsonl").write_text(content)
    assert main([str(tmp_path / "lines.jsonl"), "--output", str(tmp_path / "result.json")]) == 2
    assert "lines.jsonl is no file of lines" in capsys.readouterr().err
