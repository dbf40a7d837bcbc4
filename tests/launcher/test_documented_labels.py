"""docs/labels.md has every label with its name in words and what its answer rests on, and no other."""

from pathlib import Path

import pytest
import yaml

from clinic.settings import PROJECT_ROOT
from tests.launcher.page_tables import codes, table

PAGE = PROJECT_ROOT / "docs" / "labels.md"
COLUMNS = ("label", "the staff read", "rests on", "what people write")
LABELS = yaml.safe_load((PROJECT_ROOT / "data" / "labels.yml").read_text(encoding="utf-8"))["labels"]


def differences(page: Path) -> list[str]:
    """Labels that the page lacks, has too much, or describes otherwise than the list."""
    rows = {codes(row["label"])[0]: row for row in table(page, COLUMNS)}
    wrong = [
        name
        for name, row in rows.items()
        if name in LABELS
        and (row["the staff read"], row["rests on"]) != (LABELS[name]["shown_as"], LABELS[name]["answer"])
    ]
    return sorted([*(set(rows) ^ set(LABELS)), *wrong, *(name for name in rows if not rows[name]["what people write"])])


def test_every_label_is_documented_as_it_is_and_no_other() -> None:
    assert differences(PAGE) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("| `greet` | Greeting |", "| `greets` | Greeting |", ["greet", "greets"]),
        ("| `greet` | Greeting |", "| `greet` | Hello |", ["greet"]),
        ("| `greet` | Greeting | conversation |", "| `greet` | Greeting | facts |", ["greet"]),
        ("says hello", "", ["greet"]),
    ],
)
def test_what_differs_is_found(tmp_path: Path, before: str, after: str, found: list[str]) -> None:
    page = tmp_path / "labels.md"
    text = PAGE.read_text(encoding="utf-8")
    assert before in text
    page.write_text(text.replace(before, after), encoding="utf-8")
    assert differences(page) == found
