"""A confirmed request is stored once, whole, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic import clock
from clinic.appointment_requests import (
    AppointmentRequest,
    NewAppointmentRequest,
    requests_of_conversation,
    store_appointment_request,
)
from clinic.database import transaction
from clinic.flags import Flag, flag_turn
from clinic.staff_messages import SAME_WITHIN, NewStaffMessage, StaffMessage, store_staff_message

REQUEST = NewAppointmentRequest(
    idempotency_key="conversation-1:key",
    conversation_id="conversation-1",
    channel="web",
    contact_name="Grace Lindqvist",
    phone="+13125550176",
    email=None,
    preferred_time="Friday around noon",
    reason=None,
)
QUESTION = NewStaffMessage("conversation-1:key:open_question", "conversation-1", "web", "open_question", text="Price?")


def count(engine: Engine, table: type) -> int:
    with transaction(engine) as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_request_is_stored_with_all_its_details(engine: Engine) -> None:
    store_appointment_request(engine, REQUEST)
    with transaction(engine) as session:
        row = session.execute(select(AppointmentRequest)).scalar_one()
    assert (row.contact_name, row.phone, row.preferred_time) == (
        "Grace Lindqvist",
        "+13125550176",
        "Friday around noon",
    )
    assert (row.status, row.version) == ("open", 1)


def test_the_same_confirmation_finds_the_first_row(engine: Engine) -> None:
    first = store_appointment_request(engine, REQUEST, QUESTION)
    second = store_appointment_request(engine, REQUEST, QUESTION)
    assert not first.already_stored
    assert second.already_stored
    assert second.id == first.id
    assert (count(engine, AppointmentRequest), count(engine, StaffMessage)) == (1, 1)


def test_many_confirmations_at_once_store_one_request(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda _: store_appointment_request(engine, REQUEST, QUESTION), range(24)))
    assert len({result.id for result in stored}) == 1
    assert (count(engine, AppointmentRequest), count(engine, StaffMessage)) == (1, 1)


def test_request_and_open_question_are_stored_together_or_not_at_all(engine: Engine) -> None:
    with pytest.raises(SQLAlchemyError):
        store_appointment_request(engine, REQUEST, replace(QUESTION, topic=None))  # type: ignore[arg-type]
    assert (count(engine, AppointmentRequest), count(engine, StaffMessage)) == (0, 0)


@pytest.mark.parametrize(
    "missing", [{"contact_name": " "}, {"preferred_time": ""}, {"phone": None, "email": None}], ids=str
)
def test_a_request_that_nobody_could_work_is_refused(missing: dict[str, str | None]) -> None:
    with pytest.raises(ValueError, match="needs"):
        replace(REQUEST, **missing)  # type: ignore[arg-type]


def test_a_conversation_sees_its_own_requests_alone(engine: Engine) -> None:
    store_appointment_request(engine, REQUEST)
    other = replace(REQUEST, idempotency_key="conversation-2:key", conversation_id="conversation-2")
    store_appointment_request(engine, other)
    assert len(requests_of_conversation(engine, "conversation-1")) == 1
    assert requests_of_conversation(engine, "conversation-3") == []


def test_a_message_for_the_staff_is_stored_once(engine: Engine) -> None:
    assert store_staff_message(engine, QUESTION)
    assert not store_staff_message(engine, QUESTION)
    assert count(engine, StaffMessage) == 1


def test_the_same_words_sent_again_a_moment_later_are_one_message(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = NewStaffMessage("k1", "conversation-1", "sms", "talk_to_human", text="call me", phone="3125550100")
    assert store_staff_message(engine, message)
    assert not store_staff_message(engine, replace(message, idempotency_key="k2"))
    assert store_staff_message(engine, replace(message, idempotency_key="k3", text="call me tomorrow"))
    assert store_staff_message(engine, replace(message, idempotency_key="k4", conversation_id="conversation-2"))
    later = clock.now() + SAME_WITHIN
    monkeypatch.setattr(clock, "now", lambda: later)
    assert store_staff_message(engine, replace(message, idempotency_key="k5"))


@pytest.mark.parametrize(("status", "is_new"), [("contacted", False), ("closed", True)])
def test_the_same_words_while_the_staff_work_on_them_are_one_message_and_after_it_is_closed_a_new_one(
    engine: Engine, status: str, is_new: bool
) -> None:
    message = NewStaffMessage("k1", "conversation-1", "sms", "talk_to_human", text="call me", phone="3125550100")
    store_staff_message(engine, message)
    with transaction(engine) as session:
        session.execute(update(StaffMessage).values(status=status))
    assert store_staff_message(engine, replace(message, idempotency_key="k2")) == is_new


def test_a_turn_is_flagged_once_per_label(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: flag_turn(engine, "conversation-1", "turn-1", "safety/emergency", "web"), range(8)))
    flag_turn(engine, "conversation-1", "turn-1", "safety/self_harm", "web")
    assert count(engine, Flag) == 2
