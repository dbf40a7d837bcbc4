"""The page of one conversation: what stands on it, for whom, and how much the database is asked for it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from clinic.appointment_requests import AppointmentRequest
from clinic.consents import Consent
from clinic.database import transaction
from clinic.flags import Flag
from console.tables import AuditEntry
from conversations.feedback import Feedback
from evaluation.speed.seeded_log import seed_log
from tests.console.conftest import NewClient
from tests.console.talk_rows import NOON, REPLY, store_talk, turn

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'{{ 7*7 }}</textarea>\u202e\u0000".replace(
    "\u0000", ""
)
PHONE = "+13125550199"


@contextmanager
def counted_queries(engine: Engine) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    yield statements
    event.remove(engine, "before_cursor_execute", count)


def add(engine: Engine, *rows: Any) -> None:
    with transaction(engine) as session:
        session.add_all(rows)


def flag(message_id: str, name: str = "flag-1", label: str = "safety/emergency", **values: Any) -> Flag:
    own = {"id": name, "conversation_id": "talk-1", "turn_id": message_id, "label": label, "channel": "web"}
    return Flag(created_at=NOON, **own, **values)


def request(**values: Any) -> AppointmentRequest:
    own = {"id": "request-1", "idempotency_key": "key", "conversation_id": "talk-1", "channel": "web"}
    return AppointmentRequest(
        contact_name="Nils Aker",
        phone=PHONE,
        preferred_time="mornings",
        status="open",
        version=1,
        created_at=NOON,
        updated_at=NOON,
        **own,
        **values,
    )


def test_the_page_tells_what_was_understood_and_what_the_answer_rests_on(console: NewClient, engine: Engine) -> None:
    asked = turn(
        "do they run in families, and does it hurt",
        second_label="faq/are_milia_painful",
        candidates=["faq/causes", "faq/cause_genetics"],
        slots={"topic": "faq/causes", "contact_name": "given"},
        form="appointment_form",
        requested_slot="contact_name",
        latency_ms=17,
        responses=[{**REPLY, "choices": ["Ask the staff"]}],
    )
    store_talk(engine, turns=[asked])
    page = console("reader").get("/conversations/talk-1")
    assert page.status_code == 200
    for text in (
        "do they run in families, and does it hurt",
        "Dead skin cells get trapped under new skin.",
        "<strong>Causes</strong>",
        "91 %",
        "And: Are they painful",
        "Causes, Cause: family",
        "Offered: Ask the staff",
        "appointment_form",
        "17 ms",
        "Known: contact_name",
        "utter_faq/causes/any/1@0123abcd",
        "From the clinic&#39;s page on milia",
        "<strong>M5</strong> Cause: the body sheds dead skin cells",
        "Fri 20 Nov 2026, 12:00 pm",
        'id="turn-1"',
    ):
        assert text in page.text, text


def test_opening_it_leaves_one_row_in_the_audit(console: NewClient, engine: Engine) -> None:
    store_talk(engine)
    client = console("reader")
    client.get("/conversations/talk-1")
    with transaction(engine) as session:
        rows = session.execute(
            select(AuditEntry.actor, AuditEntry.subject_kind, AuditEntry.subject_id, AuditEntry.details).where(
                AuditEntry.action == "conversation.viewed"
            )
        ).all()
    assert rows == [("reader", "conversation", "talk-1", "{}")]


def test_a_conversation_that_is_not_there_is_not_found(console: NewClient) -> None:
    client = console("reader")
    for address in ("/conversations/nobody", "/conversations/nobody?turn=2", "/conversations/nobody?turn=x"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "²", "99999999999"])
def test_an_address_with_no_number_of_a_message_is_not_found(console: NewClient, engine: Engine, number: str) -> None:
    store_talk(engine)
    assert console("reader").get("/conversations/talk-1", params={"turn": number}).status_code == 404


def test_hostile_words_are_words(console: NewClient, engine: Engine) -> None:
    hostile = turn(
        HOSTILE,
        label=HOSTILE[:40],
        second_label=HOSTILE[:40],
        candidates=[HOSTILE],
        ranking=[{"label": HOSTILE, "confidence": 0.5}],
        slots={HOSTILE: HOSTILE},
        responses=[
            {"response": HOSTILE, "version": HOSTILE, "facts": [HOSTILE], "text": HOSTILE, "choices": [HOSTILE]}
        ],
        message_id="m-1",
    )
    store_talk(engine, turns=[hostile], channel="web", attention="sample")
    add(engine, flag("m-1", label=HOSTILE[:40]), flag("elsewhere", "flag-2", HOSTILE[:40]))
    client = console("admin")
    answer = client.post("/conversations/search", {"words": HOSTILE[:30]})
    search_id = answer.headers["location"].rpartition("=")[2]
    client.post(f"/conversations/searches/{search_id}/name", {"name": HOSTILE[:60]})
    for address in ("/conversations", answer.headers["location"], "/conversations/talk-1"):
        page = client.get(address)
        assert page.status_code == 200
        assert "alert(" in page.text
        assert "<img" not in page.text
        assert not re.search(r"<script(?! src=\"/static/)", page.text)
        assert "{{ 7*7 }}" in page.text


def test_words_that_are_no_longer_kept_are_told_so(console: NewClient, engine: Engine) -> None:
    store_talk(engine, turns=[turn(None), turn("")])
    client = console("reader")
    assert "the words are no longer kept" in client.get("/conversations").text
    page = client.get("/conversations/talk-1").text
    assert "the words are no longer kept" in page
    assert "an empty message" in page


def test_flags_can_be_acknowledged_by_those_who_may(console: NewClient, engine: Engine) -> None:
    store_talk(engine, turns=[turn("hello"), turn("my eye", safety="safety/emergency", outcome="safety")])
    add(engine, flag("talk-1-2"), flag("gone", "flag-2", "text_not_delivered"))
    assert "Acknowledge" not in console("reader").get("/conversations/talk-1").text
    client = console("scheduler")
    page = client.get("/conversations/talk-1").text
    assert 'action="/queue/flags/flag-1/acknowledge"' in page
    assert 'action="/queue/flags/flag-2/acknowledge"' in page
    answer = client.post("/queue/flags/flag-1/acknowledge", {"from": "conversation"})
    assert answer.headers["location"].startswith("/conversations/talk-1")
    assert "Seen by Scheduler" in client.get("/conversations/talk-1").text


def test_who_may_not_see_contact_details_sees_no_requests(console: NewClient, engine: Engine) -> None:
    store_talk(engine)
    add(engine, request())
    for role in ("reader", "reviewer"):
        page = console(role).get("/conversations/talk-1").text
        assert "/requests/request-1" not in page
    for role in ("scheduler", "admin"):
        page = console(role).get("/conversations/talk-1").text
        assert "/requests/request-1" in page
        assert "Nils Aker" not in page
        assert PHONE not in page


def test_a_person_who_wants_no_texts_is_told(console: NewClient, engine: Engine) -> None:
    store_talk(engine, channel="sms")
    assert "Has not said stop" in console("reader").get("/conversations/talk-1").text
    for number, state in enumerate(("in", "out")):
        add(
            engine,
            Consent(
                record_id=f"c-{number}",
                conversation_id="talk-1",
                channel="sms",
                state=state,
                means="keyword",
                recorded_at=NOON + timedelta(hours=number),
            ),
        )
    assert "Asked for no texts" in console("reader").get("/conversations/talk-1").text


def test_a_long_conversation_has_parts_and_jumps_that_lead_to_the_right_one(console: NewClient, engine: Engine) -> None:
    outcomes = {60: "fallback", 120: "safety"}
    store_talk(engine, turns=[turn(f"word {n}", outcome=outcomes.get(n, "answered")) for n in range(1, 131)])
    add(engine, Feedback(conversation_id="talk-1", message_id="talk-1-7", helpful=False, given_at=NOON))
    client = console("reader")
    first = client.get("/conversations/talk-1").text
    assert re.findall(r'href="(/conversations/talk-1[^"]*)">Message (\d+)<', first.partition("<h2>Messages")[0]) == [
        ("/conversations/talk-1#turn-7", "7"),
        ("/conversations/talk-1?turn=60#turn-60", "60"),
        ("/conversations/talk-1?turn=120#turn-120", "120"),
    ]
    assert ordinals(first) == list(range(1, 51))
    assert ordinals(client.get("/conversations/talk-1?turn=60").text) == list(range(51, 101))
    assert ordinals(client.get("/conversations/talk-1?turn=120").text) == list(range(101, 131))
    assert ordinals(client.get("/conversations/talk-1?turn=4000").text) == list(range(101, 131))


def ordinals(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="turn-(\d+)"', page)]


def test_pages_ask_the_database_as_often_for_much_as_for_little(console: NewClient, engine: Engine) -> None:
    seeded = seed_log(engine, 4_000)
    store_talk(engine, "short", [turn()], began=NOON - timedelta(days=400), first_event=900_000)
    for role, most in (("reader", 25), ("admin", 25)):
        client = console(role)
        searched = client.post("/conversations/search", {"words": "milia", "least": "1"}).headers["location"]
        narrow = client.post("/conversations/search", {"until": "2026-01-01", "most": "99"}).headers["location"]
        counts = {}
        for address in (
            "/conversations",
            searched,
            narrow,
            f"/conversations/{seeded.longest}",
            "/conversations/short",
        ):
            client.get(address)  # the first look of a process reads the files of the content
            with counted_queries(engine) as statements:
                page = client.get(address)
            assert page.status_code == 200
            names = [each for each in statements if "ORDER BY accounts.display_name" in each]
            assert len(names) <= 1, "a page that names people reads their names once, however many it names"
            counts[address] = len(statements) - len(names)
        assert counts[searched] == counts[narrow] == counts["/conversations"] + 1
        assert counts[f"/conversations/{seeded.longest}"] == counts["/conversations/short"]
        assert max(counts.values()) <= most, counts


def test_the_list_tells_of_each_conversation_what_it_is_worth(console: NewClient, engine: Engine) -> None:
    turns = [turn("it bleeds", safety="safety/changing_lesion", outcome="safety"), turn("bye", outcome="conversation")]
    store_talk(engine, turns=turns, attention="low_confidence", attention_since=NOON)
    add(
        engine,
        flag("talk-1-1"),
        Feedback(conversation_id="talk-1", message_id="talk-1-1", helpful=False, given_at=NOON),
        Feedback(conversation_id="talk-1", message_id="talk-1-2", helpful=True, given_at=NOON),
    )
    page = console("reader").get("/conversations").text
    for text in (
        ">it bleeds</a>",
        "2 messages",
        "Small talk",
        ">Safety<",
        "1 flag waiting",
        "Thumbs down: 1",
        "Thumbs up: 1",
        "Was unsure",
        "Website",
        "English",
    ):
        assert text in page, text


def test_every_row_of_the_audit_is_json_without_words(console: NewClient, engine: Engine) -> None:
    (event_id,) = store_talk(engine, turns=[turn("canaryword")])
    client = console("reviewer")
    client.get("/conversations/talk-1")
    client.post(f"/conversations/talk-1/turns/{event_id}/review", {"mark": "relabel", "typed": "canaryword"})
    client.post(f"/conversations/talk-1/turns/{event_id}/review", {"mark": "right"})
    client.get("/conversations/talk-1/test")
    with transaction(engine) as session:
        details = session.execute(select(AuditEntry.details)).scalars().all()
    assert all(isinstance(json.loads(each), dict) for each in details)
    assert "canaryword" not in repr(details)
