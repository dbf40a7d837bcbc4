"""The admin erases at a visitor's written wish: looks, is asked twice, and gets a receipt that names nobody."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.appointment_requests import AppointmentRequest
from clinic.consents import OUT, has_opted_out, record_consent
from clinic.database import transaction
from clinic.erasures import Erasure, erase_records
from clinic.flags import flag_turn
from clinic.settings import Settings
from clinic.text_contacts import TextContact, remember_contact
from conversations.tracker_store import create_event_tables
from conversations.turn_log import LoggedTurn
from tests.clinic.stored_work import store_request
from tests.console.audit_rows import audit_rows
from tests.console.conftest import NewClient
from tests.console.talk_rows import store_talk, turn

PHONE = "+13125550142"
SECRET = "my rare canary words"


@pytest.fixture
def conversation(engine: Engine, settings: Settings) -> str:
    """Somebody who texted, asked for an appointment, spoke of danger and wants no more texts."""
    create_event_tables(engine)
    conversation_id = remember_contact(engine, settings.secret_key, PHONE)
    store_talk(engine, conversation_id, [turn(SECRET)], channel="sms")
    store_request(engine, conversation_id=conversation_id, phone=PHONE)
    flag_turn(engine, conversation_id, "m1", "safety/emergency", "sms")
    record_consent(engine, conversation_id, "sms", state=OUT, means="wording", wording="leave me alone, says Grace")
    return conversation_id


def rows(engine: Engine, table: type) -> list:
    with transaction(engine) as session:
        return list(session.execute(select(table)).scalars())


@pytest.mark.parametrize("typed", ["(312) 555-0142", "+1 312 555 0142", "3125550142"])
def test_a_person_is_found_by_their_number_however_it_is_typed_and_the_number_is_kept_nowhere(
    console: NewClient, engine: Engine, conversation: str, typed: str
) -> None:
    answer = console("admin").post("/erasures/find", {"wanted": typed})
    assert f"/erasures/conversations/{conversation}" in answer.text
    written = str([vars(row) for row in audit_rows(engine)])
    assert not any(number in written for number in (typed, PHONE, PHONE[-7:]))


def test_the_first_step_says_what_is_stored_and_the_second_what_will_happen(
    console: NewClient, engine: Engine, conversation: str
) -> None:
    admin = console("admin")
    first = admin.get(f"/erasures/conversations/{conversation}").text
    assert "appointment_requests" in first
    assert "logged_turns" in first
    second = admin.post(f"/erasures/conversations/{conversation}/check", {"reason": "letter", "records": "delete"}).text
    assert "Nobody can bring this back" in second
    assert len(rows(engine, LoggedTurn)) == 1


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"reason": "letter"},
        {"reason": "because", "records": "delete"},
        {"reason": "letter", "records": "keep"},
        {"reason": "letter", "records": "keep", "kept_reason": "Grace Lindqvist"},
    ],
)
def test_without_a_reason_of_the_list_nothing_is_erased(
    console: NewClient, engine: Engine, conversation: str, form: dict[str, str]
) -> None:
    assert console("admin").post(f"/erasures/conversations/{conversation}", form).status_code == 400
    assert len(rows(engine, LoggedTurn)) == 1


def test_erasing_leaves_the_opt_out_and_the_danger_and_a_receipt_that_anybody_can_be_answered_with(
    console: NewClient, engine: Engine, conversation: str
) -> None:
    admin = console("admin")
    answer = admin.post(f"/erasures/conversations/{conversation}", {"reason": "letter", "records": "delete"})
    receipt = answer.headers["Location"].rpartition("/")[2]
    page = admin.get(f"/erasures/{receipt}").text
    for store in ("logged_turns", "appointment_requests", "text_contacts", "consents (emptied)", "taught lines"):
        assert store in page
    assert re.search(r"appointment_requests</th><td class=\"number\">1<", page)
    assert rows(engine, AppointmentRequest) == rows(engine, LoggedTurn) == rows(engine, TextContact) == []
    assert has_opted_out(engine, conversation)
    (erasure,) = rows(engine, Erasure)
    assert (erasure.conversation_id, erasure.requested_by, erasure.reason) == (None, "admin", "letter")
    dump = "\n".join(engine.raw_connection().driver_connection.iterdump())
    assert SECRET not in dump
    assert "Grace" not in dump
    queue = admin.get("/").text
    assert "The visitor deleted their conversation" in queue
    assert 'href="/conversations/"' not in queue
    assert admin.post("/erasures/find", {"wanted": receipt}).headers["Location"] == f"/erasures/{receipt}"


def test_requests_can_be_kept_with_a_reason(console: NewClient, engine: Engine, conversation: str) -> None:
    admin = console("admin")
    form = {"reason": "email", "records": "keep", "kept_reason": "care"}
    answer = admin.post(f"/erasures/conversations/{conversation}", form)
    assert len(rows(engine, AppointmentRequest)) == 1
    assert rows(engine, LoggedTurn) == []
    assert "the clinic is still to call or see the person" in admin.get(answer.headers["Location"]).text


def test_the_audit_says_who_erased_and_why(console: NewClient, engine: Engine, conversation: str) -> None:
    console("admin").post(f"/erasures/conversations/{conversation}", {"reason": "portal", "records": "delete"})
    last = audit_rows(engine)[-1]
    (erasure,) = rows(engine, Erasure)
    assert (last.actor, last.action, last.subject) == ("admin", "erasure.done", erasure.receipt)
    assert last.details["reason"] == "portal"


def test_receipts_of_visitors_are_shown_as_theirs(console: NewClient, engine: Engine) -> None:
    receipt = erase_records(engine, "web-conversation", "web")
    page = console("admin").get(f"/erasures/{receipt.code}").text
    assert "the visitor, in the conversation" in page
    assert "not yet" in page
    assert receipt.code in console("admin").get("/erasures").text


def test_what_is_unknown_is_not_found(console: NewClient, engine: Engine) -> None:
    admin = console("admin")
    for address in ("/erasures/ABCDEFGH", "/erasures/conversations/nobody-at-all"):
        assert admin.get(address).status_code == 404
    assert "Nothing is stored" in admin.post("/erasures/find", {"wanted": "nobody-at-all"}).text
