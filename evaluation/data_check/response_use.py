"""Every response is said by something, and everything that is said exists."""

import re
from collections.abc import Iterator

from evaluation.data_check.content import Mention, ProjectContent, Variation
from evaluation.data_check.findings import Finding

RESPONSE_NAME = re.compile(r"utter_[\w/]+")
# f"utter_{label}" in code: it names the answers of the labels, and nothing else.
ANSWER_OF_A_LABEL = "utter_.+"
# The key under which Rasa notes the response in a bot event: no response itself.
# Source: rasa 3.6.21, shared/utils/schemas/events.py.
METADATA_KEY = "utter_action"


def check_unused_responses(content: ProjectContent) -> Iterator[Finding]:
    """Responses that no rule, form or code names, at their first variation."""
    used = _used_names(content)
    patterns = [re.compile(pattern) for pattern in _narrow_patterns(content)]
    for name, first in _first_variations(content).items():
        if name not in used and not any(pattern.fullmatch(name) for pattern in patterns):
            advice = f"no rule or code says {name}; use it or remove it."
            yield Finding(first.path, first.line, advice)


def check_missing_responses(content: ProjectContent) -> Iterator[Finding]:
    """Responses that a rule or code names although they do not exist."""
    existing = {variation.response for variation in content.variations}
    retrieval = {name.partition("/")[0] for name in existing if "/" in name}
    for mention in _named_by_rules_and_code(content):
        if mention.name not in existing and mention.name not in retrieval:
            advice = f"there is no response {mention.name}; write it in data/responses or correct the name."
            yield Finding(mention.path, mention.line, advice)


def _first_variations(content: ProjectContent) -> dict[str, Variation]:
    first: dict[str, Variation] = {}
    for variation in content.variations:
        first.setdefault(variation.response, variation)
    return first


def _named_by_rules_and_code(content: ProjectContent) -> list[Mention]:
    named = [*content.rules.actions, *content.code.literals]
    return [
        mention
        for mention in named
        if RESPONSE_NAME.fullmatch(mention.name) and not mention.name.endswith("_") and mention.name != METADATA_KEY
    ]


def _used_names(content: ProjectContent) -> set[str]:
    named = {mention.name for mention in _named_by_rules_and_code(content)} | content.domain.asked_by_forms
    answers = {f"utter_{label}" for label in content.labels}
    # Rasa's own action `utter_faq` says the response `utter_faq/x` of the label that was understood.
    retrieved = {answer for answer in answers if answer.partition("/")[0] in named}
    return named | retrieved | (answers if ANSWER_OF_A_LABEL in content.code.patterns else set())


def _narrow_patterns(content: ProjectContent) -> list[str]:
    return [
        pattern for pattern in content.code.patterns if pattern.startswith("utter_") and pattern != ANSWER_OF_A_LABEL
    ]
