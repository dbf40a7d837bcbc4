"""What made-up conversations are made of: the project's own labels, training lines and answers."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from clinic.yaml_files import read_yaml
from evaluation.labels import Label, read_labels
from evaluation.places import PROJECT_ROOT

LINES_OF_LABEL = 60
# A text in the log is redacted: lines with numbers to call or addresses to write to would not stand there as they are.
DETAILS = re.compile(r"\d{3}|@|\]\(|\]\{")


@dataclass(frozen=True)
class MadeUpReply:
    """One wording of an answer, as the log keeps it."""

    response: str
    version: str
    facts: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class MadeUpContent:
    """Labels by name, what visitors write by label, and what is said to it."""

    labels: Mapping[str, Label]
    lines: Mapping[str, tuple[str, ...]]
    replies: Mapping[str, tuple[MadeUpReply, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all labels."""
        return tuple(self.labels)


@lru_cache(maxsize=1)
def made_up_content() -> MadeUpContent:
    """Read the content of the project, once in a process.

    Raises:
        evaluation.located_yaml.ContentError: data/labels.yml is malformed.
        OSError: a file cannot be read.
    """
    data = PROJECT_ROOT / "data"
    labels = read_labels(data / "labels.yml")
    said = _responses(data / "responses")
    return MadeUpContent(
        labels=labels,
        lines=_lines(data / "nlu"),
        replies={name: said.get(label.responses[0]) or said["utter_greet"] for name, label in labels.items()},
    )


def _lines(folder: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.yml")):
        for block in read_yaml(path)["nlu"]:
            lines = (line.removeprefix("- ").strip() for line in block["examples"].splitlines())
            plain = [line for line in lines if line and DETAILS.search(line) is None]
            found[block["intent"]] = tuple(plain[:LINES_OF_LABEL])
    return found


def _responses(folder: Path) -> dict[str, tuple[MadeUpReply, ...]]:
    found: dict[str, tuple[MadeUpReply, ...]] = {}
    for path in sorted(folder.glob("*.yml")):
        content = read_yaml(path)
        for name, variations in content["responses"].items():
            found[name] = tuple(_reply(name, number, variation) for number, variation in enumerate(variations, 1))
    return found


def _reply(name: str, number: int, variation: Mapping[str, Any]) -> MadeUpReply:
    text = str(variation["text"]).strip()
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
    facts = tuple((variation.get("metadata") or {}).get("facts") or ())
    return MadeUpReply(name, f"{name}/{variation.get('channel') or 'any'}/{number}@{digest}", facts, text)
