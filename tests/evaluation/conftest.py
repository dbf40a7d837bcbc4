from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.data_check.__main__ import CHECKS
from evaluation.data_check.findings import Finding
from evaluation.data_check.reading_content import read_project

ANIMALS = ("badger", "camel", "dolphin", "eagle", "ferret", "gibbon", "heron", "iguana")
PLACES = ("meadow", "kitchen", "harbour", "volcano", "library")


def training_entry(label: str, opening: str) -> str:
    """Forty lines of one label that are unlike each other."""
    lines = [f"  - {opening} {animal} {place} {animal[:2]}{place[:2]}" for animal in ANIMALS for place in PLACES]
    return "\n".join([f"- intent: {label}", "  examples: |", *(f"  {line}" for line in lines), ""])


FILES = {
    "data/labels.yml": (
        "labels:\n"
        "  faq/can_i_pop: {group: faq, answer: facts, topic: milia, shown_as: Squeezing}\n"
        "  request_appointment: {group: transactional, answer: transaction, shown_as: Booking,"
        " responses: [utter_appointment_started]}\n"
        "  greet: {group: conversation, answer: conversation, shown_as: Greeting}\n"
    ),
    "data/nlu/faq.yml": 'version: "3.1"\nnlu:\n' + training_entry("faq/can_i_pop", "may I squeeze"),
    "data/nlu/conversation.yml": (
        'version: "3.1"\nnlu:\n'
        + training_entry("greet", "good day to every")
        + training_entry("request_appointment", "put me down for")
    ),
    "data/rules/rules.yml": (
        "rules:\n"
        "- rule: answer\n"
        "  steps:\n"
        "  - or:\n"
        "    - intent: faq\n"
        "    - intent: greet\n"
        "  - action: action_answer\n"
        "- rule: appointment\n"
        "  steps:\n"
        "  - intent: request_appointment\n"
        "  - action: utter_appointment_started\n"
    ),
    "data/responses/answers.yml": (
        "responses:\n"
        "  utter_faq/can_i_pop:\n"
        "  - text: Please don't squeeze them yourself. It can scar the skin.\n"
        "    metadata: {facts: [M9]}\n"
        "  - text: Please don't squeeze them yourself.\n"
        "    channel: sms\n"
        "    metadata: {facts: [M9]}\n"
        "  utter_appointment_started:\n"
        "  - text: I'll take a request for you. You can also {call_clinic}.\n"
        "  - text: I'll take a request for you. You can also {call_clinic}.\n"
        "    channel: sms\n"
        "  utter_greet:\n"
        "  - text: Hello. What would you like?\n"
        "  - text: Hello. What would you like?\n"
        "    channel: sms\n"
    ),
    "data/facts/milia.yml": (
        "title: The page\nassumed: true\nnames: [milia]\nsimplest_question: {may I squeeze them: faq/can_i_pop}\n"
        "facts:\n  M9: Do not squeeze them.\nlabels:\n  faq/can_i_pop: [M9]\n"
    ),
    "domain.yml": "intents:\n- faq:\n    use_entities: []\n- greet\n- request_appointment\n",
    "actions/answer.py": 'def response_of(label: str) -> str:\n    """The answer."""\n    return f"utter_{label}"\n',
}


class SmallProject:
    """A project tree in which nothing is to put right, until a test changes a file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.held_out = root.parent / "held_out"
        self.held_out.mkdir()
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.root / name).read_text(encoding="utf-8") + text)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def findings(self) -> dict[str, list[str]]:
        """What each check that found something found, as it is printed."""
        content = read_project(self.root, self.held_out)
        shown: dict[str, list[str]] = {}
        for title, check in CHECKS.items():
            found: list[Finding] = sorted(set(check(content)))
            if found:
                shown[title] = [finding.shown(self.root) for finding in found]
        return shown


@pytest.fixture
def project(tmp_path: Path) -> SmallProject:
    return SmallProject(tmp_path / "project")


@pytest.fixture
def line_of(project: SmallProject) -> Callable[[str, str], int]:
    """The line of a file, counted from 1, on which a text first stands."""

    def find(name: str, text: str) -> int:
        lines = (project.root / name).read_text(encoding="utf-8").split("\n")
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    return find
