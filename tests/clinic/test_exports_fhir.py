"""A request is exported as a FHIR R4 Appointment that says what was asked and nothing that was not."""

import json
import subprocess
import sys

import pytest
from fhir.resources.R4B.appointment import Appointment
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError

from clinic.exports.fhir import appointment, bundle
from clinic.settings import PROJECT_ROOT
from tests.clinic.exported_requests import HOSTILE_TEXTS, REQUEST_ID, full_request

# https://hl7.org/fhir/R4/valueset-appointmentstatus.html
R4_STATUSES = {
    "proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error", "checked-in",
    "waitlist",
}  # fmt: skip


def test_a_request_is_a_proposed_appointment_under_its_own_id() -> None:
    resource = appointment(full_request())
    Appointment.parse_obj(resource)
    assert (resource["resourceType"], resource["status"], resource["id"]) == ("Appointment", "proposed", REQUEST_ID)
    assert resource["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{REQUEST_ID}"}]
    assert resource["created"] == "2026-03-04T05:06:07+00:00"


def test_no_time_is_made_up_from_the_visitors_words() -> None:
    resource = appointment(full_request(preferred_time="March 12 at 3 pm"))
    assert resource["comment"] == "Preferred time, in the visitor's words: March 12 at 3 pm"
    assert not {"start", "end", "requestedPeriod", "slot", "minutesDuration"} & set(resource)


@pytest.mark.parametrize(
    ("status", "exported"),
    [
        ("open", "proposed"),
        ("contacted", "proposed"),
        ("booked", "proposed"),
        ("closed", "cancelled"),
        ("withdrawn", "cancelled"),
    ],
)
def test_no_status_claims_an_appointment_whose_time_is_not_known(status: str, exported: str) -> None:
    """Rule app-3 of R4: all but these two, and `waitlist`, need a start and an end."""
    resource = appointment(full_request(status=status))
    assert resource["status"] == exported
    assert exported in R4_STATUSES
    assert ("cancelationReason" in resource) is (exported == "cancelled")
    assert not {"start", "end", "requestedPeriod", "slot", "minutesDuration"} & set(resource)


def test_how_far_the_staff_are_stands_beside_the_status() -> None:
    assert "description" not in appointment(full_request())
    assert "in touch" in appointment(full_request(status="contacted"))["description"]
    assert "agreed time is not recorded" in appointment(full_request(status="booked"))["description"]
    taken_back = appointment(full_request(status="withdrawn"))
    assert taken_back["cancelationReason"] == {"text": "The visitor took this request back."}


def test_who_asks_for_themselves_is_the_patient() -> None:
    resource = appointment(full_request(phone="+13125550176x12", email="grace@example.com"))
    (patient,) = resource["contained"]
    assert (patient["resourceType"], patient["name"]) == ("Patient", [{"text": "Grace Lindqvist"}])
    assert patient["telecom"] == [
        {"system": "phone", "value": "+13125550176x12"},
        {"system": "email", "value": "grace@example.com"},
    ]
    assert resource["participant"] == [
        {"actor": {"reference": "#patient", "display": "Grace Lindqvist"}, "status": "needs-action"}
    ]


def test_who_asks_for_another_is_a_related_person_who_can_be_reached() -> None:
    resource = appointment(full_request(patient_name="Leo Lindqvist", patient_relation="son"))
    patient, contact = resource["contained"]
    assert patient == {"resourceType": "Patient", "id": "patient", "name": [{"text": "Leo Lindqvist"}]}
    assert contact["resourceType"] == "RelatedPerson"
    assert contact["patient"] == {"reference": "#patient"}
    assert contact["relationship"] == [{"text": "the patient is this person's son"}]
    assert contact["telecom"] == [{"system": "phone", "value": "+13125550176"}]
    assert [entry["actor"]["reference"] for entry in resource["participant"]] == ["#patient", "#contact"]
    assert {entry["status"] for entry in resource["participant"]} == {"needs-action"}


def test_a_patient_known_by_relation_alone_does_not_get_the_contacts_name() -> None:
    resource = appointment(full_request(patient_relation="daughter"))
    assert resource["contained"][0] == {"resourceType": "Patient", "id": "patient"}
    assert resource["participant"][0]["actor"] == {"reference": "#patient"}


def test_a_reason_is_there_only_when_one_was_given() -> None:
    assert appointment(full_request(reason="bumps under the eyes"))["reasonCode"] == [{"text": "bumps under the eyes"}]
    assert "reasonCode" not in appointment(full_request(reason=None))


@pytest.mark.parametrize("words", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_any_words_stay_text(words: str) -> None:
    resource = appointment(full_request(contact_name=words, preferred_time=words, reason=words))
    read = json.loads(json.dumps(resource))
    Appointment.parse_obj(read)
    assert read == resource
    assert read["reasonCode"][0]["text"] == words
    assert read["comment"].endswith(words)


def test_several_requests_are_a_collection() -> None:
    other = "1c9b6c1e-6a0e-4e0c-9a55-0f7f3c1f5a11"
    resource = bundle([full_request(), full_request(id=other)])
    Bundle.parse_obj(resource)
    assert (resource["type"], [entry["fullUrl"] for entry in resource["entry"]]) == (
        "collection",
        [f"urn:uuid:{REQUEST_ID}", f"urn:uuid:{other}"],
    )
    Bundle.parse_obj(bundle([]))


def test_what_is_no_fhir_is_refused() -> None:
    with pytest.raises(ValidationError):
        appointment(full_request(id="not an id"))


def test_the_library_is_not_loaded_before_something_is_exported() -> None:
    code = "import sys, clinic.export, clinic.exports.fhir; sys.exit(any(m.startswith('fhir') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, check=False).returncode == 0
