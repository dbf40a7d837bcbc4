"""What pages show of the project's content: the clinic's facts, and labels by what somebody typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from clinic.topics import topics
from console.names import label_name
from conversations.known_labels import known_labels


@dataclass(frozen=True)
class Fact:
    """One fact of the clinic's pages, and the title of the page that it is from."""

    text: str
    title: str


@lru_cache(maxsize=1)
def facts() -> Mapping[str, Fact]:
    """The facts of all topics by id such as `M1`, read once for the process.

    Raises:
        OSError: a file of facts cannot be read.
        clinic.topics.TopicFileError: one is malformed.
    """
    return {name: Fact(text, topic.title) for topic in topics() for name, text in topic.facts.items()}


def find_label(typed: str) -> str | None:
    """The label that somebody typed, by its name in the data or in words, in any case; None when there is none."""
    wanted = " ".join(typed.split()).casefold()
    by_name = {label.casefold(): label for label in known_labels()}
    in_words = {label_name(label).casefold(): label for label in known_labels()}
    return by_name.get(wanted) or in_words.get(wanted)
