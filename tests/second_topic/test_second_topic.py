"""A second skin condition, and one more question on milia, laid beside a copy of the product as the docs say.

Everything is real but the amount of training lines: data check, training, bot, action server, both channels. The
commands are those of docs/adding-a-topic.md, read from the page.
"""

import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clinic.settings import PROJECT_ROOT
from nlu.label_model import LabelModel
from nlu.sentence_encoder import SentenceEncoder
from nlu.text_cleaning import clean_text
from tests.second_topic.laid_beside import ADDED_QUESTION, SECOND_TOPIC, copy_product, lay_beside, leave_fewer_lines

pytestmark = [pytest.mark.live, pytest.mark.model]
PAGE = PROJECT_ROOT / "docs" / "adding-a-topic.md"
COMMAND = re.compile(r"^\.venv/bin/python (.*)$", re.MULTILINE)
NEW_LABELS = {"faq/kp_what_is", "faq/kp_causes", "faq/kp_where", "faq/kp_care", "uncovered/kp_other"}
MILIA_PAGE = "From the clinic's page on milia"
KP_PAGE = "From a page on keratosis pilaris, made up for a test"
Dialogue = Mapping[str, Any]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product with the second topic and the added question, checked, trained and played: the page's commands."""
    folder = tmp_path_factory.mktemp("product")
    copy_product(folder)
    for addition in (SECOND_TOPIC, ADDED_QUESTION):
        lay_beside(folder, addition)
    leave_fewer_lines(folder)
    commands = COMMAND.findall(PAGE.read_text(encoding="utf-8").partition("## What belongs")[2])
    assert [command.split()[1] for command in commands] == [
        "evaluation.data_check",
        "nlu.training",
        "evaluation.dialogues",
    ]
    for command in commands:
        run(folder, command.replace("tests/", f"{PROJECT_ROOT}/tests/"))
    return folder


def run(folder: Path, command: str) -> None:
    """Run a command of the page in the copy, whose programs must not be taken from the checkout."""
    held_out = folder / "held_out"
    held_out.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(folder), "EVALUATION_DIR": str(held_out)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command.split()],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


@pytest.fixture(scope="module")
def played(product: Path) -> dict[str, Dialogue]:
    """The dialogues by the number in their name."""
    content = json.loads((product / "transcripts.json").read_text(encoding="utf-8"))
    return {dialogue["name"].split()[0]: dialogue for dialogue in content["dialogues"]}


def answers(dialogue: Dialogue) -> list[tuple[str, tuple[str, ...]]]:
    """The title of the page that each turn was answered from, and the ids of the facts; empty where there is none."""
    sources = [turn["replies"][0]["source"] for turn in dialogue["turns"]]
    return [(source["title"], tuple(source["facts"])) if source else ("", ()) for source in sources]


def said(dialogue: Dialogue, turn: int) -> str:
    """All that was said in a turn, counted from 0."""
    return " ".join(reply["text"] for reply in dialogue["turns"][turn]["replies"])


def test_each_topic_gets_its_own_answer_and_what_follows_stays_with_it(played: dict[str, Dialogue]) -> None:
    assert answers(played["01"]) == [
        (KP_PAGE, ("K1",)),
        (KP_PAGE, ("K2",)),
        ("", ()),
        (MILIA_PAGE, ("M1", "M4")),
        (MILIA_PAGE, ("M5", "M6")),
        (KP_PAGE, ("K3",)),
        (MILIA_PAGE, ("M13",)),
    ]


def test_a_question_that_names_nothing_and_follows_nothing_is_about_milia(played: dict[str, Dialogue]) -> None:
    assert answers(played["02"]) == [(MILIA_PAGE, ("M3",))]


@pytest.mark.parametrize(("dialogue", "turn"), [("01", 2), ("03", 0), ("06", 1)])
def test_what_the_second_page_does_not_cover_is_said_plainly(
    played: dict[str, Dialogue], dialogue: str, turn: int
) -> None:
    words = said(played[dialogue], turn)
    assert re.search(r"The page on (keratosis pilaris|KP) does not say that", words)
    assert "pass your question to the staff" in words


def test_danger_comes_before_the_answer(played: dict[str, Dialogue]) -> None:
    (turn,) = played["04"]["turns"]
    assert turn["labels"]["safety"] == "safety/infection_or_injury"
    assert turn["replies"][0]["text"].startswith("A doctor should look at that soon.")
    assert "page on keratosis pilaris" not in said(played["04"], 0)


def test_a_question_about_it_is_answered_while_a_request_is_being_taken(played: dict[str, Dialogue]) -> None:
    assert answers(played["05"])[-1] == (KP_PAGE, ("K2",))
    assert "phone number" in said(played["05"], 2)


def test_it_is_answered_by_text_message_too(played: dict[str, Dialogue]) -> None:
    assert "KP is harmless skin" in said(played["06"], 0)


def test_no_message_about_anything_else_is_taken_for_the_new_topic(product: Path, tmp_path: Path) -> None:
    (archive,) = (product / "models").glob("*.tar.gz")
    wanted = ("label_model.json", "label_model.npz", "encoder.onnx")
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            if member.name.endswith(wanted):
                member.name = Path(member.name).name
                opened.extract(member, tmp_path)
    model, encoder = LabelModel.load(tmp_path), SentenceEncoder(tmp_path / "encoder.onnx")
    rows = (PROJECT_ROOT / "evaluation" / "teaching" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [clean_text(json.loads(row)["text"]) for row in rows]
    likeliest = np.argmax(model.probabilities(texts, encoder.encode(texts)), axis=1)
    assert set(model.labels) >= NEW_LABELS
    assert [text for text, best in zip(texts, likeliest, strict=True) if model.labels[best] in NEW_LABELS] == []
