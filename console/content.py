"""What pages show of the project's content: the clinic's facts, and labels by what somebody typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from clinic.settings import PROJECT_ROOT
from console.names import label_name
from conversations.known_labels import known_labels


@dataclass(frozen=True)
class Facts:
    """The clinic's page: what it is called, and its facts by id such as `M1`."""

    title: str
    texts: Mapping[str, str]


@lru_cache(maxsize=1)
def facts() -> Facts:
    """The facts of data/facts/milia.yml, read once for the process.

    Raises:
        OSError: the file cannot be read.
    """
    content = yaml.safe_load((PROJECT_ROOT / "data" / "facts" / "milia.yml").read_text(encoding="utf-8"))
    return Facts(content["title"], {name: " ".join(text.split()) for name, text in content["facts"].items()})


def find_label(typed: str) -> str | None:
    """The label that somebody typed, by its name in the data or in words, in any case; None when there is none."""
    wanted = " ".join(typed.split()).casefold()
    by_name = {label.casefold(): label for label in known_labels()}
    in_words = {label_name(label).casefold(): label for label in known_labels()}
    return by_name.get(wanted) or in_words.get(wanted)
