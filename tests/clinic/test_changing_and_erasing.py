"""Requests are changed and taken back by their own conversation alone; erasing leaves an anonymous receipt."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.appointment_requests import (
    AppointmentRequest,
    NotChangeableError,
    StoredAppointmentRequest,
    change_request,
    requests_of_conversation,
    store_appointment_request,
    withdraw_request,
)
from clinic.consents import OUT, has_opted_out, record_consent
from clinic.database import transaction
from clinic.erasures import (
    Erasure,
    WrittenWish,
    complete_erasure,
    erase_records,
    find_erasure,
    last_erasures,
    pending_erasures,
)
from clinic.flags import TEXT_NOT_DELIVERED, Flag, acknowledge, flag_turn
from clinic.outbox import Notice
from clinic.request_changes import RequestChange
from clinic.staff_messages import StaffMessage, store_staff_message
from tests.clinic.test_requests_and_messages import QUESTION, REQUEST

MINE, OTHERS = "conversation-1", "conversation-2"
TARGETS = ("email", "webhook")


def rows(engine: Engine, table: type) -> list:
    with transaction(engine) as session:
        return list(session.execute(select(table)).scalars())


@pytest.fixture
def stored(engine: Engine) -> StoredAppointmentRequest:
    return store_appointment_request(engine, REQUEST, targets=TARGETS)


def test_a_change_keeps_what_was_there_before(engine: Engine, stored: StoredAppointmentRequest) -> None:
    changed = change_request(engine, MINE, stored.id, {"preferred_time": "monday"}, TARGETS)
    assert (changed.preferred_time, changed.version) == ("monday", 2)
    created, change = rows(engine, RequestChange)
    assert (created.change, created.version) == ("created", 1)
    assert (change.change, change.version) == ("changed", 2)
    assert change.details == '{"preferred_time": "Friday around noon"}'


def test_the_same_change_again_changes_nothing(engine: Engine, stored: StoredAppointmentRequest) -> None:
    for _ in range(2):
        again = change_request(engine, MINE, stored.id, {"phone": "+13125550199"}, TARGETS)
    assert again.version == 2
    assert len(rows(engine, Notice)) == 4


def test_nobody_changes_or_takes_back_the_request_of_another(engine: Engine, stored: StoredAppointmentRequest) -> None:
    with pytest.raises(NotChangeableError):
        change_request(engine, OTHERS, stored.id, {"preferred_time": "monday"})
    with pytest.raises(NotChangeableError):
        withdraw_request(engine, OTHERS, stored.id)
    (row,) = rows(engine, AppointmentRequest)
    assert (row.preferred_time, row.status) == ("Friday around noon", "open")


def test_fields_that_are_not_the_visitors_cannot_be_changed(engine: Engine, stored: StoredAppointmentRequest) -> None:
    change_request(engine, MINE, stored.id, {"status": "booked", "conversation_id": OTHERS})
    (row,) = rows(engine, AppointmentRequest)
    assert (row.status, row.conversation_id, row.version) == ("open", MINE, 1)


def test_taking_back_twice_is_once(engine: Engine, stored: StoredAppointmentRequest) -> None:
    first = withdraw_request(engine, MINE, stored.id, TARGETS)
    again = withdraw_request(engine, MINE, stored.id, TARGETS)
    assert (first.status, first.already_stored, again.already_stored) == ("withdrawn", False, True)
    assert [change.change for change in rows(engine, RequestChange)] == ["created", "withdrawn"]


def test_what_the_staff_work_on_is_not_changed_from_outside(engine: Engine, stored: StoredAppointmentRequest) -> None:
    with transaction(engine) as session:
        session.get(AppointmentRequest, stored.id).status = "contacted"
    with pytest.raises(NotChangeableError):
        change_request(engine, MINE, stored.id, {"preferred_time": "monday"})
    with pytest.raises(NotChangeableError):
        withdraw_request(engine, MINE, stored.id)


def test_whom_it_is_for_is_stored_beside_the_contact(engine: Engine) -> None:
    store_appointment_request(engine, replace(REQUEST, patient_name="Max", patient_relation="son"))
    (row,) = rows(engine, AppointmentRequest)
    assert (row.contact_name, row.patient_name, row.patient_relation) == ("Grace Lindqvist", "Max", "son")


def test_a_notice_is_written_for_each_target_with_the_request(engine: Engine, stored: StoredAppointmentRequest) -> None:
    notices = rows(engine, Notice)
    assert {(notice.kind, notice.target) for notice in notices} == {
        ("appointment_request", "email"),
        ("appointment_request", "webhook"),
    }
    assert {notice.subject_id for notice in notices} == {stored.id}


def test_the_same_confirmation_again_tells_nobody_twice(engine: Engine, stored: StoredAppointmentRequest) -> None:
    store_appointment_request(engine, REQUEST, targets=TARGETS)
    assert len(rows(engine, Notice)) == 2


def test_erasing_leaves_nothing_but_an_anonymous_receipt(engine: Engine, stored: StoredAppointmentRequest) -> None:
    store_staff_message(engine, QUESTION, TARGETS)
    flag_turn(engine, MINE, "turn-1", "safety/emergency", "web")
    others = replace(REQUEST, idempotency_key="other", conversation_id=OTHERS)
    store_appointment_request(engine, others)
    receipt = erase_records(engine, MINE, "web", TARGETS)
    assert (receipt.requests, receipt.messages) == (1, 1)
    assert requests_of_conversation(engine, MINE) == []
    assert len(requests_of_conversation(engine, OTHERS)) == 1
    assert rows(engine, StaffMessage) == []
    (flag,) = rows(engine, Flag)
    assert (flag.conversation_id, flag.turn_id, flag.label) == ("", flag.id, "safety/emergency")
    assert [change.request_id for change in rows(engine, RequestChange)] != [stored.id]
    assert {notice.kind for notice in rows(engine, Notice)} == {"erasure"}
    with transaction(engine) as session:
        complete_erasure(session, MINE)
    (row,) = rows(engine, Erasure)
    assert row.receipt == receipt.code
    assert row.conversation_id is None
    assert row.completed_at is not None
    assert not any("Lindqvist" in str(value) or "5550176" in str(value) for value in vars(row).values())


def test_until_the_transcript_is_gone_the_erasure_is_pending_and_is_one(
    engine: Engine, stored: StoredAppointmentRequest
) -> None:
    first = erase_records(engine, MINE, "web")
    store_appointment_request(engine, REQUEST)
    again = erase_records(engine, MINE, "web")
    assert (again.code, again.requests) == (first.code, 2)
    assert requests_of_conversation(engine, MINE) == []
    assert pending_erasures(engine) == [MINE]
    with transaction(engine) as session:
        complete_erasure(session, MINE)
    assert pending_erasures(engine) == []
    assert erase_records(engine, MINE, "web").code != first.code


def test_a_wish_to_be_left_alone_outlives_the_erasure(engine: Engine) -> None:
    record_consent(engine, MINE, "sms", state=OUT, means="keyword", wording="STOP")
    erase_records(engine, MINE, "sms")
    assert has_opted_out(engine, MINE)


def test_the_last_word_of_consent_counts(engine: Engine) -> None:
    assert not has_opted_out(engine, MINE)
    record_consent(engine, MINE, "sms", state=OUT, means="keyword", wording="STOP")
    record_consent(engine, MINE, "sms", state="in", means="keyword", wording="START")
    assert not has_opted_out(engine, MINE)
    assert not has_opted_out(engine, OTHERS)


def test_danger_that_nobody_has_looked_at_stays_without_the_visitor_and_the_rest_goes(engine: Engine) -> None:
    """Two turns with the same label stay two flags, although neither says any more which turn it was."""
    for turn_id in ("turn-1", "turn-2", "turn-3"):
        flag_turn(engine, MINE, turn_id, "safety/emergency", "sms")
    flag_turn(engine, MINE, "text-1", TEXT_NOT_DELIVERED, "sms")
    flag_turn(engine, OTHERS, "turn-1", "safety/emergency", "web")
    acknowledge(engine, next(flag.id for flag in rows(engine, Flag) if flag.turn_id == "turn-3"), "ruth")
    before = {flag.id: flag.created_at for flag in rows(engine, Flag)}
    erase_records(engine, MINE, "sms")
    mine = [flag for flag in rows(engine, Flag) if flag.conversation_id != OTHERS]
    assert [(flag.conversation_id, flag.label, flag.channel) for flag in mine] == [("", "safety/emergency", "sms")] * 2
    assert all(flag.turn_id == flag.id and flag.created_at == before[flag.id] for flag in mine)
    assert all(flag.acknowledged_at is None for flag in mine)
    (erasure,) = rows(engine, Erasure)
    counts = json.loads(erasure.counts)
    assert (counts["flags"], counts["flags (kept without their words)"]) == (2, 2)
    # The wish repeated before the transcript is gone.
    erase_records(engine, MINE, "sms")
    assert len(rows(engine, Flag)) == 3


def test_the_staff_can_keep_requests_with_a_reason_and_the_receipt_says_so(engine: Engine, stored) -> None:
    wish = WrittenWish("ada", "letter", kept_reason="care")
    receipt = erase_records(engine, MINE, "web", TARGETS, wish)
    with transaction(engine) as session:
        complete_erasure(session, MINE, {"turns": 4, "flags": 1})
    assert [request.id for request in requests_of_conversation(engine, MINE)] == [stored.id]
    found = find_erasure(engine, receipt.code)
    assert found is not None
    assert (found.requested_by, found.reason, found.kept_reason) == ("ada", "letter", "care")
    assert (found.counts["appointment_requests"], found.counts["turns"], found.counts["flags"]) == (0, 4, 1)
    assert found in last_erasures(engine, 5)


def test_an_erasure_without_a_known_reason_cannot_be_asked_for() -> None:
    for values in ({"reason": "she is Grace Lindqvist"}, {"reason": "letter", "kept_reason": "just so"}):
        with pytest.raises(ValueError, match="known reasons"):
            WrittenWish("ada", **values)
