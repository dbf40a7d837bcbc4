"""The fixed labels of understanding, read from data/labels.yml."""

from dataclasses import dataclass
from pathlib import Path

from evaluation.located_yaml import ContentError, Located, read_located

GROUPS = ("faq", "uncovered", "safety", "diagnosis", "transactional", "conversation", "out_of_scope")
ANSWERS = ("facts", "not_covered", "settings", "safety", "declined", "transaction", "conversation")
SAFETY_PREFIX = "safety/"


@dataclass(frozen=True)
class Label:
    """One label: the group it is measured in, what its answer rests on, and the responses that answer it.

    `topic` is the condition that the answer is about, `same_as` the label that asks the same about the assumed topic;
    `of_no_page` is true for questions about conditions that the clinic has no page on.
    """

    name: str
    group: str
    answer: str
    responses: tuple[str, ...]
    topic: str | None
    same_as: str | None
    of_no_page: bool
    path: Path
    line: int

    @property
    def intent(self) -> str:
        """Rasa's intent: the part before the slash of a retrieval label, else the label itself."""
        return self.name.partition("/")[0]


def read_labels(path: Path) -> dict[str, Label]:
    """The labels by name, in file order.

    Raises:
        ContentError: the file is malformed, or names an unknown group or kind of answer.
        OSError: the file cannot be read.
    """
    document = read_located(path)
    listed = document.get("labels")
    if listed is None:
        raise ContentError(path, 1, "`labels:` is missing.")
    return {name: _label(name, key, value) for name, key, value in listed.entries()}


def _label(name: str, key: Located, value: Located) -> Label:
    group = _one_of(value, "group", GROUPS)
    answer = _one_of(value, "answer", ANSWERS)
    given = value.get("responses")
    responses = tuple(item.text() for item in given.items()) if given else (f"utter_{name}",)
    if value.get("shown_as") is None:
        raise ContentError(value.path, value.line, f"'{name}' needs `shown_as:`, what the staff read in the console.")
    topic, same_as, of_no_page = (_text(value, field) for field in ("topic", "same_as", "of_no_page"))
    return Label(name, group, answer, responses, topic, same_as, of_no_page == "true", key.path, key.line)


def _text(value: Located, field: str) -> str | None:
    found = value.get(field)
    return None if found is None else found.text()


def _one_of(value: Located, field: str, allowed: tuple[str, ...]) -> str:
    found = value.get(field)
    if found is None or found.text() not in allowed:
        raise ContentError(value.path, value.line, f"`{field}` must be one of: {', '.join(allowed)}.")
    return found.text()
