"""What the assistant says now: the shipped responses, with what the staff put in force in their place."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.engine import Engine

from clinic.answers.answer_checks import danger_lost
from clinic.answers.plain_text import placeholders
from clinic.answers.response_files import Responses
from clinic.answers.response_topics import ResponseTopic
from clinic.answers.standard import Standard
from clinic.answers.tables import ContentVersion
from clinic.answers.versions import CLINIC_DETAILS, SHIPPED, history_of, versions_in_force
from clinic.answers.wordings import Wordings, from_stored_form, variations_of, wordings_of
from clinic.clinic_details import ClinicDetails

Read = TypeVar("Read")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ContentInForce:
    """What the staff changed. `version` is the newest one of it; `details` are None while they are the operator's."""

    version: int = SHIPPED
    details: ClinicDetails | None = None
    wordings: Mapping[str, Wordings] = field(default_factory=dict)


def read_in_force(engine: Engine) -> ContentInForce:
    """All that the staff put in force. What cannot be read is left out and logged, so that the shipped is said.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    newest = versions_in_force(engine)
    details: ClinicDetails | None = None
    wordings: dict[str, Wordings] = {}
    for version in newest:
        if version.subject == CLINIC_DETAILS:
            details = _details_of(version)
        else:
            own = _read(version, from_stored_form)
            wordings |= {} if own is None else {str(version.subject): own}
    return ContentInForce(_newest(newest), details, wordings)


def details_ever_told(engine: Engine) -> tuple[str, ...]:
    """Every number and address of the clinic that was in force at any time: nobody's data.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    read = [_details_of(version) for version in history_of(engine, CLINIC_DETAILS)]
    told = [detail for each in read if each for detail in (each.phone, each.address) if detail]
    return tuple(dict.fromkeys(told))


def merged(shipped: Responses, content: ContentInForce) -> Responses:
    """The responses as they are said: a wording that is unfit is left out, and the shipped one stays."""
    unfit = unfit_wordings(shipped, content)
    changed = {
        response: variations_of(response, wordings)
        for response, wordings in content.wordings.items()
        if response not in unfit
    }
    return {**shipped, **changed}


def unfit_wordings(shipped: Responses, content: ContentInForce) -> dict[str, str]:
    """Which wordings of the staff cannot be said, each with the reason."""
    reasons = {each: why_unfit(each, wordings, shipped) for each, wordings in content.wordings.items()}
    return {response: reason for response, reason in reasons.items() if reason}


def why_unfit(response: str, wordings: Wordings, shipped: Responses) -> str:
    """Why a stored wording cannot be said since the assistant was updated; empty when it can.

    It was checked when it was put in force. This is what an update may change under it, and what may never be lost.
    """
    if response not in shipped:
        return "the assistant no longer has this answer"
    standard = Standard(response, ResponseTopic(), wordings_of(shipped[response]), {})
    for wording in wordings:
        unknown = placeholders(wording.text) - standard.allowed
        if unknown:
            return f"nothing fills in {', '.join(sorted(unknown))} any more"
        lost = danger_lost(response, wording.text)
        if lost:
            return f"it does not say {lost[0]}"
    channels = {each.channel for each in standard.shipped} - {each.channel for each in wordings}
    return f"it has no wording for {', '.join(sorted(channels))}" if channels else ""


def _details_of(version: ContentVersion) -> ClinicDetails | None:
    return _read(version, ClinicDetails.from_stored_form)


def _read(version: ContentVersion, reader: Callable[[str], Read]) -> Read | None:
    """What a version holds; None for what is shipped, and for what cannot be read."""
    if version.content is None:
        return None
    try:
        return reader(str(version.content))
    except (ValueError, KeyError, TypeError):
        logger.error("version %s of %s cannot be read; what is shipped is said", version.id, version.subject)
        return None


def _newest(versions: list[ContentVersion]) -> int:
    return max((int(version.id) for version in versions), default=SHIPPED)
