"""The names of the labels, from data/labels.yml, for whoever checks or lists them without loading a model."""

from clinic.labels import label_details

SAFETY_PREFIX = "safety/"


def known_labels() -> tuple[str, ...]:
    """The labels in the order of their file."""
    return tuple(label_details())
