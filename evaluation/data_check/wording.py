"""Answers promise no result, name no price, give no verdict on the visitor's skin and call no request a booking."""

from collections.abc import Iterator

from clinic.answers.forbidden_wording import forbidden_wordings
from clinic.answers.plain_text import sentences
from clinic.answers.sample_values import READING, filled
from evaluation.data_check.content import ProjectContent
from evaluation.data_check.findings import Finding


def check_wording(content: ProjectContent) -> Iterator[Finding]:
    """Texts that say what no answer may say."""
    for variation in content.variations:
        for sentence in sentences(filled(variation.text, READING)):
            for said, advice in forbidden_wordings(sentence):
                shown = f"{variation.response} ({variation.channel}) says '{said}', which {advice}."
                yield Finding(variation.path, variation.line, shown)
