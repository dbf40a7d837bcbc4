"""A spreadsheet reads what visitors wrote as text, whatever they wrote, and the staff's notes only when asked for."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy.engine import Engine

from clinic.exports.calendar import calendar
from clinic.exports.fhir import appointment
from clinic.exports.requests import full_request
from clinic.exports.spreadsheet import FORMULA_STARTS, messages_as_csv, requests_as_csv, safe_cell
from clinic.message_work import MessageInWork
from clinic.request_work import REQUESTS, RequestInWork
from clinic.staff_work import change_work
from tests.clinic.exported_requests import HOSTILE_TEXTS, MOMENT, REQUEST_ID
from tests.clinic.stored_work import store_request, values

REQUEST = RequestInWork(
    id=REQUEST_ID,
    conversation_id="conversation-1",
    channel="web",
    contact_name="Grace Lindqvist",
    patient_name="Leo Lindqvist",
    patient_relation="son",
    phone="+13125550176",
    email="grace@example.com",
    preferred_time="Friday around noon",
    reason="bumps",
    status="contacted",
    version=2,
    assignee="maria",
    note="CANARY note",
    first_contact_at=MOMENT,
    created_at=MOMENT,
    updated_at=MOMENT,
)
MESSAGE = MessageInWork(
    id=REQUEST_ID,
    conversation_id="conversation-1",
    channel="sms",
    topic="uncovered/cost_insurance",
    urgency="ordinary",
    language="en",
    contact_name=None,
    phone=None,
    email=None,
    text="-1 what does it cost?",
    status="open",
    version=1,
    assignee=None,
    note="CANARY note",
    first_contact_at=None,
    created_at=MOMENT,
    updated_at=MOMENT,
)


def read_back(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the byte order mark"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_a_request_is_a_row_with_all_that_was_asked() -> None:
    (row,) = read_back(requests_as_csv([REQUEST]))
    assert row == {
        "Request": REQUEST_ID,
        "Came in (UTC)": "2026-03-04 05:06:07",
        "Channel": "web",
        "Status": "contacted",
        "Assigned to": "maria",
        "First contact (UTC)": "2026-03-04 05:06:07",
        "Contact": "Grace Lindqvist",
        "Phone": "'+13125550176",
        "E-mail": "grace@example.com",
        "Patient": "Leo Lindqvist",
        "Patient is the contact's": "son",
        "Preferred time (visitor's words)": "Friday around noon",
        "Reason (visitor's words)": "bumps",
    }


def test_a_message_is_a_row_too_with_empty_cells_for_what_nobody_gave() -> None:
    (row,) = read_back(messages_as_csv([MESSAGE]))
    assert (row["Topic"], row["Contact"], row["First contact (UTC)"]) == ("uncovered/cost_insurance", "", "")
    assert row["Message (visitor's words)"] == "'-1 what does it cost?"


def test_private_notes_are_there_only_when_they_are_asked_for() -> None:
    assert b"CANARY" not in requests_as_csv([REQUEST]) + messages_as_csv([MESSAGE])
    for content in (requests_as_csv([REQUEST], with_notes=True), messages_as_csv([MESSAGE], with_notes=True)):
        assert read_back(content)[0]["Private note"] == "CANARY note"


def test_no_other_format_ever_has_a_private_note(engine: Engine) -> None:
    request_id = store_request(engine)
    noted = values("contacted", "maria", "CANARY note")
    worked = change_work(engine, REQUESTS, request_id, expected_version=1, values=noted, changed_by="maria")
    assert worked.note == "CANARY note"
    exported = full_request(worked)
    assert "CANARY" not in f"{exported}{calendar([exported])}{appointment(exported)}"


@pytest.mark.parametrize("start", [*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_begins_as_a_formula_does(start: str) -> None:
    words = f"{start}HYPERLINK(0)"
    assert safe_cell(words) == f"'{words}"
    hostile = replace(REQUEST, contact_name=words, preferred_time=words, reason=words, patient_name=words, note=words)
    (row,) = read_back(requests_as_csv([hostile], with_notes=True))
    assert not [cell for cell in row.values() if cell.startswith(FORMULA_STARTS)]


@pytest.mark.parametrize("words", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_any_words_stay_in_their_cell(words: str) -> None:
    content = requests_as_csv([replace(REQUEST, preferred_time=words, reason=words), REQUEST])
    first, second = read_back(content)
    assert first["Reason (visitor's words)"].removeprefix("'") == words.strip()
    assert second["Request"] == REQUEST_ID
    assert len(first) == len(second)
