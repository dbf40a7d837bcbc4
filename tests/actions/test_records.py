"""What was confirmed is done to the records first and said afterwards; a fault is said as one and changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from actions import records
from actions.form_turn import Effect, Step
from actions.memory import CHANGE, ERASURE, JUST_STORED, STAFF_MESSAGE, WITHDRAWAL, Memory
from actions.turn import Turn
from clinic.appointment_requests import (
    AppointmentRequest,
    NewAppointmentRequest,
    StoredAppointmentRequest,
    store_appointment_request,
)
from clinic.database import make_engine, transaction
from clinic.erasures import Erasure
from clinic.migrate import migrate
from clinic.staff_messages import NewStaffMessage, StaffMessage, store_staff_message

MakeTurn = Callable[..., Turn]
KNOWN = Memory(contact_name="Dana Fox", phone="+13125550142")
REQUEST = NewAppointmentRequest(
    "conversation-1:k", "conversation-1", "web", "Dana Fox", "+13125550142", None, "friday", None
)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'clinic.sqlite3'}")
    migrate(made)
    monkeypatch.setattr(records, "engine", lambda: made)
    yield made
    made.dispose()


@pytest.fixture
def stored(engine: Engine) -> StoredAppointmentRequest:
    return store_appointment_request(engine, REQUEST)


def rows(engine: Engine, table: type) -> list:
    with transaction(engine) as session:
        return list(session.execute(select(table)).scalars())


def responses(step: Step) -> list[str]:
    return [reply.response for reply in step.replies]


def changing(stored: StoredAppointmentRequest) -> Step:
    pending = (("phone", "+13125550199"),)
    memory = replace(KNOWN, offer=CHANGE, target_request=stored.id, pending_change=pending)
    return Step(memory, effect=Effect.CHANGE)


def test_a_confirmed_change_is_stored_and_remembered(
    engine: Engine, stored: StoredAppointmentRequest, turn: MakeTurn
) -> None:
    step = records.perform(changing(stored), turn("yes", "affirm"))
    assert responses(step) == ["utter_request_changed"]
    assert rows(engine, AppointmentRequest)[0].phone == "+13125550199"
    assert (step.memory.phone, step.memory.offer) == ("+13125550199", JUST_STORED)


def test_a_confirmed_withdrawal_is_stored(engine: Engine, stored: StoredAppointmentRequest, turn: MakeTurn) -> None:
    memory = replace(KNOWN, offer=WITHDRAWAL, target_request=stored.id)
    step = records.perform(Step(memory, effect=Effect.WITHDRAW), turn("yes", "affirm"))
    assert responses(step) == ["utter_request_withdrawn"]
    assert rows(engine, AppointmentRequest)[0].status == "withdrawn"
    assert step.memory.offer is None


@pytest.mark.parametrize(
    ("topics", "left"),
    [
        (("open_question",), "question"),
        (("open_question", "uncovered/cost_insurance"), "questions"),
        (("talk_to_human",), "message"),
        (("open_question", "addition"), "messages"),
    ],
)
def test_who_takes_a_request_back_is_told_what_the_staff_still_have(
    engine: Engine, stored: StoredAppointmentRequest, turn: MakeTurn, topics: tuple[str, ...], left: str
) -> None:
    for topic in topics:
        store_staff_message(engine, NewStaffMessage(topic, "conversation-1", "web", topic, text=topic))
    store_staff_message(engine, NewStaffMessage("other", "conversation-2", "web", "talk_to_human", text="other"))
    memory = replace(KNOWN, offer=WITHDRAWAL, target_request=stored.id)
    step = records.perform(Step(memory, effect=Effect.WITHDRAW), turn("yes", "affirm"))
    assert responses(step) == ["utter_request_withdrawn", "utter_message_stays"]
    assert step.replies[-1].variables == {"left_shown": left}
    assert {row.status for row in rows(engine, StaffMessage)} == {"open"}


def test_a_message_that_the_staff_closed_is_not_said_to_be_with_them(
    engine: Engine, stored: StoredAppointmentRequest, turn: MakeTurn
) -> None:
    store_staff_message(engine, NewStaffMessage("k", "conversation-1", "web", "open_question", text="how much"))
    with transaction(engine) as session:
        session.execute(update(StaffMessage).values(status="closed"))
    memory = replace(KNOWN, offer=WITHDRAWAL, target_request=stored.id)
    step = records.perform(Step(memory, effect=Effect.WITHDRAW), turn("yes", "affirm"))
    assert responses(step) == ["utter_request_withdrawn"]


def test_a_request_that_the_staff_took_meanwhile_goes_to_them_as_a_wish(
    engine: Engine, stored: StoredAppointmentRequest, turn: MakeTurn
) -> None:
    with transaction(engine) as session:
        session.get(AppointmentRequest, stored.id).status = "contacted"
    step = records.perform(changing(stored), turn("yes", "affirm"))
    assert responses(step) == ["utter_not_changeable"]
    assert step.memory.offer == STAFF_MESSAGE
    assert "(312) 555-0199" in (step.memory.message_text or "")


def test_erasing_says_the_receipt_and_marks_the_utterance(
    engine: Engine, stored: StoredAppointmentRequest, turn: MakeTurn
) -> None:
    step = records.perform(Step(replace(KNOWN, offer=ERASURE), effect=Effect.ERASE), turn("yes", "affirm"))
    (erasure,) = rows(engine, Erasure)
    assert step.replies[0].variables["receipt"] == erasure.receipt
    assert step.replies[0].variables["conversation_erased"]
    assert step.memory == Memory()
    assert rows(engine, AppointmentRequest) == []


@pytest.mark.parametrize(
    ("effect", "response"),
    [
        (Effect.CHANGE, "utter_request_not_changed"),
        (Effect.WITHDRAW, "utter_request_not_changed"),
        (Effect.ERASE, "utter_not_erased"),
    ],
)
def test_a_fault_is_said_and_the_same_yes_can_be_said_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    turn: MakeTurn,
    caplog: pytest.LogCaptureFixture,
    effect: Effect,
    response: str,
) -> None:
    broken = make_engine(f"sqlite:///{tmp_path / 'missing' / 'folder.sqlite3'}")
    monkeypatch.setattr(records, "engine", lambda: broken)
    memory = replace(KNOWN, offer=CHANGE, target_request="request-1", pending_change=(("phone", "+13125550199"),))
    step = records.perform(Step(memory, effect=effect), turn("yes", "affirm"))
    assert responses(step) == [response]
    assert step.memory == memory
    assert "OperationalError" in caplog.text
    assert "5550199" not in caplog.text


@pytest.mark.parametrize("effect", [Effect.CHANGE, Effect.WITHDRAW, Effect.ERASE])
def test_what_may_have_been_done_is_not_called_undone(
    stored: StoredAppointmentRequest, monkeypatch: pytest.MonkeyPatch, turn: MakeTurn, effect: Effect
) -> None:
    """The fault ends the action, so the bot says that it may not have got through."""

    def lost(_memory: Memory, _turn: Turn) -> Step:
        raise OperationalError("COMMIT", None, Exception("server closed the connection"), connection_invalidated=True)

    def refused(_memory: Memory, _turn: Turn) -> Step:
        raise OperationalError("SELECT", None, Exception("too many clients already"))

    monkeypatch.setitem(records._DOING, effect, lost)
    with pytest.raises(OperationalError):
        records.perform(replace(changing(stored), effect=effect), turn("yes", "affirm"))
    # The next yes fails for certain, and the first may have been heard all the same.
    monkeypatch.setitem(records._DOING, effect, refused)
    with pytest.raises(OperationalError):
        records.perform(replace(changing(stored), effect=effect), turn("yes", "affirm"))
