"""The topics that the clinic has a page on, from `data/facts/`: one file for each skin condition."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from clinic.settings import PROJECT_ROOT
from clinic.yaml_files import read_yaml

FACTS_FOLDER = PROJECT_ROOT / "data" / "facts"


class TopicFileError(ValueError):
    """A file of facts cannot be used; the message names the file and what is wrong with it."""


@dataclass(frozen=True)
class Topic:
    """What the clinic's page on one condition says.

    `name` is the file's name without its ending. `title` is shown to visitors beside an answer. `facts` are the texts
    by id such as `M1`. `names` are what the condition is called, `described_as` what else tells that it is meant, both
    in small letters. `assumed` is true for the one topic that a question is about which names none and follows none.
    `not_covered` is the label whose answer says that the page has nothing on a question; None where labels of their
    own say so. `simplest_question` is a message and its label, which every model must get right.
    """

    name: str
    title: str
    facts: Mapping[str, str]
    names: tuple[str, ...]
    described_as: tuple[str, ...]
    assumed: bool
    not_covered: str | None
    simplest_question: tuple[str, str]

    def is_meant_in(self, text: str) -> bool:
        """Whether a text names the condition, or describes it so that no other can be meant."""
        wanted = any_of((*self.names, *self.described_as))
        return re.search(rf"(?<!\w)(?:{wanted})(?!\w)", " ".join(text.casefold().split())) is not None


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """All topics, the assumed one first, read once for the process. Raises as `read_topics` does."""
    return read_topics(FACTS_FOLDER)


def read_topics(folder: Path) -> tuple[Topic, ...]:
    """The topics of a folder, the assumed one first.

    Raises:
        TopicFileError: a file is no file of facts, an id stands in two of them, or not just one topic is assumed.
        OSError: a file cannot be read.
    """
    found = [_read_topic(path) for path in sorted(folder.glob("*.yml"))]
    if sum(topic.assumed for topic in found) != 1:
        raise TopicFileError(f"of the files in {folder.name}, exactly one must say `assumed: true`")
    ids = [name for topic in found for name in topic.facts]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise TopicFileError(f"facts of two topics have the same id: {', '.join(twice)}")
    return tuple(sorted(found, key=lambda topic: not topic.assumed))


def fact_titles(known: Iterable[Topic]) -> dict[str, str]:
    """The title of the page that each fact is from, by the fact's id."""
    return {fact: topic.title for topic in known for fact in topic.facts}


def condition_names() -> str:
    """What the clinic's conditions are called, as alternatives of a regular expression, the longest first."""
    return any_of(name for topic in topics() for name in topic.names)


def condition_words() -> frozenset[str]:
    """The single words of those names: none of them is the name of a person."""
    return frozenset(word for topic in topics() for name in topic.names for word in name.split())


def any_of(words: Iterable[str]) -> str:
    """Words as alternatives of a regular expression, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _read_topic(path: Path) -> Topic:
    try:
        content = read_yaml(path)
        return _topic(path.stem, content)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise TopicFileError(f"{path.name} is no file of facts: {error}") from error


def _topic(name: str, content: Mapping[str, Any]) -> Topic:
    ((question, label),) = content["simplest_question"].items()
    names = tuple(str(each) for each in content["names"])
    if not names:
        raise ValueError("`names` is empty")
    return Topic(
        name=name,
        title=str(content["title"]),
        facts={str(fact): " ".join(text.split()) for fact, text in content["facts"].items()},
        names=names,
        described_as=tuple(str(each) for each in content.get("described_as") or ()),
        assumed=bool(content.get("assumed", False)),
        not_covered=content.get("not_covered"),
        simplest_question=(str(question), str(label)),
    )
