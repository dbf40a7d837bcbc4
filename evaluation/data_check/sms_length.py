"""Text messages are plain GSM-7 and take two segments at most, whatever their variables are filled with."""

from collections.abc import Iterator

from clinic.answers import sample_values
from clinic.answers.sample_values import filled, unknown_variables
from clinic.sms_text import MOST_SEGMENTS, characters_outside_gsm, segments, septets
from evaluation.data_check.content import SMS, ProjectContent, Variation
from evaluation.data_check.findings import Finding


def check_variables(content: ProjectContent) -> Iterator[Finding]:
    """Variables that cannot be filled in for measuring."""
    for variation in content.variations:
        for name in unknown_variables(variation.text):
            advice = (
                f"{variation.response} uses {{{name}}}, which has no value to measure with; correct the name, or add "
                "it to both parts of clinic/answers/sample_values.yml."
            )
            yield Finding(variation.path, variation.line, advice)


def check_sms_length(content: ProjectContent) -> Iterator[Finding]:
    """Text messages with characters outside GSM-7, or of more than two segments."""
    for variation in content.variations:
        if variation.channel == SMS:
            yield from _sms_findings(variation)


def _sms_findings(variation: Variation) -> Iterator[Finding]:
    outside = characters_outside_gsm(variation.text)
    text = filled(variation.text, sample_values.SMS)
    if outside:
        advice = (
            f"{variation.response} (sms) has {' '.join(outside)}, which GSM-7 does not; choose words and marks "
            "without it."
        )
        yield Finding(variation.path, variation.line, advice)
    elif segments(text) > MOST_SEGMENTS:
        advice = (
            f"{variation.response} (sms) takes {septets(text)} septets, filled in, in {segments(text)} segments; "
            f"shorten it to {MOST_SEGMENTS} segments."
        )
        yield Finding(variation.path, variation.line, advice)
