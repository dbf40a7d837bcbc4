"""The lists of requests and messages: what their filters, pages and search show."""

import html
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.appointment_requests import withdraw_request
from clinic.work_lists import PAGE_SIZE
from tests.clinic.stored_work import store_message, store_request
from tests.console.conftest import NewClient, add_account
from tests.console.work_rows import audited, typed


def names(page: httpx.Response) -> list[str]:
    """The headings of the rows, in their order."""
    assert page.status_code == 200
    return [
        html.unescape(name) for name in re.findall(r'<a class="touch" href="/\w+/[0-9a-f-]{36}">([^<]*)</a>', page.text)
    ]


def tabs(page: httpx.Response) -> dict[str, int]:
    return {title: int(count) for title, count in re.findall(r">([A-Z][a-z ]+) \((\d+)\)</a>", page.text)}


@pytest.fixture
def worked(console: NewClient, engine: Engine) -> None:
    """Five requests in all statuses, the oldest first."""
    client = console("scheduler", name="maria")
    now = clock.now()
    for number, status in enumerate(("open", "contacted", "booked", "closed", "withdrawn"), start=1):
        came = now - timedelta(days=5.5 - number)
        channel = "sms" if status == "open" else "web"
        row_id = store_request(engine, number, came, contact_name=f"Person {status}", channel=channel)
        if status == "withdrawn":
            withdraw_request(engine, f"conversation-{number}", row_id)
        elif status != "open":
            client.post(f"/requests/{row_id}", typed(status=status, assignee="maria"))


@pytest.mark.usefixtures("worked")
def test_the_list_begins_with_what_is_to_do_the_longest_waiting_first(console: NewClient) -> None:
    page = console("scheduler", name="ana").get("/requests")
    assert names(page) == ["Person open", "Person contacted", "Person withdrawn"]
    assert tabs(page) == {
        "To do": 3, "Open": 1, "Contacted": 1, "Booked": 1, "Closed": 1, "Withdrawn": 1, "All": 5,
    }  # fmt: skip
    assert not re.search(r"555\D{0,2}01\d\d", page.text), (
        "contact details are on the pages of single requests, where each look is recorded"
    )


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status=booked", ["booked"]),
        ("status=all&order=newest", ["withdrawn", "closed", "booked", "contacted", "open"]),
        ("status=all&assignee=@maria", ["contacted", "booked", "closed"]),
        ("status=all&assignee=nobody", ["open", "withdrawn"]),
        ("status=all&channel=sms", ["open"]),
        ("status=all&age=day", ["withdrawn"]),
        ("status=all&age=over-day", ["open", "contacted", "booked", "closed"]),
        ("assignee=me", []),
    ],
)
def test_each_filter_shows_what_it_says(console: NewClient, query: str, shown: list[str]) -> None:
    assert names(console("scheduler", name="ana").get(f"/requests?{query}")) == [f"Person {status}" for status in shown]


@pytest.mark.usefixtures("worked")
def test_the_counts_and_links_keep_the_other_filters(console: NewClient) -> None:
    page = console("scheduler", name="maria").get("/requests?assignee=me&order=newest")
    assert names(page) == ["Person contacted"]
    assert tabs(page) == {
        "To do": 1, "Open": 0, "Contacted": 1, "Booked": 1, "Closed": 1, "Withdrawn": 0, "All": 3,
    }  # fmt: skip
    assert 'href="/requests?status=booked&amp;assignee=me&amp;order=newest"' in page.text


@pytest.mark.parametrize(
    "query", ["status=gone", "assignee=@ghost", "channel=fax", "age=1", "order=x", "after=7", "urgency=<b>"]
)
def test_what_no_page_offers_is_refused(console: NewClient, query: str) -> None:
    assert console("scheduler").get(f"/requests?{query}").status_code == 400


def test_pages_go_on_where_they_ended(console: NewClient, engine: Engine) -> None:
    for number in range(PAGE_SIZE + 2):
        store_request(engine, number, contact_name=f"Person {number:02}", channel="sms")
    client = console("scheduler")
    first = client.get("/requests?channel=sms")
    following = html.unescape(re.findall(r'href="([^"]+)" rel="next"', first.text)[0])
    assert "channel=sms" in following
    second = client.get(following)
    assert names(first) + names(second) == [f"Person {number:02}" for number in range(PAGE_SIZE + 2)]
    assert 'rel="next"' not in second.text
    assert 'href="/requests?channel=sms" rel="first"' in second.text


def test_a_person_is_found_whatever_the_status_and_the_words_stay_out_of_addresses(
    console: NewClient, engine: Engine
) -> None:
    row_id = store_request(engine, 1, contact_name="Inés Álvarez", phone="+13125550142")
    store_request(engine, 2, contact_name="Dana Fox")
    client = console("scheduler")
    client.post(f"/requests/{row_id}", typed(status="closed"))
    for words in ("alvarez", " INES ", "(312) 555-0142"):
        found = client.post("/requests", {"words": words})
        assert names(found) == ["Inés Álvarez"]
        assert "alvarez" not in str(found.url)
    assert names(client.post("/requests", {"words": "nobody at all"})) == []
    assert not [row for row in audited(engine) if "alvarez" in str(row).lower()]
    empty = client.post("/requests", {"words": "  "})
    assert (empty.status_code, empty.headers["Location"]) == (303, "/requests")


def test_a_search_goes_on_by_a_form(console: NewClient, engine: Engine) -> None:
    for number in range(PAGE_SIZE + 1):
        store_request(engine, number, contact_name=f"Person {number:02}")
    client = console("scheduler")
    first = client.post("/requests", {"words": "person"})
    after = re.findall(r'name="after" value="([^"]+)"', first.text)[0]
    second = client.post("/requests", {"words": "person", "after": after})
    assert names(first)[0] == f"Person {PAGE_SIZE:02}"
    assert names(second) == ["Person 00"]
    assert client.post("/requests", {"words": "person", "after": "7"}).status_code == 400


def test_urgent_messages_cannot_be_overlooked(console: NewClient, engine: Engine) -> None:
    store_message(engine, 1, text="hello")
    urgent_id = store_message(engine, 2, urgency="urgent", topic="safety/emergency", text="blood")
    client = console("scheduler")
    for query in ("", "?status=closed", "?urgency=ordinary"):
        assert "1 urgent message is to do." in client.get(f"/messages{query}").text
    assert names(client.get("/messages?urgency=urgent")) == ["Emergency"]
    client.post(f"/messages/{urgent_id}", typed(status="closed"))
    assert "urgent message is to do" not in client.get("/messages").text


def test_people_who_left_can_still_be_filtered_by(console: NewClient, engine: Engine) -> None:
    add_account(engine, "ana", "scheduler")
    row_id = store_request(engine, 1, contact_name="Dana Fox")
    client = console("scheduler")
    client.post(f"/requests/{row_id}", typed(assignee="ana"))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE accounts SET active = 0 WHERE name = 'ana'")
    assert names(client.get("/requests?assignee=@ana")) == ["Dana Fox"]


@pytest.mark.parametrize("path", ["/requests?status=all", "/messages?status=all"])
def test_more_rows_take_no_more_statements(console: NewClient, engine: Engine, path: str) -> None:
    client = console("scheduler")

    def statements() -> int:
        seen: list[str] = []
        event.listen(engine, "before_cursor_execute", listener := lambda _c, _cur, text, *_rest: seen.append(text))
        assert client.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    store_request(engine, 0)
    store_message(engine, 0)
    client.get(path)
    few = statements()
    for number in range(1, 30):
        store_request(engine, number)
        store_message(engine, number)
    assert statements() == few
