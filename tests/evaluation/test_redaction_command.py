"""The command that measures redaction: labelled lines in, figures out, exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conversations.redaction_spans import Kind
from evaluation.redaction.__main__ import DEFAULT_LINES, main
from evaluation.redaction.alignment import AlignmentError, redacted_places
from evaluation.redaction.lines import LinesError, Place, read_lines
from evaluation.redaction.scoring import judge, precision, recall, untouched
from evaluation.understanding.scoring import Share

FEWEST_LINES = 300
FEWEST_CLEAN_LINES = 120


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))


def write_lines(tmp_path: Path, *lines: dict[str, object]) -> Path:
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def held_out(marked: str) -> dict[str, object]:
    return {"marked": marked, "held_out": True}


def by_table(table: dict[str, str]) -> Callable[[str], str]:
    return lambda text: table.get(text, text)


def test_the_projects_own_lines_reach_every_floor(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert "Every floor is reached." in printed
    lines = read_lines(DEFAULT_LINES)
    assert len(lines) >= FEWEST_LINES
    assert sum(not line.places for line in lines) >= FEWEST_CLEAN_LINES
    assert sum(line.held_out for line in lines) >= len(lines) // 4


def test_a_leak_in_a_held_out_line_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path, held_out("i am {name:Bob} at {phone:312-555-0100}"), {"marked": "is it milia"})
    assert main(["--lines", str(path)], by_table({"i am Bob at 312-555-0100": "i am [name] at 312-555-0100"})) == 1
    printed = capsys.readouterr().out
    assert "phone, recall                            0.0 %     >= 98     >= 99  below floor  0 of 1" in printed
    assert "name, recall                           100.0 %     >= 90     >= 99  aim          1 of 1" in printed
    assert "BELOW FLOOR" in printed
    written = json.loads((tmp_path / "var" / "evaluation" / "redaction.json").read_text(encoding="utf-8"))
    assert {figure["name"]: figure["verdict"] for figure in written["figures"]}["phone, recall"] == "below floor"


def test_a_leak_in_another_line_is_shown_when_asked_for_and_holds_nothing_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (held_out("held {name:Bob}"), {"marked": "seen {name:Mallory}"}, {"marked": "needless word"})
    redacting = by_table({"held Bob": "held [name]", "needless word": "needless [id]"})
    path = write_lines(tmp_path, *lines)
    assert main(["--lines", str(path)], redacting) == 0
    assert "Mallory" not in capsys.readouterr().out
    assert main(["--lines", str(path), "--misses"], redacting) == 0
    printed = capsys.readouterr().out
    assert "2: lets through name 'Mallory' in 'seen Mallory'" in printed
    assert "3: hides id 'word' in 'needless word'" in printed


def test_held_out_lines_are_never_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path, held_out("held {name:Bob}"), {"marked": "seen"})
    assert main(["--lines", str(path), "--misses"], by_table({})) == 1
    assert "Bob" not in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[1]\n", "{\n", '{"marked": 4}\n', '{"marked": "a {cat:Tom} sat"}\n'])
def test_lines_that_cannot_be_read_end_with_two(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(content, encoding="utf-8")
    assert main(["--lines", str(path)]) == 2
    printed = capsys.readouterr().err
    assert "Nothing was measured" in printed
    assert "Tom" not in printed


def test_a_redaction_that_rewrites_the_text_ends_with_two(tmp_path: Path) -> None:
    assert main(["--lines", str(write_lines(tmp_path, held_out("one {name:Bob}")))], lambda text: "else") == 2


def test_marks_become_places(tmp_path: Path) -> None:
    (line,) = read_lines(write_lines(tmp_path, held_out("a {birth date:3/4/87}, {email:a:b@c.co}.")))
    assert line.text == "a 3/4/87, a:b@c.co."
    assert line.places == (Place(2, 8, Kind.BIRTH_DATE), Place(10, 18, Kind.EMAIL))
    with pytest.raises(LinesError, match=":1: "):
        read_lines(write_lines(tmp_path, held_out("{dog:Rex}")))


def test_redacted_places_are_found_from_the_redacted_text() -> None:
    assert redacted_places("i am Bob, Bob", "i am [name], Bob") == [Place(5, 8, Kind.NAME)]
    assert redacted_places("typed [name] here", "typed [name] here") == []
    with pytest.raises(AlignmentError):
        redacted_places("abc", "abd")


def test_what_is_left_of_a_name_counts_as_a_leak_and_its_title_does_not(tmp_path: Path) -> None:
    marked = ("Dr. {name:Ann Lee}", "Dr. {name:Bo Ray}", "{name:Cy} [id]", "milia")
    lines = read_lines(write_lines(tmp_path, *map(held_out, marked)))
    table = {"Dr. Ann Lee": "[name]", "Dr. Bo Ray": "Dr. [name] Ray", "Cy [id]": "[id] [id]", "milia": "[name]"}
    cases = judge(lines, by_table(table))
    assert recall(cases, Kind.NAME) == Share(2, 3)
    assert precision(cases, Kind.NAME) == Share(2, 3)
    assert precision(cases, Kind.ID) == Share(1, 1)
    assert untouched(cases) == Share(0, 1)
