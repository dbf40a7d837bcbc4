"""Searching the list: what is searched for is stored, belongs to one account, and never stands in an address."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from console.searches import MOST_NAMED
from console.tables import AuditEntry, SavedSearch
from tests.console.conftest import NewClient
from tests.console.talk_rows import store_talk, turn

CANARY = "zebrafish"


def search(client: Any, **fields: str) -> str:
    """The address that a search leads to."""
    answer = client.post("/conversations/search", fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_search_shows_what_fits_and_keeps_its_words_out_of_addresses_and_audit(
    console: NewClient, engine: Engine
) -> None:
    store_talk(engine, "talk-1", [turn(f"a {CANARY} on my cheek")])
    store_talk(engine, "talk-2", [turn("something else")])
    client = console("reader")
    address = search(client, words=CANARY, channel="web")
    assert CANARY not in address
    page = client.get(address)
    assert f"a {CANARY} on my cheek" in page.text
    assert "something else" not in page.text
    assert f'value="{CANARY}"' in page.text
    assert f"words: {CANARY}" in page.text
    assert "channel: Website" in page.text
    with transaction(engine) as session:
        entries = session.execute(select(AuditEntry.action, AuditEntry.details)).all()
    assert ("conversations.searched", ["channel", "words"]) in [
        (action, json.loads(details).get("fields")) for action, details in entries
    ]
    assert CANARY not in repr(entries)


def test_a_search_without_filters_is_the_whole_list(console: NewClient, engine: Engine) -> None:
    assert search(console("reader"), words="  ") == "/conversations"
    with transaction(engine) as session:
        assert session.execute(select(SavedSearch.id)).first() is None


def test_bad_filters_come_back_with_what_was_typed(console: NewClient, engine: Engine) -> None:
    store_talk(engine)
    answer = console("reader").post("/conversations/search", {"words": "bumps", "since": "soon", "least": "all"})
    assert answer.status_code == 400
    for text in ('value="bumps"', 'value="soon"', 'value="all"', "whole number from 0 to 100", "year-month-day"):
        assert text in answer.text
    assert "what causes them" not in answer.text


def test_a_search_of_somebody_else_is_no_search(console: NewClient, engine: Engine) -> None:
    store_talk(engine)
    address = search(console("reader"), words="causes")
    other = console("reader", name="maria")
    page = other.get(address)
    assert page.status_code == 404
    assert "no longer kept" in page.text
    assert "what causes them" not in page.text
    search_id = address.rpartition("=")[2]
    assert other.post(f"/conversations/searches/{search_id}/name", {"name": "mine"}).status_code == 404
    assert other.post(f"/conversations/searches/{search_id}/delete").status_code == 404
    assert "what causes them" in console("reader").get(address).text


def test_a_named_search_stays_and_can_be_deleted(console: NewClient, engine: Engine) -> None:
    store_talk(engine)
    client = console("reviewer")
    search_id = search(client, words="causes").rpartition("=")[2]
    answer = client.post(f"/conversations/searches/{search_id}/name", {"name": "  Why  they come "})
    assert answer.headers["location"] == f"/conversations?search={search_id}"
    assert ">Why they come</a>" in client.get("/conversations").text
    assert ">Why they come</a>" not in console("reader").get("/conversations").text
    assert client.post(f"/conversations/searches/{search_id}/delete").status_code == 303
    assert ">Why they come</a>" not in client.get("/conversations").text


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "why THEY come"])
def test_a_name_that_is_empty_too_long_or_taken_is_refused(console: NewClient, name: str) -> None:
    client = console("reviewer")
    taken, other = (search(client, words=words).rpartition("=")[2] for words in ("causes", "hurts"))
    client.post(f"/conversations/searches/{taken}/name", {"name": "Why they come"})
    answer = client.post(f"/conversations/searches/{other}/name", {"name": name})
    assert answer.status_code == 400
    assert "name" in answer.text


def test_there_is_an_end_to_named_searches(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")
    with transaction(engine) as session:
        session.add_all(
            SavedSearch(
                id=f"s-{number}",
                account_id="account-reviewer",
                name=f"n {number}",
                filters="{}",
                created_at=clock.now(),
            )
            for number in range(MOST_NAMED)
        )
    search_id = search(client, words="causes").rpartition("=")[2]
    answer = client.post(f"/conversations/searches/{search_id}/name", {"name": "one more"})
    assert answer.status_code == 400
    assert "delete one first" in answer.text


def test_searches_without_a_name_are_forgotten_after_a_day(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")
    old, named, new = (search(client, words=words).rpartition("=")[2] for words in ("one", "two", "three"))
    client.post(f"/conversations/searches/{named}/name", {"name": "two"})
    with transaction(engine) as session:
        _age(session, old, clock.now() - timedelta(days=1, minutes=1))
        _age(session, named, clock.now() - timedelta(days=400))
        _age(session, new, clock.now() - timedelta(hours=23))
    client.get("/conversations")
    assert _ids(engine) == {old, named, new}
    latest = search(client, words="four").rpartition("=")[2]
    assert _ids(engine) == {named, new, latest}


def test_a_search_for_a_label_that_is_no_more_is_no_longer_kept(console: NewClient, engine: Engine) -> None:
    client = console("reviewer")
    search_id = search(client, label="faq/causes").rpartition("=")[2]
    with transaction(engine) as session:
        session.execute(update(SavedSearch).values(filters='{"label": "faq/gone"}', name="gone"))
    assert client.get(f"/conversations?search={search_id}").status_code == 404
    assert client.get("/conversations").status_code == 200


def test_filters_hold_from_page_to_page(console: NewClient, engine: Engine) -> None:
    for number in range(53):
        store_talk(engine, f"talk-{number:02}", [turn("keep me")])
    for number in range(3):
        store_talk(engine, f"drop-{number:02}", [turn("drop me")])
    client = console("reader")
    first = client.get(search(client, words="keep"))
    assert (first.text.count(">keep me</a>"), first.text.count(">drop me</a>")) == (50, 0)
    older = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(older)
    assert (second.text.count(">keep me</a>"), second.text.count(">drop me</a>")) == (3, 0)
    assert client.get("/conversations?older=never").status_code == 400


def _age(session: Any, search_id: str, moment: datetime) -> None:
    session.execute(update(SavedSearch).where(SavedSearch.id == search_id).values(created_at=moment))


def _ids(engine: Engine) -> set[str]:
    with transaction(engine) as session:
        return set(session.execute(select(SavedSearch.id)).scalars())
