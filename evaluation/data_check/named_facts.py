"""Every answer names the facts it rests on, and every fact that is named exists."""

import re
from collections.abc import Iterator

from clinic.topics import any_of
from evaluation.data_check.content import Mention, ProjectContent
from evaluation.data_check.findings import Finding
from evaluation.data_check.topic_files import NUMBER_OF_A_FACT


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
    """Fact ids, in responses, in the files of facts themselves or in code, that do not exist."""
    known = content.facts.known
    starts = {NUMBER_OF_A_FACT.sub("", name) for name in known}
    shaped_like_one = re.compile(rf"(?:{any_of(starts)})\d+" if starts else r"(?!)")
    for mention in _mentioned_facts(content, shaped_like_one):
        if mention.name not in known:
            folder = content.facts.folder.relative_to(content.root)
            yield Finding(
                mention.path, mention.line, f"there is no fact '{mention.name}' in {folder}; name one of them."
            )


def _labels_without_demands(content: ProjectContent) -> Iterator[Finding]:
    for file in content.facts.files:
        for name, facts in file.demanded.items():
            if name not in content.labels:
                line = facts[0].line if facts else 1
                yield Finding(file.path, line, f"'{name}' is no label of data/labels.yml; add it there or remove it.")
    for label in content.labels.values():
        if label.answer == "facts" and not content.facts.demanded.get(label.name):
            advice = f"'{label.name}' is answered from facts, but no file of facts demands one for it; list them."
            yield Finding(label.path, label.line, advice)


def _mentioned_facts(content: ProjectContent, shaped_like_one: re.Pattern[str]) -> Iterator[Mention]:
    for variation in content.variations:
        yield from (Mention(fact, variation.path, variation.line) for fact in variation.facts or ())
    for file in content.facts.files:
        for facts in file.demanded.values():
            yield from facts
    yield from (literal for literal in content.code.literals if shaped_like_one.fullmatch(literal.name))
