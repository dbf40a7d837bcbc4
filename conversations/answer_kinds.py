"""What kind of answer each response is, from `data/labels.yml` and the file in `data/responses` that it stands in."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from clinic.settings import PROJECT_ROOT
from clinic.yaml_files import read_yaml

AnswerKinds = Mapping[str, str]
"""By the response's name: `facts`, `not_covered`, `settings`, `safety`, `declined`, `transaction` or `conversation`."""

DATA_FOLDER = PROJECT_ROOT / "data"
# For the responses that no label asks for by itself.
_KINDS_OF_FILES = {
    "faq": "facts",
    "uncovered": "not_covered",
    "safety": "safety",
    "transactions": "transaction",
    "own_requests": "transaction",
    "conversation": "conversation",
    "sms": "conversation",
}


@lru_cache(maxsize=1)
def answer_kinds(folder: Path = DATA_FOLDER) -> AnswerKinds:
    """The kinds as the files have them when they are first asked for.

    Raises:
        OSError: a file cannot be read.
        yaml.YAMLError: a file is broken.
    """
    kinds = {
        response: _KINDS_OF_FILES.get(path.stem, "conversation")
        for path in sorted((folder / "responses").glob("*.yml"))
        for response in _loaded(path)["responses"]
    }
    for label, entry in _loaded(folder / "labels.yml")["labels"].items():
        for response in entry.get("responses", [f"utter_{label}"]):
            kinds[response] = entry["answer"]
    return kinds


def _loaded(path: Path) -> dict[str, Any]:
    # The C reader takes the same safe subset, ten times as fast.
    loaded: dict[str, Any] = read_yaml(path)
    return loaded
