"""The groups of labels, from `data/labels.yml`."""

from functools import lru_cache

import yaml

from conversations.known_labels import LABELS_FILE

UNCOVERED = "uncovered"
CONVERSATION = "conversation"
OUT_OF_SCOPE = "out_of_scope"


@lru_cache(maxsize=1)
def group_of_label() -> dict[str, str]:
    """The group of each label, in the file's order, read once for the process."""
    described = yaml.safe_load(LABELS_FILE.read_text(encoding="utf-8"))["labels"]
    return {label: each["group"] for label, each in described.items()}


def labels_of_group(group: str) -> tuple[str, ...]:
    """The labels of one group."""
    return tuple(label for label, each in group_of_label().items() if each == group)
