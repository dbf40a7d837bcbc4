"""What each response is about: the label that it answers, the kind of its answer, and the facts it has to rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from clinic.labels import LABELS_FILE
from clinic.topics import FACTS_FOLDER, topics
from clinic.yaml_files import read_yaml


@dataclass(frozen=True)
class ResponseTopic:
    """What a response answers.

    `label` is empty for what no label asks for; `kind` is one of data/labels.yml and empty without a label. `facts` are
    the ids of those that its label demands.
    """

    label: str = ""
    kind: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """The facts by id, and the topics by the response's name."""

    facts: Mapping[str, str]
    topics: Mapping[str, ResponseTopic]

    def topic(self, response: str) -> ResponseTopic:
        """What a response is about."""
        return self.topics.get(response, ResponseTopic())


@lru_cache(maxsize=1)
def response_topics() -> Content:
    """The content as the files have it, read once for the process.

    Raises:
        OSError: a file cannot be read.
        yaml.YAMLError: a file is broken.
        clinic.topics.TopicFileError: a file of facts is malformed.
    """
    demanded: dict[str, list[str]] = {}
    for path in sorted(FACTS_FOLDER.glob("*.yml")):
        demanded |= _loaded(path).get("labels") or {}
    by_response = {
        response: ResponseTopic(label, str(entry["answer"]), tuple(demanded.get(label, ())))
        for label, entry in _loaded(LABELS_FILE)["labels"].items()
        for response in entry.get("responses", [f"utter_{label}"])
    }
    return Content({fact: text for topic in topics() for fact, text in topic.facts.items()}, by_response)


def _loaded(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(path)
    return loaded
