"""Whether the clinic's details may be told: each by itself, and within the text messages that name them."""

from collections.abc import Iterator

from clinic.answers import sample_values
from clinic.answers.in_force import ContentInForce, merged
from clinic.answers.plain_text import placeholders
from clinic.answers.problems import Problem
from clinic.answers.response_files import Responses
from clinic.answers.sample_values import filled_with
from clinic.answers.wordings import SMS, texts_of, wordings_of
from clinic.clinic_details import ClinicDetails, read_details, typed_of, with_details
from clinic.contact import CLINIC_VARIABLES, clinic_variables
from clinic.settings import Settings
from clinic.sms_text import MOST_SEGMENTS, segments


def check_details(
    details: ClinicDetails, shipped: Responses, content: ContentInForce, settings: Settings
) -> list[Problem]:
    """Everything that is wrong with details that somebody wants to put in force.

    Args:
        details: what they entered.
        shipped: the responses of the files.
        content: what the staff put in force, whose text messages name the details.
        settings: of the deployment.
    """
    _, problems = read_details(typed_of(details))
    return [*problems, *_long_texts(details, shipped, content, settings)]


def _long_texts(
    details: ClinicDetails, shipped: Responses, content: ContentInForce, settings: Settings
) -> Iterator[Problem]:
    known = {
        **sample_values.values(sample_values.SMS),
        **clinic_variables(with_details(settings, details)),
    }
    longest = max(
        (
            segments(filled_with(text, known))
            for variations in merged(shipped, content).values()
            for text in texts_of(wordings_of(variations), SMS)
            if placeholders(text) & set(CLINIC_VARIABLES)
        ),
        default=0,
    )
    if longest > MOST_SEGMENTS:
        yield Problem(
            "",
            f"A text message with these details takes {longest} segments, {MOST_SEGMENTS} are the limit. Shorten the "
            "address or the note.",
        )
