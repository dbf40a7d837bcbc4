"""Wording for danger says where help is, and an answer says what the facts that it names say."""

from collections.abc import Iterator

from clinic.answers.answer_checks import danger_lost, says_fact
from evaluation.data_check.content import ProjectContent
from evaluation.data_check.findings import Finding


def check_danger(content: ProjectContent) -> Iterator[Finding]:
    """Wordings for danger that have lost something."""
    for variation in content.variations:
        for lost in danger_lost(variation.response, variation.text):
            advice = f"{variation.response} ({variation.channel}) has to say {lost}."
            yield Finding(variation.path, variation.line, advice)


def check_said_facts(content: ProjectContent) -> Iterator[Finding]:
    """Wordings that name a fact of which they have no word, as far as a pattern is known for it."""
    for variation in content.variations:
        for fact in variation.facts or ():
            if not says_fact(variation.text, fact, {}):
                advice = (
                    f"{variation.response} ({variation.channel}) names {fact} and does not say it; say it, leave the "
                    "name out, or correct the pattern in clinic/answers/essential_words.yml."
                )
                yield Finding(variation.path, variation.line, advice)
