"""Reads the project's data files into the pieces that the checks look at."""

import re
from collections.abc import Iterator
from pathlib import Path

from evaluation.data_check.code_names import read_code_names
from evaluation.data_check.content import (
    SMS,
    WEB,
    Domain,
    Facts,
    FactsFile,
    HeldOutLine,
    Mention,
    ProjectContent,
    Rules,
    TrainingBlock,
    TrainingLine,
    Variation,
)
from evaluation.json_lines import read_json_lines
from evaluation.labels import read_labels
from evaluation.located_yaml import ContentError, Located, read_located

# `[text](entity)` and `[text]{"entity": ...}`, Rasa's markup in training lines: only the text is what a visitor writes.
NEEDED_OF_FACTS = ("facts", "labels", "names", "simplest_question")
ENTITY_MARKUP = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})(?:\{[^}]*\})?")


def read_project(root: Path, held_out: Path | None) -> ProjectContent:
    """Read everything the checks need.

    Args:
        root: the project's folder.
        held_out: the folder of held-out messages, or None to go without.

    Raises:
        ContentError: a file is malformed; it names file, line and problem.
        OSError: a file that must be there cannot be read.
    """
    training = [entry for path in _yaml_files(root / "data" / "nlu") for entry in _training_entries(path)]
    return ProjectContent(
        root=root,
        labels=read_labels(root / "data" / "labels.yml"),
        lines=tuple(line for block, lines in training for line in lines),
        blocks=tuple(block for block, _ in training),
        rules=_read_rules(root / "data" / "rules"),
        domain=_read_domain(root / "domain.yml"),
        variations=tuple(_read_variations([*_yaml_files(root / "data" / "responses"), root / "domain.yml"])),
        facts=_read_facts(root / "data" / "facts"),
        code=read_code_names(root),
        held_out=None if held_out is None else read_held_out_lines(held_out),
    )


def read_training_lines(root: Path) -> tuple[TrainingLine, ...]:
    """The training lines of a project alone; raises as `read_project` does."""
    entries = [entry for path in _yaml_files(root / "data" / "nlu") for entry in _training_entries(path)]
    return tuple(line for _, lines in entries for line in lines)


def read_held_out_lines(folder: Path) -> tuple[HeldOutLine, ...]:
    """The messages of a folder of held-out files; raises as `read_project` does."""
    return tuple(_read_held_out(folder))


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yml") if path.is_file())


def _training_entries(path: Path) -> Iterator[tuple[TrainingBlock, list[TrainingLine]]]:
    listed = read_located(path).get("nlu")
    for entry in listed.items() if listed else []:
        label = entry.get("intent")
        if label is None:
            continue
        examples = entry.get("examples")
        if examples is None:
            raise ContentError(path, entry.line, "an intent without `examples: |`; add its lines or remove it.")
        name = label.text()
        yield TrainingBlock(name, path, label.line), list(_training_lines(name, examples))


def _training_lines(label: str, examples: Located) -> Iterator[TrainingLine]:
    for number, written in examples.block_lines():
        stripped = written.strip()
        if not stripped:
            continue
        if not stripped.startswith("- ") or not stripped[2:].strip():
            raise ContentError(examples.path, number, "a training line must begin with `- ` and hold a message.")
        message = stripped[2:].strip()
        yield TrainingLine(label, ENTITY_MARKUP.sub(r"\1", message), message, examples.path, number)


def _read_rules(folder: Path) -> Rules:
    handled: set[str] = set()
    actions: list[Mention] = []
    count = 0
    for path in _yaml_files(folder):
        listed = read_located(path).get("rules")
        for rule in listed.items() if listed else []:
            count += 1
            steps = rule.get("steps")
            if steps is None:
                raise ContentError(path, rule.line, "a rule without `steps:`; add them or remove the rule.")
            handled |= _handled_intents(steps.items())
            actions += [Mention(step.text(), step.path, step.line) for step in _values_of(rule, "action")]
    return Rules(frozenset(handled), tuple(actions), count)


def _handled_intents(steps: list[Located]) -> set[str]:
    """The intents of a rule that are followed by something to do."""
    waiting: set[str] = set()
    handled: set[str] = set()
    for step in steps:
        waiting |= {intent.text() for intent in _values_of(step, "intent")}
        if any(name in ("action", "active_loop") for name, _, _ in step.entries()):
            handled |= waiting
            waiting = set()
    return handled


def _values_of(value: Located, name: str) -> list[Located]:
    """Every text stored under the key `name` at any depth."""
    found = []
    for inner in value.descend():
        if inner.is_mapping:
            found += [entry for key, _, entry in inner.entries() if key == name and entry.is_text]
    return found


def _read_domain(path: Path) -> Domain:
    document = read_located(path)
    listed = document.get("intents")
    intents = {_first_name(item) for item in listed.items()} if listed else set()
    return Domain(frozenset(intents), frozenset(_asked_by_forms(document)), path)


def _first_name(item: Located) -> str:
    """An item of a domain list: plain, or a mapping with settings under the name."""
    return item.text() if item.is_text else next(name for name, _, _ in item.entries())


def _asked_by_forms(domain: Located) -> Iterator[str]:
    """The names Rasa's forms look for before they ask for a slot (rasa 3.6.21, core/actions/forms.py:483-497)."""
    forms = domain.get("forms")
    for form, _, settings in forms.entries() if forms else []:
        slots = settings.get("required_slots") if settings.is_mapping else None
        for slot in slots.items() if slots else []:
            yield f"utter_ask_{form}_{slot.text()}"
            yield f"utter_ask_{slot.text()}"


def _read_variations(paths: list[Path]) -> Iterator[Variation]:
    for path in paths:
        responses = read_located(path).get("responses")
        for name, _, variations in responses.entries() if responses else []:
            for variation in variations.items():
                yield _variation(name, variation)


def _variation(response: str, value: Located) -> Variation:
    text = value.get("text")
    if text is None:
        raise ContentError(value.path, value.line, f"a variation of {response} without `text:`; write what is said.")
    channel = value.get("channel")
    name = channel.text() if channel else WEB
    if name not in (WEB, SMS):
        raise ContentError(
            value.path, value.line, f"the channel '{name}' does not exist; leave it out for web, or say sms."
        )
    return Variation(response, name, text.text(), _named_facts(value), value.path, value.line)


def _named_facts(variation: Located) -> tuple[str, ...] | None:
    metadata = variation.get("metadata")
    facts = metadata.get("facts") if metadata else None
    return tuple(item.text() for item in facts.items()) if facts else None


def _read_facts(folder: Path) -> Facts:
    return Facts(tuple(_read_facts_file(path) for path in _yaml_files(folder)), folder)


def _read_facts_file(path: Path) -> FactsFile:
    document = read_located(path)
    facts, labels, names, question = (_part(document, name) for name in NEEDED_OF_FACTS)
    assumed, not_covered = document.get("assumed"), document.get("not_covered")
    named = [*(value for _, _, value in question.entries()), *([not_covered] if not_covered else [])]
    return FactsFile(
        topic=path.stem,
        known=tuple(Mention(name, path, key.line) for name, key, _ in facts.entries()),
        demanded={
            name: tuple(Mention(item.text(), path, key.line) for item in listed.items())
            for name, key, listed in labels.entries()
        },
        names=tuple(item.text() for item in names.items()),
        assumed=assumed is not None and assumed.text() == "true",
        labels_named=tuple(Mention(each.text(), path, each.line) for each in named),
        path=path,
    )


def _part(document: Located, name: str) -> Located:
    found = document.get(name)
    if found is None:
        raise ContentError(document.path, 1, f"`{name}:` is missing.")
    return found


def _read_held_out(folder: Path) -> Iterator[HeldOutLine]:
    for path in sorted(folder.glob("*.jsonl")):
        for number, fields in read_json_lines(path, "text", ContentError):
            yield HeldOutLine(fields["text"], path, number)
    for path in sorted(folder.glob("*.yml")):
        for spoken in _values_of(read_located(path), "user"):
            yield HeldOutLine(spoken.text(), path, spoken.line)
