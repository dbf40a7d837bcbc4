"""The pieces of the project that the checks look at, each with its file and line."""

from dataclasses import dataclass
from pathlib import Path

from evaluation.labels import Label

WEB = "web"
SMS = "sms"


@dataclass(frozen=True)
class TrainingLine:
    """One example of data/nlu; `text` is free of entity markup, `written` is as it stands in the file."""

    label: str
    text: str
    written: str
    path: Path
    line: int


@dataclass(frozen=True)
class TrainingBlock:
    """One `- intent:` entry of data/nlu."""

    label: str
    path: Path
    line: int


@dataclass(frozen=True)
class Variation:
    """One wording of a response for one channel, with the facts it names (None when it has no `facts` entry)."""

    response: str
    channel: str
    text: str
    facts: tuple[str, ...] | None
    path: Path
    line: int


@dataclass(frozen=True)
class Mention:
    """A name that stands somewhere in a rule, in the domain or in code."""

    name: str
    path: Path
    line: int


@dataclass(frozen=True)
class Rules:
    """What data/rules handles and which actions it names."""

    handled: frozenset[str]
    actions: tuple[Mention, ...]
    count: int


@dataclass(frozen=True)
class Domain:
    """What domain.yml lists, and the responses that Rasa's forms ask with by convention."""

    intents: frozenset[str]
    asked_by_forms: frozenset[str]
    path: Path


@dataclass(frozen=True)
class FactsFile:
    """The facts of one topic: what each label's answers must name, and what its condition is called.

    `topic` is the file's name without its ending; `not_covered` is the label that says what its page has nothing on.
    """

    topic: str
    known: tuple[Mention, ...]
    demanded: dict[str, tuple[Mention, ...]]
    names: tuple[str, ...]
    assumed: bool
    labels_named: tuple[Mention, ...]
    """`not_covered`, and the label of the simplest question."""
    path: Path


@dataclass(frozen=True)
class Facts:
    """All files of facts, in the order of their names."""

    files: tuple[FactsFile, ...]
    folder: Path

    @property
    def known(self) -> frozenset[str]:
        """The ids of all facts."""
        return frozenset(fact.name for file in self.files for fact in file.known)

    @property
    def demanded(self) -> dict[str, tuple[Mention, ...]]:
        """The facts that each label's answers must name; the last file counts for a label that stands in two."""
        return {label: facts for file in self.files for label, facts in file.demanded.items()}


@dataclass(frozen=True)
class CodeNames:
    """String literals of the code that may name responses or facts; `patterns` are f-strings as regular expressions."""

    literals: tuple[Mention, ...]
    patterns: frozenset[str]


@dataclass(frozen=True)
class HeldOutLine:
    """One message of the held-out files. Its text is compared and never shown."""

    text: str
    path: Path
    line: int


@dataclass(frozen=True)
class ProjectContent:
    """Everything the checks read, once."""

    root: Path
    labels: dict[str, Label]
    lines: tuple[TrainingLine, ...]
    blocks: tuple[TrainingBlock, ...]
    rules: Rules
    domain: Domain
    variations: tuple[Variation, ...]
    facts: Facts
    code: CodeNames
    held_out: tuple[HeldOutLine, ...] | None
