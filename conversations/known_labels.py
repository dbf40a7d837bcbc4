"""The names of the labels, from data/labels.yml, for whoever checks or lists them without loading a model."""

from functools import lru_cache

import yaml

from clinic.settings import PROJECT_ROOT

LABELS_FILE = PROJECT_ROOT / "data" / "labels.yml"
SAFETY_PREFIX = "safety/"


@lru_cache(maxsize=1)
def known_labels() -> tuple[str, ...]:
    """The labels in the order of their file, read once for the process."""
    return tuple(yaml.safe_load(LABELS_FILE.read_text(encoding="utf-8"))["labels"])
