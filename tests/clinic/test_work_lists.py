"""Lists of requests and messages: filtered, counted, searched, and in pages that stay whole while others work."""

import uuid
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from clinic.appointment_requests import AppointmentRequest
from clinic.database import transaction
from clinic.message_work import MESSAGES
from clinic.request_work import REQUESTS
from clinic.staff_work import change_work
from clinic.work_lists import (
    PAGE_SIZE,
    Place,
    WorkFilters,
    all_work,
    count_statuses,
    list_work,
    search_work,
)
from tests.clinic.stored_work import store_message, store_request, values
from tests.clinic.test_requests_and_messages import REQUEST

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
EVERYTHING = WorkFilters()


def set_status(engine: Engine, request_id: str, status: str, assignee: str | None = None) -> None:
    change_work(engine, REQUESTS, request_id, expected_version=1, values=values(status, assignee), changed_by="maria")


def store_many(engine: Engine, count: int) -> list[str]:
    """Three came in each minute."""
    made = {str(uuid.UUID(int=number)): NOON + timedelta(minutes=number // 3) for number in range(count)}
    with transaction(engine) as session:
        session.bulk_insert_mappings(
            AppointmentRequest,
            [
                {**vars(REQUEST), "idempotency_key": row_id, "id": row_id, "created_at": came, "updated_at": came}
                for row_id, came in made.items()
            ],
        )
    return list(made)


def ids(engine: Engine, filters: WorkFilters = EVERYTHING, **how: object) -> list[str]:
    return [item.id for item in list_work(engine, REQUESTS, filters, **how).items]  # type: ignore[arg-type]


def test_each_filter_lets_through_what_it_names(engine: Engine) -> None:
    opened = store_request(engine, 1, NOON)
    hers = store_request(engine, 2, NOON - timedelta(days=2), channel="sms")
    done = store_request(engine, 3, NOON - timedelta(days=9))
    set_status(engine, hers, "contacted", "maria")
    set_status(engine, done, "closed")
    assert ids(engine) == [done, hers, opened]
    assert ids(engine, newest_first=True) == [opened, hers, done]
    assert ids(engine, WorkFilters(statuses=("open", "contacted"))) == [hers, opened]
    assert ids(engine, WorkFilters(assignee="maria")) == [hers]
    assert ids(engine, WorkFilters(unassigned=True)) == [done, opened]
    assert ids(engine, WorkFilters(channel="sms")) == [hers]
    assert ids(engine, WorkFilters(came_from=NOON - timedelta(days=2))) == [hers, opened]
    assert ids(engine, WorkFilters(came_until=NOON - timedelta(days=2))) == [done]
    assert ids(engine, WorkFilters(statuses=("open",), channel="sms")) == []
    assert [item.id for item in all_work(engine, REQUESTS, WorkFilters(unassigned=True))] == [done, opened]


def test_urgent_messages_are_found_among_the_others(engine: Engine) -> None:
    store_message(engine, 1)
    urgent = store_message(engine, 2, urgency="urgent", text="blood everywhere")
    (found,) = list_work(engine, MESSAGES, WorkFilters(urgency="urgent")).items
    assert (found.id, found.text) == (urgent, "blood everywhere")


def test_counts_are_by_status_under_the_other_filters(engine: Engine) -> None:
    for number in range(3):
        store_request(engine, number)
    set_status(engine, store_request(engine, 4), "booked", "maria")
    assert count_statuses(engine, REQUESTS, WorkFilters(statuses=("booked",))) == {
        "open": 3,
        "contacted": 0,
        "booked": 1,
        "closed": 0,
        "withdrawn": 0,
    }
    assert count_statuses(engine, REQUESTS, WorkFilters(assignee="maria"))["open"] == 0


def test_pages_hold_every_row_once_also_of_one_moment(engine: Engine) -> None:
    stored = store_many(engine, 2 * PAGE_SIZE + 7)
    for newest_first in (False, True):
        seen = seen_in_pages(engine, newest_first)
        assert len(seen) == len(stored)
        assert set(seen) == set(stored)


def seen_in_pages(engine: Engine, newest_first: bool) -> list[str]:
    seen: list[str] = []
    after, pages = None, 0
    while after is not None or not pages:
        page = list_work(engine, REQUESTS, WorkFilters(), newest_first=newest_first, after=after)
        after = Place.parse(str(page.following)) if page.following else None
        seen += [item.id for item in page.items]
        pages += 1
    assert pages == 3
    return seen


def test_the_next_page_skips_nothing_when_the_first_is_worked_off_and_repeats_nothing_when_more_come(
    engine: Engine,
) -> None:
    store_many(engine, PAGE_SIZE + 5)
    waiting = WorkFilters(statuses=("open",))
    first = list_work(engine, REQUESTS, waiting)
    for item in first.items[:10]:
        set_status(engine, item.id, "closed")
    store_request(engine, 1_000, NOON - timedelta(days=1))
    second = list_work(engine, REQUESTS, waiting, after=first.following)
    assert len(second.items) == 5
    assert not {item.id for item in first.items} & {item.id for item in second.items}


@pytest.mark.parametrize("text", ["", "7", "x_y", "20261123T120000.000000", "20261123T120000.000000_' OR 1=1"])
def test_what_is_no_place_in_a_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Place.parse(text)


def test_a_person_is_found_by_what_the_front_desk_has_of_them(engine: Engine) -> None:
    store_request(engine, 1, reason="friday")
    hers = store_request(
        engine,
        2,
        contact_name="Inés Álvarez",
        patient_name="Leo",
        phone="+13125550142",
        email="ines@example.com",
    )
    theirs = (
        "alvarez",
        "ÁLVAREZ",
        "Álvarez inés",
        "ines@example.com",
        "312 555 0142",
        "(312) 555-0142",
        "0142",
        "leo alv",
    )
    for words in theirs:
        assert [item.id for item in search_work(engine, REQUESTS, words).items] == [hers], words
    for words in ("", "   ", "%", "_", "zelda", "12", "friday", "' OR 1=1 --", "\x00"):
        assert search_work(engine, REQUESTS, words).items == (), words


def test_messages_without_any_name_are_no_hindrance_to_a_search(engine: Engine) -> None:
    store_message(engine, 1)
    named = store_message(engine, 2, contact_name="Dana Fox", phone="+13125550142")
    assert [item.id for item in search_work(engine, MESSAGES, "fox 0142").items] == [named]


def test_a_search_goes_on_where_its_page_ended(engine: Engine) -> None:
    store_many(engine, PAGE_SIZE + 3)
    first = search_work(engine, REQUESTS, "grace")
    second = search_work(engine, REQUESTS, "grace", after=first.following)
    assert (len(first.items), len(second.items), second.following) == (PAGE_SIZE, 3, None)
    assert not {item.id for item in first.items} & {item.id for item in second.items}
    moments = [item.created_at for item in (*first.items, *second.items)]
    assert moments == sorted(moments, reverse=True)


def test_more_rows_take_no_more_statements(engine: Engine) -> None:
    def statements() -> int:
        seen: list[str] = []
        listener = lambda _c, _cur, statement, *_rest: seen.append(statement)  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        list_work(engine, REQUESTS, WorkFilters(statuses=("open",)))
        count_statuses(engine, REQUESTS, WorkFilters())
        search_work(engine, REQUESTS, "grace")
        event.remove(engine, "before_cursor_execute", listener)
        return len([statement for statement in seen if statement.startswith("SELECT")])

    store_request(engine, 1_000)
    few = statements()
    store_many(engine, 60)
    assert few == statements() == 4
