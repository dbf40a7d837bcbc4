"""Reading files of dialogues: every form that is allowed, and what is said of one that is not."""

from pathlib import Path

import pytest

from evaluation.dialogues.dialogue_file import Dialogue, Turn, read_dialogues
from evaluation.located_yaml import ContentError

HEAD = "- name: 01 hello\n  channel: web\n  turns:\n"


def read(tmp_path: Path, text: str) -> list[Dialogue]:
    path = tmp_path / "dialogues.yml"
    path.write_text(text, encoding="utf-8")
    return read_dialogues(path)


def turns(tmp_path: Path, *lines: str) -> tuple[Turn, ...]:
    (dialogue,) = read(tmp_path, HEAD + "\n".join(f"  {line}" for line in lines) + "\n")
    return dialogue.turns


def problem(tmp_path: Path, text: str) -> str:
    with pytest.raises(ContentError) as raised:
        read(tmp_path, text)
    return str(raised.value)


def turn_problem(tmp_path: Path, *lines: str) -> str:
    return problem(tmp_path, HEAD + "\n".join(f"  {line}" for line in lines) + "\n")


def test_the_example_of_the_docs_can_be_read() -> None:
    first, texted, silence = read_dialogues(Path(__file__).parent / "dialogues" / "example.yml")
    assert (first.channel, first.sender, len(first.turns)) == ("web", None, 5)
    assert (texted.channel, texted.sender) == ("sms", "+13125550123")
    assert silence.final == "nothing."


def test_a_dialogue_has_all_that_is_written(tmp_path: Path) -> None:
    text = (
        "- name: 02 texting\n  channel: sms\n  sender: '+13125550123'\n  turns:\n"
        "  - user: hi\n    expect: |\n      a greeting.\n    advance: 3d\n  final: nothing\n"
    )
    assert read(tmp_path, text) == [
        Dialogue(
            "02 texting",
            "sms",
            "+13125550123",
            (Turn("hi", None, "a greeting.\n", "3d", 259_200, redelivery=False),),
            "nothing",
        )
    ]


@pytest.mark.parametrize(("written", "seconds"), [("2s", 2), ("15m", 900), ("2h", 7_200), ("3d", 259_200)])
def test_durations(tmp_path: Path, written: str, seconds: int) -> None:
    (turn,) = turns(tmp_path, "- user: hi", f"  advance: {written}")
    assert (turn.advance, turn.seconds) == (written, seconds)


@pytest.mark.parametrize("written", ["90", "2w", "1.5h", "-3d", "2 h", "h", "3D", "2h30m", "'3d '", "٣d"])
def test_any_other_duration_is_refused(tmp_path: Path, written: str) -> None:
    assert "turn 1: `advance` is '" in turn_problem(tmp_path, "- user: hi", f"  advance: {written}")


@pytest.mark.parametrize("written", ["yes", "10:30", "3125550117", "2026-11-24", "on", "1e3", "0x1F", "'null'"])
def test_a_message_is_sent_as_it_is_written(tmp_path: Path, written: str) -> None:
    (turn,) = turns(tmp_path, f"- user: {written}")
    assert turn.text == written.strip("'")


def test_an_empty_message_is_written_with_quotes(tmp_path: Path) -> None:
    assert turns(tmp_path, "- user: ''")[0].text == ""
    assert "turn 1: `user` has no value" in turn_problem(tmp_path, "- user:")


def test_a_redelivery_has_no_text_or_one(tmp_path: Path) -> None:
    _, bare, again, told_not_to = turns(
        tmp_path,
        "- user: hi",
        "- redelivery: true",
        "- user: hi",
        "  redelivery: true",
        "- user: a",
        "  redelivery: no",
    )
    assert (bare.text, bare.redelivery) == (None, True)
    assert (again.text, again.redelivery) == ("hi", True)
    assert (told_not_to.text, told_not_to.redelivery) == ("a", False)


def test_a_choice_is_tapped_by_its_title(tmp_path: Path) -> None:
    assert turns(tmp_path, "- choice: Send it")[0].choice == "Send it"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["- user: hi", "  usr: x"], "dialogue '01 hello', turn 1: unknown key 'usr'; known are: user, choice"),
        (["- user: hi", "- expect: x"], "turn 2: `user` is missing"),
        (["- redelivery: true"], "turn 1: there is no message before it"),
        (["- user: hi", "  redelivery: maybe"], "turn 1: `redelivery` is 'maybe'"),
        (["- user: hi", "  choice: Yes"], "turn 1: give `user` or `choice`, not both"),
        (["- user: hi", "- choice: Yes", "  redelivery: true"], "turn 2: a redelivery repeats the message before"),
        (["- user: [hi]"], "turn 1: `user` must be plain text"),
        (["- hi"], "turn 1: keys with values are needed here"),
        (["- user: hi", "  user: ho"], "the key 'user' is given twice"),
    ],
)
def test_a_malformed_turn_is_refused_by_its_place(tmp_path: Path, lines: list[str], said: str) -> None:
    assert said in turn_problem(tmp_path, *lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: the file is empty"),
        ("[]", ":1: there is no dialogue"),
        ("name: x\n", ":1: a list"),
        ("- hi\n", ":1: dialogue 1: keys with values are needed"),
        ("- [\n", "not well-formed YAML"),
        ("- channel: web\n", "dialogue 1: `name` is missing"),
        ("- name: x\n  chanel: web\n", ":2: dialogue 1: unknown key 'chanel'"),
        ("- name: x\n  channel: fax\n", ":2: dialogue 'x': the channel is 'fax'"),
        ("- name: x\n", "dialogue 'x': `turns` is missing"),
        ("- name: x\n  turns: []\n", "dialogue 'x': `turns` is missing"),
        ("- name: x\n  turns: hi\n", "dialogue 'x': `turns` is missing"),
        ("- name: x\n  channel: sms\n  turns: [{user: hi}]\n", "dialogue 'x': `sender` is missing"),
        ("- name: x\n  channel: sms\n  sender: 5550123\n  turns: [{user: hi}]\n", ":3: dialogue 'x': `sender` must be"),
        (
            "- name: x\n  channel: sms\n  sender: '+13125550123'\n  turns: [{choice: A}]\n",
            "turn 1: a choice can be tapped on the web alone",
        ),
    ],
)
def test_a_malformed_file_is_refused_by_its_place(tmp_path: Path, text: str, said: str) -> None:
    found = problem(tmp_path, text)
    assert "dialogues.yml:" in found
    assert said in found


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dialogues.yml"
    path.write_bytes("- name: señal\n".encode("latin-1"))
    with pytest.raises(ContentError, match="UTF-8"):
        read_dialogues(path)
