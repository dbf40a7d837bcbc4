"""Every answer names the facts it rests on, and every fact that is named exists."""

import re
from collections.abc import Iterator

from evaluation.data_check.content import Mention, ProjectContent, Variation
from evaluation.data_check.findings import Finding

FACT_ID = re.compile(r"M\d+")


def check_demanded_facts(content: ProjectContent) -> Iterator[Finding]:
    """Answers that leave out a fact their label demands, and demands of labels that do not exist."""
    demanded = {
        response: [fact.name for fact in content.facts.demanded.get(label.name, ())]
        for label in content.labels.values()
        for response in label.responses
    }
    for variation in content.variations:
        missing = [fact for fact in demanded.get(variation.response, ()) if fact not in (variation.facts or ())]
        if missing:
            advice = (
                f"{variation.response} ({variation.channel}) does not name {', '.join(missing)}; say what the fact "
                "says and add it to `metadata: {facts: [...]}`."
            )
            yield Finding(variation.path, variation.line, advice)
    yield from _labels_without_demands(content)


def check_known_facts(content: ProjectContent) -> Iterator[Finding]:
    """Fact ids, in responses, in the facts file itself or in code, that do not exist."""
    for mention in _mentioned_facts(content):
        if mention.name not in content.facts.known:
            advice = f"there is no fact '{mention.name}' in data/facts/milia.yml; name one that is there."
            yield Finding(mention.path, mention.line, advice)


def _labels_without_demands(content: ProjectContent) -> Iterator[Finding]:
    for name, facts in content.facts.demanded.items():
        if name not in content.labels:
            line = facts[0].line if facts else 1
            yield Finding(content.facts.path, line, f"'{name}' is no label of data/labels.yml; correct or remove it.")
    for label in content.labels.values():
        if label.answer == "facts" and not content.facts.demanded.get(label.name):
            advice = f"'{label.name}' is answered from facts, but `labels:` demands none for it; list them."
            yield Finding(content.facts.path, 1, advice)


def _mentioned_facts(content: ProjectContent) -> Iterator[Mention]:
    for variation in content.variations:
        yield from _facts_of(variation)
    for facts in content.facts.demanded.values():
        yield from facts
    yield from (literal for literal in content.code.literals if FACT_ID.fullmatch(literal.name))


def _facts_of(variation: Variation) -> list[Mention]:
    return [Mention(fact, variation.path, variation.line) for fact in variation.facts or ()]
