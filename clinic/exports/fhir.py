"""Requests as FHIR R4 resources.

The library's R4 family is its package `R4B` (FHIR 4.3.0). Between 4.0.1 and 4.3.0 HL7 changed resources about
medicines, evidence and subscriptions (https://hl7.org/fhir/R4B/diff.html); `Appointment`, `Patient`, `RelatedPerson`
and `Bundle`, as used here, are the same, so what passes here is R4 as well. The library checks structure and types; it
does not check coded values, which are constants here.

The library is imported when something is exported, since its models cost memory that a bot has no use for.
"""

from collections.abc import Sequence
from typing import Any

from clinic.appointment_requests import CLOSED_BY_VISITOR
from clinic.exports.requests import FullRequest
from clinic.staff_work import BOOKED, CLOSED, CONTACTED

PROPOSED = "proposed"
CANCELLED = "cancelled"
# Why the proposal no longer stands: https://hl7.org/fhir/R4/appointment-definitions.html#Appointment.cancelationReason
_CANCELATION_REASONS = {
    CLOSED: "The clinic has closed this request. This says nothing of an appointment that was agreed.",
    CLOSED_BY_VISITOR: "The visitor took this request back.",
}
# `booked` needs a start and an end (rule app-3 of Appointment), and this side knows neither.
_DESCRIPTIONS = {
    CONTACTED: "The clinic has been in touch about this request.",
    BOOKED: "The clinic has marked this request as booked. The agreed time is not recorded here.",
}
# Nobody has answered for any participant: https://hl7.org/fhir/R4/valueset-participationstatus.html
NEEDS_ACTION = "needs-action"
# A plain URI as identifier: https://hl7.org/fhir/R4/identifier-registry.html
URI_SYSTEM = "urn:ietf:rfc:3986"
_PATIENT = "patient"
_CONTACT = "contact"


def appointment(request: FullRequest) -> dict[str, Any]:
    """The request as an `Appointment` (https://hl7.org/fhir/R4/appointment.html), ready for `json.dumps`.

    Its status is `proposed`, or `cancelled` when the staff closed the request or the visitor took it back; how far the
    staff are with it stands in `description`. It has no start, end or requested period: the visitor's words for a time
    stand in `comment`, and what they mean is for the staff to settle.

    Raises:
        pydantic.ValidationError: the request cannot be said in FHIR, as when its id is no FHIR id.
    """
    from fhir.resources.R4B.appointment import Appointment  # noqa: PLC0415 - see the module's docstring

    content = _without_empty(
        {
            "resourceType": "Appointment",
            "id": request.id,
            "contained": _people(request),
            "identifier": [{"system": URI_SYSTEM, "value": _urn(request)}],
            "status": CANCELLED if request.status in _CANCELATION_REASONS else PROPOSED,
            "cancelationReason": _reason_to_cancel(request),
            "description": _DESCRIPTIONS.get(request.status),
            "reasonCode": [{"text": request.reason}] if request.reason else None,
            "created": request.created_at.isoformat(),
            "comment": f"Preferred time, in the visitor's words: {request.preferred_time}",
            "participant": _participants(request),
        }
    )
    Appointment.parse_obj(content)
    return content


def bundle(requests: Sequence[FullRequest]) -> dict[str, Any]:
    """Several requests as a `Bundle` of the type `collection`, in the order given.

    Raises:
        pydantic.ValidationError: as with `appointment`.
    """
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - see the module's docstring

    content: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    if requests:
        content["entry"] = [{"fullUrl": _urn(request), "resource": appointment(request)} for request in requests]
    Bundle.parse_obj(content)
    return content


def _reason_to_cancel(request: FullRequest) -> dict[str, str] | None:
    reason = _CANCELATION_REASONS.get(request.status)
    return {"text": reason} if reason else None


def _people(request: FullRequest) -> list[dict[str, Any]]:
    if not request.for_another:
        return [_person("Patient", _PATIENT, request.contact_name, _telecom(request))]
    contact = _person("RelatedPerson", _CONTACT, request.contact_name, _telecom(request))
    contact["patient"] = {"reference": f"#{_PATIENT}"}
    if request.patient_relation:
        # FHIR asks what the contact is to the patient; the visitor said what the patient is to the contact.
        contact["relationship"] = [{"text": f"the patient is this person's {request.patient_relation}"}]
    return [_person("Patient", _PATIENT, request.patient_name, []), contact]


def _person(kind: str, identifier: str, name: str | None, telecom: list[dict[str, str]]) -> dict[str, Any]:
    names = [{"text": name}] if name else None
    return _without_empty({"resourceType": kind, "id": identifier, "name": names, "telecom": telecom})


def _telecom(request: FullRequest) -> list[dict[str, str]]:
    ways = (("phone", request.phone), ("email", request.email))
    return [{"system": system, "value": value} for system, value in ways if value]


def _participants(request: FullRequest) -> list[dict[str, Any]]:
    if not request.for_another:
        return [_participant(_PATIENT, request.contact_name)]
    return [_participant(_PATIENT, request.patient_name), _participant(_CONTACT, request.contact_name)]


def _participant(identifier: str, name: str | None) -> dict[str, Any]:
    return {"actor": _without_empty({"reference": f"#{identifier}", "display": name}), "status": NEEDS_ACTION}


def _urn(request: FullRequest) -> str:
    return f"urn:uuid:{request.id}"


def _without_empty(content: dict[str, Any]) -> dict[str, Any]:
    """FHIR allows no empty values: https://hl7.org/fhir/R4/json.html."""
    return {name: value for name, value in content.items() if value}
