"""The groups of labels, from `data/labels.yml`."""

from clinic.labels import label_details

UNCOVERED = "uncovered"
CONVERSATION = "conversation"
OUT_OF_SCOPE = "out_of_scope"


def group_of_label() -> dict[str, str]:
    """The group of each label, in the file's order."""
    return {label: details.group for label, details in label_details().items()}


def labels_of_group(group: str) -> tuple[str, ...]:
    """The labels of one group."""
    return tuple(label for label, each in group_of_label().items() if each == group)
