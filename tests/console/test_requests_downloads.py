"""Downloads hold what the filters show, in formats that other programs read, and no private note unasked."""

import csv
import io
import json

import pytest
from icalendar import Calendar
from sqlalchemy.engine import Engine

from clinic.work_lists import PAGE_SIZE
from tests.clinic.stored_work import store_message, store_request
from tests.console.conftest import NewClient
from tests.console.work_rows import audited, typed


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_list_is_downloaded_whole_and_by_its_filters(console: NewClient, engine: Engine) -> None:
    for number in range(PAGE_SIZE + 1):
        store_request(engine, number, channel="sms")
    store_request(engine, 1_000, contact_name="=HYPERLINK(1)")
    client = console("scheduler")
    answer = client.get("/requests/download/csv?channel=sms")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''requests-20")
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(rows_of(answer.content)) == PAGE_SIZE + 1
    other = rows_of(client.get("/requests/download/csv?channel=web").content)
    assert [row["Contact"] for row in other] == ["'=HYPERLINK(1)"]
    assert ("scheduler", "requests.exported", "csv", {"rows": 1, "notes": False}) in audited(engine)


def test_one_request_is_downloaded_in_each_format(console: NewClient, engine: Engine) -> None:
    row_id = store_request(engine, 1)
    client = console("scheduler")
    client.post(f"/requests/{row_id}", typed(status="booked", note="canary note"))
    answers = {form: client.get(f"/requests/{row_id}/download/{form}") for form in ("csv", "icalendar", "fhir")}
    assert rows_of(answers["csv"].content)[0]["Status"] == "booked"
    (todo,) = Calendar.from_ical(answers["icalendar"].content).walk("VTODO")
    assert todo["status"] == "COMPLETED"
    resource = json.loads(answers["fhir"].content)
    assert (resource["resourceType"], resource["status"]) == ("Appointment", "proposed")
    assert "start" not in resource
    assert not [form for form, answer in answers.items() if "canary" in answer.text]
    assert f"request-{row_id}.ics" in answers["icalendar"].headers["Content-Disposition"]


def test_several_requests_are_one_calendar_and_one_bundle(console: NewClient, engine: Engine) -> None:
    ids = {store_request(engine, number) for number in range(2)}
    client = console("scheduler")
    todos = Calendar.from_ical(client.get("/requests/download/icalendar").content).walk("VTODO")
    assert {str(todo["uid"]).removeprefix("urn:uuid:") for todo in todos} == ids
    bundle = json.loads(client.get("/requests/download/fhir").content)
    assert {entry["resource"]["id"] for entry in bundle["entry"]} == ids


def test_private_notes_are_downloaded_only_when_asked_for(console: NewClient, engine: Engine) -> None:
    request_id, message_id = store_request(engine, 1), store_message(engine, 2)
    client = console("scheduler")
    client.post(f"/requests/{request_id}", typed(note="canary note"))
    client.post(f"/messages/{message_id}", typed(note="canary note"))
    for path in ("/requests/download/csv", "/messages/download/csv", f"/messages/{message_id}/download/csv"):
        assert "canary" not in client.get(path).text
        assert rows_of(client.get(f"{path}?notes=yes").content)[0]["Private note"] == "canary note"
    for form in ("icalendar", "fhir"):
        assert "canary" not in client.get(f"/requests/download/{form}?notes=yes").text


@pytest.mark.parametrize("form", ["csv", "icalendar", "fhir"])
def test_nothing_to_download_is_said_in_words(console: NewClient, form: str) -> None:
    answer = console("scheduler").get(f"/requests/download/{form}")
    assert answer.status_code == 400
    assert "nothing to download" in answer.text


@pytest.mark.parametrize("path", ["/requests/download/xlsx", "/messages/download/fhir", "/messages/download/icalendar"])
def test_there_are_no_other_formats(console: NewClient, engine: Engine, path: str) -> None:
    store_request(engine, 1)
    store_message(engine, 1)
    assert console("scheduler").get(path).status_code == 404
