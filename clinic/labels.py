"""What `data/labels.yml` says of each label beyond its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clinic.settings import PROJECT_ROOT
from clinic.yaml_files import read_yaml

WITHIN_A_FORM = "_within_form"
"""How the name of an answer ends that is said while a form goes on."""
LABELS_FILE = PROJECT_ROOT / "data" / "labels.yml"


@dataclass(frozen=True)
class LabelDetails:
    """One label as the staff and the actions need it.

    `group` is the kind of message it is; `shown_as` is its name in words. `topic` is the condition that its answer is
    about (clinic/topics.py), None where it is about none. `same_as` is the label that asks the same about the assumed
    topic. `of_no_page` is true for questions about conditions that the clinic has no page on. After its answer a visit
    is offered where `leads_to_a_visit`.
    """

    name: str
    group: str
    shown_as: str
    topic: str | None
    same_as: str | None
    of_no_page: bool
    leads_to_a_visit: bool


@lru_cache(maxsize=1)
def label_details() -> Mapping[str, LabelDetails]:
    """All labels by name, in the order of their file, read once for the process.

    Raises:
        OSError: the file cannot be read.
        KeyError: a label has no group, or no name in words.
    """
    listed: dict[str, dict[str, Any]] = read_yaml(LABELS_FILE)["labels"]
    return {
        name: LabelDetails(
            name=name,
            group=str(given["group"]),
            shown_as=str(given["shown_as"]),
            topic=given.get("topic"),
            same_as=given.get("same_as"),
            of_no_page=bool(given.get("of_no_page", False)),
            leads_to_a_visit=bool(given.get("leads_to_a_visit", False)),
        )
        for name, given in listed.items()
    }


@lru_cache(maxsize=1)
def answers_within_a_form() -> frozenset[str]:
    """The answers of labels that are worded for the middle of a form: they offer nothing that is being taken already.

    Raises:
        OSError: the file cannot be read.
    """
    listed: dict[str, dict[str, Any]] = read_yaml(LABELS_FILE)["labels"]
    answers = (response for given in listed.values() for response in given.get("responses", ()))
    return frozenset(response for response in answers if response.endswith(WITHIN_A_FORM))


def leads_to_a_visit(label: str) -> bool:
    """Whether a visit is offered after the answer to a label. Raises as `label_details` does."""
    details = label_details().get(label)
    return details is not None and details.leads_to_a_visit
