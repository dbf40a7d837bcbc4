"""What the pages show of an addition is what the tests lay beside the product."""

import re
from pathlib import Path

import pytest
import yaml

from clinic.settings import PROJECT_ROOT
from tests.second_topic.laid_beside import ADDED_QUESTION, SECOND_TOPIC

BLOCK = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "# ..."
PAGES = {"adding-a-topic.md": SECOND_TOPIC, "adding-a-question.md": ADDED_QUESTION}


def missing(shown: str, file: Path) -> list[str]:
    """The parts of what a page shows, between the lines that say that something is left out, that the file has not."""
    text = file.read_text(encoding="utf-8")
    parts = "\n".join(line.strip() if line.strip() == LEFT_OUT else line for line in shown.split("\n")).split(LEFT_OUT)
    return [part for part in parts if part.strip("\n") not in text]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_stands_in_the_files_that_are_tried(page: str) -> None:
    blocks = BLOCK.findall((PROJECT_ROOT / "docs" / page).read_text(encoding="utf-8"))
    files = {path.relative_to(PAGES[page]).as_posix() for path in (PAGES[page] / "data").rglob("*.yml")}
    assert {name for name, _ in blocks} == files
    assert [(name, part) for name, shown in blocks for part in missing(shown, PAGES[page] / name)] == []


def test_what_the_files_do_not_have_is_found(tmp_path: Path) -> None:
    file = tmp_path / "file.yml"
    file.write_text("a: 1\nb: 2\nc: 3\n", encoding="utf-8")
    assert missing("a: 1\n# ...\nc: 3\n", file) == []
    assert missing("a: 1\nc: 3\n", file) == ["a: 1\nc: 3\n"]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_of_an_addition_is_named_on_its_page(page: str) -> None:
    text = (PROJECT_ROOT / "docs" / page).read_text(encoding="utf-8")
    labels = yaml.safe_load((PAGES[page] / "data" / "labels.yml").read_text(encoding="utf-8"))["labels"]
    assert [label for label in labels if label not in text] == []
