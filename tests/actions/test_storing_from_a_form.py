"""The form's validation stores on yes, says so afterwards alone, and tells the truth when it could not."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from actions import records, safety_flags, storing
from actions.form_actions import ValidateAppointmentForm, ValidateStaffMessageForm
from clinic.appointment_requests import AppointmentRequest
from clinic.database import make_engine, transaction
from clinic.flags import Flag
from clinic.outbox import Notice
from clinic.staff_messages import StaffMessage
from tests.actions.details_of import details_of
from tests.migrated_databases import sqlite

FILLED = {
    "contact_name": "Grace Lindqvist",
    "phone": "+13125550176",
    "preferred_time": "Friday around noon",
    "request_key": "key",
    "requested_slot": "confirmation",
}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    for made in sqlite(tmp_path / "clinic.sqlite3"):
        for module in (records, safety_flags, storing):
            monkeypatch.setattr(module, "engine", lambda engine=made: engine)
        yield made


def tracker(text: str, label: str, slots: dict[str, Any], form: str = "appointment_form") -> Tracker:
    message = {
        "text": text,
        "message_id": "turn-1",
        "metadata": {},
        "entities": [{"entity": kind, "text": words, "value": value} for kind, words, value in details_of(text)],
        "understanding": {
            "label": label,
            "confidence": 0.95,
            "safety": label if label.startswith("safety/") else None,
            "language": "en",
        },
    }
    events = [{"event": "user", "input_channel": "web"}]
    return Tracker("conversation-1", slots, message, events, False, None, {"name": form}, "action_listen")


async def run(action: Any, given: Tracker) -> tuple[list[str], dict[str, Any], list[str]]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, given, {})
    said = [message["response"] for message in dispatcher.messages]
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return said, slots, [event["name"] for event in events if event["event"] == "followup"]


def rows(engine: Engine, table: Any) -> list[Any]:
    with transaction(engine) as session:
        return list(session.execute(select(table)).scalars())


async def test_yes_stores_the_request_and_then_says_so(engine: Engine) -> None:
    said, slots, _ = await run(ValidateAppointmentForm(), tracker("yes", "affirm", FILLED))
    (row,) = rows(engine, AppointmentRequest)
    assert (row.contact_name, row.phone, row.preferred_time) == (
        "Grace Lindqvist",
        "+13125550176",
        "Friday around noon",
    )
    assert said == ["utter_request_stored"]
    assert slots["requested_slot"] is None
    assert slots["request_key"] is None


async def test_the_same_yes_again_stores_nothing_more(engine: Engine) -> None:
    """The reply was lost, so Rasa never saw the events: the same form is confirmed once more."""
    await run(ValidateAppointmentForm(), tracker("yes", "affirm", FILLED))
    said, _, _ = await run(ValidateAppointmentForm(), tracker("yes", "affirm", FILLED))
    assert said == ["utter_request_already_stored"]
    assert len(rows(engine, AppointmentRequest)) == 1


@pytest.mark.parametrize(
    ("status", "said_then"),
    [("booked", "utter_appointment_status_with_staff"), ("closed", "utter_appointment_status_closed")],
)
async def test_the_same_yes_after_the_staff_were_faster_is_not_told_that_they_will_write(
    engine: Engine, status: str, said_then: str
) -> None:
    await run(ValidateAppointmentForm(), tracker("yes", "affirm", FILLED))
    with transaction(engine) as session:
        session.execute(update(AppointmentRequest).values(status=status))
    said, _, _ = await run(ValidateAppointmentForm(), tracker("yes", "affirm", FILLED))
    assert said == [said_then]
    assert len(rows(engine, AppointmentRequest)) == 1


async def test_an_open_question_goes_to_the_staff_with_the_request(engine: Engine) -> None:
    slots = {**FILLED, "open_questions": ["how much is it?"]}
    said, _, _ = await run(ValidateAppointmentForm(), tracker("yes", "affirm", slots))
    (message,) = rows(engine, StaffMessage)
    assert said == ["utter_request_stored", "utter_questions_sent"]
    assert (message.text, message.phone) == ("how much is it?", "+13125550176")


async def test_when_the_database_is_away_nothing_is_called_stored_and_a_later_yes_stores_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = make_engine(f"sqlite:///{tmp_path / 'missing' / 'folder.sqlite3'}")
    working = storing.engine
    monkeypatch.setattr(storing, "engine", lambda: broken)
    with caplog.at_level(logging.DEBUG):
        said, slots, _ = await run(ValidateAppointmentForm(), tracker("yes", "affirm", FILLED))
    assert said == ["utter_not_stored"]
    assert slots["requested_slot"] == "confirmation"
    assert "OperationalError" in caplog.text
    assert "Lindqvist" not in caplog.text
    assert "5550176" not in caplog.text
    monkeypatch.setattr(storing, "engine", working)
    said, _, _ = await run(ValidateAppointmentForm(), tracker("yes", "affirm", {**FILLED, **slots}))
    assert said == ["utter_request_stored"]
    assert len(rows(engine, AppointmentRequest)) == 1


def then_lost(work: Callable[..., Any]) -> Callable[..., Any]:
    """Do the work, and lose the connection before its answer comes (tests/clinic/test_database.py has it for real)."""

    def done_but_unknown(*given: Any) -> None:
        work(*given)
        raise OperationalError("COMMIT", None, Exception("server closed the connection"), connection_invalidated=True)

    return done_but_unknown


async def test_what_may_have_been_stored_is_not_called_lost_and_a_later_yes_finds_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The action fails, so the bot says that it may not have got through, and the form waits."""
    slots = {"offer": "staff_message", "topic": "uncovered/cost_insurance", "message_text": "how much is it?"}
    message = tracker("yes, Dana Wells, 312 555 0100", "affirm", slots, "staff_message_form")
    for store, action, given, after in (
        (
            "store_appointment_request",
            ValidateAppointmentForm(),
            tracker("yes", "affirm", FILLED),
            "utter_request_already_stored",
        ),
        ("store_staff_message", ValidateStaffMessageForm(), message, "utter_staff_message_stored"),
    ):
        with monkeypatch.context() as lost:
            lost.setattr(storing, store, then_lost(getattr(storing, store)))
            with pytest.raises(OperationalError):
                await run(action, given)
        said, _, _ = await run(action, given)
        assert said == [after]
    assert len(rows(engine, AppointmentRequest)) == 1
    assert len(rows(engine, StaffMessage)) == 1


def refused(*_given: Any) -> None:
    raise OperationalError("SELECT", None, Exception("too many clients already"))


async def test_what_may_have_been_stored_before_is_not_called_lost_when_the_next_try_fails(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    yes = tracker("yes", "affirm", FILLED)
    with monkeypatch.context() as lost:
        lost.setattr(storing, "store_appointment_request", then_lost(storing.store_appointment_request))
        with pytest.raises(OperationalError):
            await run(ValidateAppointmentForm(), yes)
    for _ in range(2):
        with monkeypatch.context() as down:
            down.setattr(storing, "store_appointment_request", refused)
            with pytest.raises(OperationalError):
                await run(ValidateAppointmentForm(), yes)
    assert (await run(ValidateAppointmentForm(), yes))[0] == ["utter_request_already_stored"]
    assert len(rows(engine, AppointmentRequest)) == 1


async def test_tries_that_failed_for_certain_leave_no_doubt(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "store_appointment_request", refused)
    for _ in range(2):
        assert (await run(ValidateAppointmentForm(), tracker("yes", "affirm", FILLED)))[0] == ["utter_not_stored"]


async def test_every_form_turn_sets_a_slot_so_that_rasa_does_not_reject_it(engine: Engine) -> None:
    slots = {"requested_slot": "contact_name", "request_key": "key"}
    _, changed, _ = await run(ValidateAppointmentForm(), tracker("is it dear?", "uncovered/cost_insurance", slots))
    assert set(changed) - {"requested_slot"}


async def test_an_emergency_in_a_form_is_flagged_and_told_and_ends_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety_flags, "notice_targets", lambda: ("email", "webhook"))
    given = tracker("I can't breathe", "safety/emergency", {"requested_slot": "contact", "request_key": "key"})
    said, slots, _ = await run(ValidateAppointmentForm(), given)
    (flag,) = rows(engine, Flag)
    assert said == ["utter_safety/emergency"]
    assert (flag.label, flag.turn_id) == ("safety/emergency", "turn-1")
    told = {(notice.kind, notice.subject_id, notice.target) for notice in rows(engine, Notice)}
    assert told == {("safety/emergency", flag.id, "email"), ("safety/emergency", flag.id, "webhook")}
    assert slots["requested_slot"] is None


async def test_a_message_for_the_staff_is_stored_as_soon_as_they_can_answer(engine: Engine) -> None:
    slots = {
        "offer": "staff_message",
        "topic": "uncovered/cost_insurance",
        "message_text": "how much is it?",
    }
    given = tracker("yes, Dana Wells, 312 555 0100", "affirm", slots, "staff_message_form")
    said, _, _ = await run(ValidateStaffMessageForm(), given)
    (message,) = rows(engine, StaffMessage)
    assert said == ["utter_staff_message_stored"]
    assert (message.topic, message.text) == ("uncovered/cost_insurance", "how much is it?")
    assert (message.contact_name, message.phone) == ("Dana Wells", "+13125550100")


async def test_a_spanish_call_back_is_stored_as_such(engine: Engine) -> None:
    slots = {"offer": "staff_message", "topic": "call_back", "message_text": "quitar milias", "language": "es"}
    given = tracker("Marisol Vega, 773-555-0128", "inform", slots, "staff_message_form")
    said, _, _ = await run(ValidateStaffMessageForm(), given)
    (message,) = rows(engine, StaffMessage)
    assert said == ["utter_staff_message_stored_spanish"]
    assert (message.language, message.phone) == ("es", "+17735550128")


async def test_what_was_corrected_after_a_lost_reply_reaches_the_stored_request(engine: Engine) -> None:
    """The first yes was committed, its reply lost: the visitor was told that nothing was stored, and corrects."""
    await run(ValidateAppointmentForm(), tracker("yes", "affirm", FILLED))
    corrected = {**FILLED, "preferred_time": "Friday around noon, or Monday", "phone": "", "email": "g@example.com"}
    said, slots, _ = await run(ValidateAppointmentForm(), tracker("yes", "affirm", corrected))
    assert said == ["utter_request_changed"]
    (row,) = rows(engine, AppointmentRequest)
    assert (row.preferred_time, row.phone, row.email) == ("Friday around noon, or Monday", None, "g@example.com")
    assert row.version == 2
    assert slots["requested_slot"] is None
