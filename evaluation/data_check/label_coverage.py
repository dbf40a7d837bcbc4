"""Every label has enough training lines, a rule and an answer in both channels."""

from collections import Counter
from collections.abc import Iterator

from evaluation.data_check.content import SMS, WEB, ProjectContent, TrainingBlock
from evaluation.data_check.findings import Finding
from evaluation.labels import Label

FEWEST_LINES = 40


def check_training_lines(content: ProjectContent) -> Iterator[Finding]:
    """Labels with too few training lines, and training lines of labels that do not exist."""
    counts = Counter(line.label for line in content.lines)
    for block in content.blocks:
        if block.label not in content.labels:
            advice = f"'{block.label}' is no label of data/labels.yml; move its lines to one that is."
            yield Finding(block.path, block.line, advice)
    first_blocks = _first_blocks(content)
    for label in content.labels.values():
        if counts[label.name] < FEWEST_LINES:
            place = first_blocks.get(label.name, label)
            advice = f"'{label.name}' has {counts[label.name]} training lines; write at least {FEWEST_LINES}."
            yield Finding(place.path, place.line, advice)


def check_rules(content: ProjectContent) -> Iterator[Finding]:
    """Labels whose intent no rule handles, or that the domain does not list."""
    for label in content.labels.values():
        if not content.rules.handled & {label.name, label.intent}:
            advice = f"no rule handles the intent '{label.intent}' of '{label.name}'; add one in data/rules."
            yield Finding(label.path, label.line, advice)
        if label.intent not in content.domain.intents:
            advice = f"the intent '{label.intent}' of '{label.name}' is not listed; add it to `intents:`."
            yield Finding(content.domain.path, 1, advice)


def check_answers(content: ProjectContent) -> Iterator[Finding]:
    """Labels without an answer for the web or for text messages."""
    given = {(variation.response, variation.channel) for variation in content.variations}
    for label in content.labels.values():
        yield from _missing_answers(label, given)


def _first_blocks(content: ProjectContent) -> dict[str, TrainingBlock]:
    first: dict[str, TrainingBlock] = {}
    for block in content.blocks:
        first.setdefault(block.label, block)
    return first


def _missing_answers(label: Label, given: set[tuple[str, str]]) -> Iterator[Finding]:
    for response in label.responses:
        for channel in (WEB, SMS):
            if (response, channel) not in given:
                advice = f"'{label.name}' has no {channel} answer; write one for {response} in data/responses."
                yield Finding(label.path, label.line, advice)
