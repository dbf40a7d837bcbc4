"""The command that plays dialogues: bad input, the transcript on the screen, and a file played on the real instance."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluation.dialogues.__main__ import main
from evaluation.dialogues.dialogue_file import read_dialogues
from evaluation.dialogues.playing import PlayedDialogue
from evaluation.dialogues.transcript import transcript_content, transcript_lines
from evaluation.places import PROJECT_ROOT
from evaluation.understanding.model import newest_model

EXAMPLE = Path(__file__).parent / "dialogues" / "example.yml"
TABLES = {"appointment_requests", "staff_messages", "consents", "flags", "erasures", "request_changes", "outbox"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.yml"], "No such file"),
        (["bad.yml"], "bad.yml:2: dialogue 1: unknown key 'turn'"),
        ([str(EXAMPLE), "--only", "no such name"], "no dialogue has 'no such name'"),
        ([str(EXAMPLE), "--model", "none.tar.gz"], "no model at none.tar.gz"),
        ([str(EXAMPLE), "--transcripts", "none/out.json"], "cannot be written"),
    ],
)
def test_bad_input_ends_with_two_before_anything_is_played(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.yml").write_text("- name: x\n  turn: []\n", encoding="utf-8")
    assert main([*arguments, *([] if "--transcripts" in arguments else ["--transcripts", "out.json"])]) == 2
    assert said in capsys.readouterr().err
    assert not Path("out.json").exists()


@pytest.mark.live
def test_a_model_that_cannot_be_loaded_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "broken.tar.gz"
    model.write_bytes(b"no archive")
    assert main([str(EXAMPLE), "--transcripts", str(tmp_path / "out.json"), "--model", str(model)]) == 1
    assert "The bot process ended (exit code 1)" in capsys.readouterr().err


def played_by_hand() -> PlayedDialogue:
    (dialogue,) = [each for each in read_dialogues(EXAMPLE) if each.channel == "sms"]
    reply = {"text": "One.\nTwo.", "choices": ["Send it"], "source": {"facts": ["M1", "M4"]}}
    labels = {"label": "faq/causes", "confidence": 0.9, "safety": "safety/emergency"}
    turn = {
        "user": "hi",
        "choice": None,
        "advance": "2h",
        "redelivery": False,
        "expect": "a\nb",
        "replies": [reply],
        "labels": labels,
        "seconds": 0.1,
        "status": 200,
    }
    silent = {**turn, "advance": None, "redelivery": True, "replies": [], "labels": None, "status": 503}
    played = PlayedDialogue(dialogue, turns=[turn, silent], problem="turn 2: status 503")
    played.stored["flags"] = [{"id": "f1", "label": "safety/emergency", "acknowledged_at": None}]
    return played


def test_the_screen_shows_what_was_sent_said_understood_and_stored() -> None:
    assert list(transcript_lines(played_by_hand())) == [
        "== 02 the carrier delivers a text twice (sms, from +13125550123)",
        "   ... 2h pass ...",
        "visitor: hi",
        "   [faq/causes 0.90, safety safety/emergency]",
        "    bot: One.",
        "         Two.",
        "         [Send it]",
        "         source: M1, M4",
        "   (expected: a b)",
        "visitor (delivered again): hi",
        "   [no label]",
        "   no reply (status 503)",
        "   (expected: a b)",
        "   stored:",
        "     flags: id='f1', label='safety/emergency'",
        "   (expected: nothing.)",
        "   NOT PLAYED AS IT SHOULD BE: turn 2: status 503",
    ]


def test_the_transcript_names_the_problem_and_every_table() -> None:
    (content,) = transcript_content([played_by_hand()])["dialogues"]
    assert content["problem"] == "turn 2: status 503"
    assert (content["name"], content["channel"], content["sender"]) == (
        "02 the carrier delivers a text twice",
        "sms",
        "+13125550123",
    )
    assert set(content["stored"]) == TABLES


@pytest.fixture(scope="module")
def dialogues(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The transcripts of the example, which one instance plays: only its last dialogue moves the clock."""
    transcripts = tmp_path_factory.mktemp("played") / "out.json"
    options = ("--transcripts", str(transcripts), "--model", str(newest_model(PROJECT_ROOT / "models")), "--quiet")
    done = subprocess.run(
        [sys.executable, "-m", "evaluation.dialogues", str(EXAMPLE), *options],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 dialogues played" in done.stdout
    assert "Vera" not in done.stdout + done.stderr
    found: list[dict[str, Any]] = json.loads(transcripts.read_text(encoding="utf-8"))["dialogues"]
    return found


@pytest.mark.live
@pytest.mark.model
def test_a_played_booking_has_its_turns_and_its_stored_request(dialogues: list[dict[str, Any]]) -> None:
    booking = dialogues[0]
    assert "automated" in booking["greeting"][0]["text"]
    question, details, _time, tapped, again = booking["turns"]
    assert question["labels"]["label"]
    assert 0 < question["labels"]["confidence"] <= 1
    assert set(question["labels"]) == {"label", "confidence", "second_label", "candidates", "safety", "language"}
    assert details["labels"]["label"] == "request_appointment"
    assert (details["status"], details["expect"]) == (200, "asks when the visitor would like to come.")
    assert 0 < details["seconds"] < 30
    assert booking["turns"][2]["replies"][-1]["choices"] == ["Send it", "Change something"]
    assert (tapped["user"], tapped["labels"]["label"]) == ("Send it", "affirm")
    assert again["replies"] == tapped["replies"]
    assert again["labels"] is None
    (request,) = booking["stored"]["appointment_requests"]
    assert (request["contact_name"], request["phone"], request["status"]) == ("Vera Lindqvist", "+13125550117", "open")
    assert "patient_name" in request
    assert [change["request_id"] for change in booking["stored"]["request_changes"]] == [request["id"]]


@pytest.mark.live
@pytest.mark.model
def test_a_redelivered_text_is_one_turn_with_the_same_reply(dialogues: list[dict[str, Any]]) -> None:
    first, again = dialogues[1]["turns"]
    assert first["labels"]["label"].startswith("faq/")
    assert first["replies"][0]["source"]["facts"]
    assert again["labels"] is None
    assert again["replies"] == first["replies"]
    assert again["twiml"] == first["twiml"]


@pytest.mark.live
@pytest.mark.model
def test_time_passes_for_forms_and_tokens_and_what_went_before_is_not_there(dialogues: list[dict[str, Any]]) -> None:
    silence = dialogues[2]
    _start, early, late, days_later = silence["turns"]
    expired = responses_of("utter_form_expired")
    assert not expired & texts(early)
    assert expired & texts(late)
    assert "new_session" not in late
    assert days_later["new_session"] is True
    assert "automated" in days_later["greeting"][0]["text"]
    assert days_later["replies"]
    assert silence["stored"] == {name: [] for name in TABLES}


def responses_of(name: str) -> set[str]:
    found = [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in (PROJECT_ROOT / "data/responses").glob("*.yml")
    ]
    (variations,) = [content["responses"][name] for content in found if name in content["responses"]]
    return {variation["text"] for variation in variations}


def texts(turn: dict[str, Any]) -> set[str]:
    return {reply["text"] for reply in turn["replies"]}
