"""Each topic stands for itself: facts of its own, labels of its own, and answers that say what they are about."""

import re
from collections import Counter
from collections.abc import Iterator

from clinic.topics import any_of
from evaluation.data_check.content import FactsFile, ProjectContent
from evaluation.data_check.findings import Finding
from evaluation.labels import Label

NUMBER_OF_A_FACT = re.compile(r"\d+$")


def check_topics(content: ProjectContent) -> Iterator[Finding]:
    """Files of facts that get in each other's way, and labels that belong to no topic or to a wrong one."""
    files = content.facts.files
    if [file.assumed for file in files].count(True) != 1:
        yield Finding(content.facts.folder, 1, "exactly one file of facts must say `assumed: true`.")
    starts = Counter(start for file in files for start in _starts(file))
    for file in files:
        for start in sorted(_starts(file)):
            if starts[start] > 1:
                advice = f"fact ids begin with '{start}' in another file too; choose letters of this topic's own."
                yield Finding(file.path, file.known[0].line, advice)
        for named in file.labels_named:
            if named.name not in content.labels:
                yield Finding(file.path, named.line, f"'{named.name}' is no label of data/labels.yml.")
        if not file.assumed and len(file.labels_named) < 2:
            yield Finding(
                file.path, 1, "`not_covered:` is missing: the label that says that the page has nothing on it."
            )
    for label in content.labels.values():
        yield from _wrong_topic(label, content)


def check_further_topics(content: ProjectContent) -> Iterator[Finding]:
    """Answers that mix topics, that leave open which topic they are about, and lines that name a topic elsewhere."""
    topic_of_fact = {fact.name: file.topic for file in content.facts.files for fact in file.known}
    for variation in content.variations:
        mixed = {topic_of_fact[fact] for fact in variation.facts or () if fact in topic_of_fact}
        if len(mixed) > 1:
            advice = (
                f"{variation.response} ({variation.channel}) rests on facts of {' and '.join(sorted(mixed))}; part it."
            )
            yield Finding(variation.path, variation.line, advice)
    for file in content.facts.files:
        if not file.assumed:
            yield from _unnamed(file, content)
            yield from _misplaced(file, content)


def _starts(file: FactsFile) -> set[str]:
    return {NUMBER_OF_A_FACT.sub("", fact.name) for fact in file.known}


def _wrong_topic(label: Label, content: ProjectContent) -> Iterator[Finding]:
    by_topic = {file.topic: file for file in content.facts.files}
    if (label.group == "faq" and label.topic is None) or label.topic not in (None, *by_topic):
        there = ", ".join(sorted(by_topic))
        yield Finding(label.path, label.line, f"'{label.name}' needs a `topic:` that has a file of facts ({there}).")
    for file in content.facts.files:
        if label.name in file.demanded and label.topic != file.topic:
            advice = f"'{label.name}' has facts in {file.path.name}, but its `topic:` is {label.topic or 'missing'}."
            yield Finding(label.path, label.line, advice)
    if label.same_as is not None:
        same = content.labels.get(label.same_as)
        if same is None or same.topic not in {file.topic for file in content.facts.files if file.assumed}:
            advice = f"'{label.name}' is `same_as` '{label.same_as}', which is no label of the assumed topic."
            yield Finding(label.path, label.line, advice)


def _unnamed(file: FactsFile, content: ProjectContent) -> Iterator[Finding]:
    """A visitor who named no condition must see which one is answered about."""
    own = {response for label in content.labels.values() if label.topic == file.topic for response in label.responses}
    named = _naming(file)
    for variation in content.variations:
        if variation.response in own and not named.search(" ".join(variation.text.split())):
            advice = (
                f"{variation.response} ({variation.channel}) does not say that it is about {file.names[0]}; name it."
            )
            yield Finding(variation.path, variation.line, advice)


def _misplaced(file: FactsFile, content: ProjectContent) -> Iterator[Finding]:
    """Lines from the time when the clinic had no page on the condition."""
    named = _naming(file)
    for line in content.lines:
        label = content.labels.get(line.label)
        if label is not None and label.of_no_page and named.search(" ".join(line.text.split())):
            advice = f"this line names {file.names[0]}, which has a page now; move it to a label of that topic."
            yield Finding(line.path, line.line, advice)


def _naming(file: FactsFile) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(file.names)})(?!\w)", re.IGNORECASE)
