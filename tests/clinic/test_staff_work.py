"""The staff work requests and messages: nobody's change is lost, nothing is said that did not happen."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from clinic import appointment_requests, clock, staff_work
from clinic.appointment_requests import (
    AppointmentRequest,
    NotChangeableError,
    change_request,
    withdraw_request,
)
from clinic.database import transaction
from clinic.erasures import erase_records
from clinic.message_work import MESSAGES
from clinic.request_changes import MessageChange, RequestChange
from clinic.request_work import REQUESTS, RequestInWork
from clinic.staff_messages import StaffMessage
from clinic.staff_work import (
    LONGEST_NOTE,
    ChangedMeanwhileError,
    GoneError,
    RefusedChangeError,
    WorkKind,
    WorkValues,
    change_work,
    find_work,
)
from clinic.work_history import ChangedValue
from tests.clinic.stored_work import store_message, store_request, values, write_together

EIGHT = datetime(2026, 11, 23, 8, tzinfo=timezone.utc)


def save(engine: Engine, request_id: str, version: int, wanted: WorkValues, by: str = "maria") -> RequestInWork:
    return change_work(engine, REQUESTS, request_id, expected_version=version, values=wanted, changed_by=by)


def history(engine: Engine, kind: WorkKind, subject_id: str) -> list[tuple]:
    return [
        (step.version, step.change, step.changed_by, step.values)
        for step in find_work(engine, kind, subject_id).history
    ]


def test_what_the_staff_set_is_stored_with_who_did_it_and_what_was_before(engine: Engine) -> None:
    request_id = store_request(engine)
    saved = save(engine, request_id, 1, values("contacted", "maria", "called, no answer"))
    assert (saved.status, saved.assignee, saved.note, saved.version) == (
        "contacted",
        "maria",
        "called, no answer",
        2,
    )
    assert find_work(engine, REQUESTS, request_id).item == saved
    assert history(engine, REQUESTS, request_id) == [
        (1, "created", "visitor", ()),
        (
            2,
            "worked",
            "maria",
            (
                ChangedValue("status", "open", "contacted"),
                ChangedValue("assignee", None, "maria"),
                ChangedValue("note", None, "called, no answer"),
            ),
        ),
    ]


def test_the_history_tells_what_each_step_made_of_it_the_visitors_steps_too(engine: Engine) -> None:
    request_id = store_request(engine)
    change_request(engine, "conversation-1", request_id, {"preferred_time": "monday"})
    save(engine, request_id, 2, values("contacted"))
    save(engine, request_id, 3, values("booked"), by="ana")
    told = [
        (by, value) for _version, _change, by, changed in history(engine, REQUESTS, request_id) for value in changed
    ]
    assert told == [
        ("visitor", ChangedValue("preferred_time", "Friday around noon", "monday")),
        ("maria", ChangedValue("status", "open", "contacted")),
        ("ana", ChangedValue("status", "contacted", "booked")),
    ]


def test_the_same_values_again_add_no_step(engine: Engine) -> None:
    """A double click sends the form twice, the second time with a version that is gone."""
    request_id = store_request(engine)
    wanted = values("contacted", "maria", "called")
    first, second = (save(engine, request_id, 1, wanted) for _ in range(2))
    assert first == second
    assert len(history(engine, REQUESTS, request_id)) == 2


def test_who_is_late_changes_nothing_and_sees_what_the_other_did(engine: Engine) -> None:
    request_id = store_request(engine)
    save(engine, request_id, 1, values("contacted", "maria", "rang at nine"))
    with pytest.raises(ChangedMeanwhileError) as caught:
        save(engine, request_id, 1, values("closed", "ana", "mine"), by="ana")
    assert caught.value.present.item.note == "rang at nine"
    assert [(step.changed_by, step.version) for step in caught.value.since] == [("maria", 2)]
    assert find_work(engine, REQUESTS, request_id).item.status == "contacted"


def test_a_visitors_change_that_the_staff_have_not_seen_is_not_overlooked(engine: Engine) -> None:
    request_id = store_request(engine)
    change_request(engine, "conversation-1", request_id, {"phone": "+13125550199"})
    with pytest.raises(ChangedMeanwhileError) as caught:
        save(engine, request_id, 1, values("contacted"))
    (step,) = caught.value.since
    assert (step.changed_by, step.values) == ("visitor", (ChangedValue("phone", "+13125550176", "+13125550199"),))


def test_of_many_who_save_at_once_one_is_first_and_each_other_sees_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = store_request(engine)
    names = ("ana", "ben", "cleo", "dan")
    write_together(monkeypatch, len(names))

    def work(name: str) -> str | ChangedMeanwhileError:
        try:
            return save(engine, request_id, 1, values("contacted", name, f"note of {name}"), by=name).assignee or ""
        except ChangedMeanwhileError as error:
            return error

    with ThreadPoolExecutor(len(names)) as pool:
        results = list(pool.map(work, names))
    (winner,) = [result for result in results if isinstance(result, str)]
    late = [result for result in results if isinstance(result, ChangedMeanwhileError)]
    assert [error.present.item.assignee for error in late] == [winner] * 3
    assert [step.changed_by for error in late for step in error.since] == [winner] * 3
    assert [by for _version, _change, by, _values in history(engine, REQUESTS, request_id)] == ["visitor", winner]


def test_a_visitor_who_takes_it_back_between_reading_and_writing_is_not_overruled(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = store_request(engine)
    really = staff_work._update

    def update_late(*arguments: Any) -> bool:
        withdraw_request(engine, "conversation-1", request_id)
        return really(*arguments)

    monkeypatch.setattr(staff_work, "_update", update_late)
    with pytest.raises(ChangedMeanwhileError) as caught:
        save(engine, request_id, 1, values("booked"))
    assert [step.change for step in caught.value.since] == ["withdrawn"]
    assert find_work(engine, REQUESTS, request_id).item.status == "withdrawn"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_visitor_who_read_before_the_staff_saved_changes_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL locks the row that the visitor's change has read; SQLite has the unique version of each step."""
    request_id = store_request(engine)
    really = appointment_requests._step

    def step_late(*arguments: Any) -> None:
        save(engine, request_id, 1, values("contacted"))
        really(*arguments)

    monkeypatch.setattr(appointment_requests, "_step", step_late)
    with pytest.raises(IntegrityError):
        change_request(engine, "conversation-1", request_id, {"preferred_time": "monday"})
    item = find_work(engine, REQUESTS, request_id).item
    assert (item.status, item.preferred_time, item.version) == ("contacted", "Friday around noon", 2)


def test_the_first_contact_is_kept_whatever_comes_later(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (first, later) in enumerate((("contacted", "booked"), ("booked", "contacted"), ("booked", "open"))):
        request_id = store_request(engine, number)
        monkeypatch.setattr(clock, "now", lambda: EIGHT)
        save(engine, request_id, 1, values(first))
        monkeypatch.setattr(clock, "now", lambda: EIGHT + timedelta(hours=1))
        saved = save(engine, request_id, 2, values(later))
        assert saved.first_contact_at is not None
        assert clock.in_utc(saved.first_contact_at) == EIGHT


def test_what_is_no_contact_sets_no_first_contact(engine: Engine) -> None:
    request_id = store_request(engine)
    assert save(engine, request_id, 1, values("open", "maria", "will ring at noon")).first_contact_at is None
    assert save(engine, request_id, 2, values("closed")).first_contact_at is None


def test_the_staff_may_correct_any_status_of_their_own(engine: Engine) -> None:
    request_id = store_request(engine)
    version = 1
    for status in ("closed", "open", "booked", "contacted", "closed", "booked", "open"):
        saved = save(engine, request_id, version, values(status))
        assert (saved.status, saved.version) == (status, version + 1)
        version = saved.version


def test_what_the_visitor_took_back_can_only_be_closed(engine: Engine) -> None:
    request_id = store_request(engine)
    withdraw_request(engine, "conversation-1", request_id)
    for status in ("open", "contacted", "booked", "somewhere"):
        with pytest.raises(RefusedChangeError, match="withdrawn or closed"):
            save(engine, request_id, 2, values(status))
    assert save(engine, request_id, 2, values("closed")).status == "closed"


def test_what_was_taken_back_and_closed_by_mistake_becomes_taken_back_again_and_never_open(engine: Engine) -> None:
    request_id = store_request(engine)
    withdraw_request(engine, "conversation-1", request_id)
    save(engine, request_id, 2, values("closed"))
    assert find_work(engine, REQUESTS, request_id).may_become == ("withdrawn", "closed")
    with pytest.raises(RefusedChangeError):
        save(engine, request_id, 3, values("open"))
    assert save(engine, request_id, 3, values("withdrawn")).status == "withdrawn"


def test_the_staff_do_not_take_back_for_the_visitor(engine: Engine) -> None:
    request_id = store_request(engine)
    with pytest.raises(RefusedChangeError):
        save(engine, request_id, 1, values("withdrawn"))


def test_a_request_that_the_staff_took_up_is_no_longer_the_visitors_to_change(engine: Engine) -> None:
    request_id = store_request(engine)
    for version, status in enumerate(("contacted", "booked", "closed"), start=1):
        save(engine, request_id, version, values(status))
        with pytest.raises(NotChangeableError):
            change_request(engine, "conversation-1", request_id, {"preferred_time": "monday"})
        with pytest.raises(NotChangeableError):
            withdraw_request(engine, "conversation-1", request_id)
    save(engine, request_id, 4, values("open"))
    assert change_request(engine, "conversation-1", request_id, {"preferred_time": "monday"}).version == 6


def test_a_note_that_is_too_long_is_refused_as_a_whole(engine: Engine) -> None:
    request_id = store_request(engine)
    with pytest.raises(RefusedChangeError, match="4,000 characters"):
        save(engine, request_id, 1, values("contacted", note="n" * (LONGEST_NOTE + 1)))
    assert find_work(engine, REQUESTS, request_id).item.version == 1
    assert save(engine, request_id, 1, values(note="n" * LONGEST_NOTE)).version == 2


def test_a_note_keeps_its_lines_and_loses_what_no_database_takes(engine: Engine) -> None:
    request_id = store_request(engine)
    assert save(engine, request_id, 1, values(note="  one\r\ntwo\x00\x1b\ttab\r\n ")).note == "one\ntwo\ttab"
    assert save(engine, request_id, 2, values(note=" \r\n ")).note is None


def test_messages_are_worked_the_same_way_and_are_never_booked(engine: Engine) -> None:
    message_id = store_message(engine)
    saved = change_work(
        engine, MESSAGES, message_id, expected_version=1, values=values("contacted", "maria"), changed_by="maria"
    )
    assert (saved.status, saved.assignee, saved.version) == ("contacted", "maria", 2)
    assert saved.first_contact_at is not None
    assert [by for _version, _change, by, _values in history(engine, MESSAGES, message_id)] == ["maria"]
    with pytest.raises(RefusedChangeError, match="open or contacted or closed"):
        change_work(engine, MESSAGES, message_id, expected_version=2, values=values("booked"), changed_by="maria")


def test_what_is_not_there_cannot_be_worked(engine: Engine) -> None:
    with pytest.raises(GoneError):
        find_work(engine, REQUESTS, "no-such-id")
    with pytest.raises(GoneError):
        save(engine, "no-such-id", 1, values("contacted"))


def test_erasing_takes_the_staffs_notes_and_their_history_along(engine: Engine) -> None:
    request_id = store_request(engine)
    message_id = store_message(engine)
    others = store_request(engine, 2)
    save(engine, request_id, 1, values("contacted", "maria", "CANARY one"))
    save(engine, request_id, 2, values("contacted", "maria", "CANARY two"))
    save(engine, others, 1, values("contacted", "maria"))
    for version, note in ((1, "CANARY three"), (2, "CANARY four")):
        change_work(
            engine, MESSAGES, message_id, expected_version=version, values=values(note=note), changed_by="maria"
        )
    erase_records(engine, "conversation-1", "web")
    with transaction(engine) as session:
        left = [session.execute(select(table)).scalars().all() for table in (RequestChange, MessageChange)]
        assert session.execute(select(StaffMessage)).first() is None
        (request,) = session.execute(select(AppointmentRequest)).scalars()
    assert [change.request_id for change in left[0]] == [others, others]
    assert left[1] == []
    assert request.id == others
    with pytest.raises(GoneError):
        save(engine, request_id, 3, values("booked"))


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_note_saved_while_its_request_is_erased_leaves_no_history_behind(engine: Engine) -> None:
    """PostgreSQL lets both transactions begin; SQLite has one writer at a time."""
    request_id = store_request(engine)
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as session:
            row = session.get(AppointmentRequest, request_id)
            row.version = 2
            row.note = "CANARY"
            REQUESTS.add_change(
                session, request_id, version=2, change="worked", changed_by="maria", values_before={"note": "CANARY"}
            )
            session.flush()
            erasing = pool.submit(erase_records, engine, "conversation-1", "web")
            while not _is_waiting_for_a_lock(engine):
                assert not wait([erasing], timeout=0.02).done
        erasing.result()
    with transaction(engine) as session:
        assert session.execute(select(AppointmentRequest)).first() is None
        assert session.execute(select(RequestChange)).first() is None


def _is_waiting_for_a_lock(engine: Engine) -> bool:
    schema = "current_schema()"
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = pg_locks.relation "
        f"JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace WHERE nspname = {schema} AND pid IN "
        "(SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock')"
    )
    with engine.connect() as connection:
        return bool(connection.execute(waiting).scalar())
