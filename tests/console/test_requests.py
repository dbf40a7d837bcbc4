"""The page of one request: who sees it, what can be done on it, and that nobody's work is lost."""

import html
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import Engine

from clinic.appointment_requests import change_request, withdraw_request
from clinic.database import make_engine, transaction
from clinic.erasures import erase_records
from clinic.message_work import MESSAGES
from clinic.request_work import REQUESTS, RequestInWork
from clinic.staff_work import LONGEST_NOTE, find_work
from console.tables import Account
from tests.clinic.stored_work import store_message, store_request, write_together
from tests.console.conftest import NewClient, add_account
from tests.console.page_markup import Markup, foreign_elements
from tests.console.work_rows import CANARIES, CONTACT, PAYLOAD, audited, typed
from tests.migrated_databases import postgresql

KINDS = ("request", "message")


def stored(engine: Engine, request_id: str) -> RequestInWork:
    return find_work(engine, REQUESTS, request_id).item


def words(answer: httpx.Response) -> str:
    return " ".join(html.unescape(answer.text).split())


@pytest.fixture
def request_id(engine: Engine) -> str:
    return store_request(
        engine, 1, **CONTACT, patient_name="Leo", patient_relation="son", reason="canary reason",
        preferred_time="canary wish",
    )  # fmt: skip


def test_the_page_has_all_that_the_front_desk_needs(console: NewClient, request_id: str) -> None:
    page = console("scheduler").get(f"/requests/{request_id}")
    assert page.status_code == 200
    for link in (
        'href="tel:+13125550142"',
        'href="mailto:zelda@canary.example"',
        'href="/conversations/conversation-1"',
    ):
        assert link in page.text
    shown = words(page)
    for text in ("Zelda Canary", "(312) 555-0142", "Leo", "son", "canary wish", "canary reason", "No contact yet"):
        assert text in shown
    assert "<title>Request " in page.text, "no name of a visitor stands in a title"


def test_wish_and_reason_stand_as_the_visitors_own_words(console: NewClient, request_id: str) -> None:
    page = console("scheduler").get(f"/requests/{request_id}").text
    card = page.split("In the visitor's own words")[1].split("</section>")[0]
    for heading, said in (("Preferred time", "canary wish"), ("Reason", "canary reason")):
        assert f'<blockquote class="words">{said}</blockquote>' in card.split(f"<h3>{heading}</h3>")[1]


def test_each_look_is_recorded_without_anything_personal(console: NewClient, engine: Engine, request_id: str) -> None:
    client = console("scheduler")
    client.get(f"/requests/{request_id}")
    client.post(f"/requests/{request_id}", typed(status="contacted", note="canary note"))
    client.get(f"/requests/{request_id}/download/csv?notes=yes")
    client.post("/requests", {"words": "Zelda Canary"})
    assert audited(engine) == [
        ("scheduler", "request.viewed", request_id, {}),
        (
            "scheduler",
            "request.changed",
            request_id,
            {"status": "contacted", "fields": ["status", "note"], "version": 2},
        ),
        ("scheduler", "request.exported", request_id, {"form": "csv", "notes": True}),
        ("scheduler", "requests.searched", "search", {"found": 1}),
    ]


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_who_may_not_see_contact_details_sees_none_by_any_way(
    console: NewClient, engine: Engine, request_id: str, role: str
) -> None:
    message_id = store_message(engine, 2, **CONTACT, text="canary wish")
    console("scheduler").post(f"/requests/{request_id}", typed(note="canary note"))
    client = console(role)
    answers = []
    for kind, row_id in (("request", request_id), ("message", message_id)):
        for path in (f"/{kind}s", f"/{kind}s/download/csv", f"/{kind}s/{row_id}", f"/{kind}s/{row_id}/download/csv"):
            answers.append(client.get(path))
        answers.append(client.post(f"/{kind}s", {"words": "zelda"}))
        answers.append(client.post(f"/{kind}s/{row_id}", typed(version=2, status="closed")))
    assert {answer.status_code for answer in answers} == {403}
    start = client.get("/")
    assert start.status_code == 200
    assert 'href="/requests"' not in start.text
    for answer in (*answers, start):
        assert not [canary for canary in CANARIES if canary in words(answer)]
    assert stored(engine, request_id).status == "open"


def test_what_is_saved_is_told_in_words(console: NewClient, request_id: str) -> None:
    client = console("scheduler", name="maria")
    answer = client.post(
        f"/requests/{request_id}", typed(status="contacted", assignee="maria", note="rang\r\nno answer")
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/requests/{request_id}")
    page = words(client.get(f"/requests/{request_id}"))
    assert "Saved." in page
    assert "<strong>You</strong> changed the status from open to contacted, took it on and wrote a note" in page
    assert "less than a minute after it came in" in page
    assert "rang no answer</textarea>" in page
    assert "<strong>Maria</strong> changed the status" in words(console("admin").get(f"/requests/{request_id}"))


def test_oneself_comes_first_among_those_who_can_be_given_work(
    console: NewClient, engine: Engine, request_id: str
) -> None:
    for name, role in (("ana", "scheduler"), ("ben", "reviewer"), ("cleo", "reader"), ("dan", "admin")):
        add_account(engine, name, role)
    page = words(console("scheduler", name="maria").get(f"/requests/{request_id}"))
    choice = page[page.index('id="work-person"') : page.index("</select>")]
    assert [part.split('"')[0] for part in choice.split('<option value="')[1:]] == ["", "maria", "ana", "dan"]
    assert "Me (Maria)" in choice


@pytest.mark.parametrize("person", ["ben", "ghost", "<script>"])
def test_work_goes_only_to_those_who_can_do_it_and_the_note_is_not_lost(
    console: NewClient, engine: Engine, request_id: str, person: str
) -> None:
    add_account(engine, "ben", "reviewer")
    answer = console("scheduler").post(f"/requests/{request_id}", typed(assignee=person, note="will ring at noon"))
    assert answer.status_code == 400
    assert "choose somebody else" in words(answer)
    assert "will ring at noon</textarea>" in words(answer)
    assert stored(engine, request_id).version == 1


def test_who_has_the_work_and_left_stays_shown_and_may_stay(
    console: NewClient, engine: Engine, request_id: str
) -> None:
    add_account(engine, "ana", "scheduler")
    client = console("scheduler")
    client.post(f"/requests/{request_id}", typed(assignee="ana"))
    with transaction(engine) as session:
        session.query(Account).filter_by(name="ana").one().active = False
    assert "Ana (can no longer be chosen)" in words(client.get(f"/requests/{request_id}"))
    assert client.post(f"/requests/{request_id}", typed(2, "contacted", "ana")).status_code == 303
    assert stored(engine, request_id).assignee == "ana"


@pytest.fixture(params=["sqlite", "postgresql"])
def either_engine(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql":
        yield from postgresql()
        return
    shutil.copy(migrated_file, tmp_path / "console.sqlite3")
    made = make_engine(f"sqlite:///{tmp_path / 'console.sqlite3'}")
    yield made
    made.dispose()


class TestTwoSavers:
    """On both databases."""

    @pytest.fixture
    def engine(self, either_engine: Engine) -> Engine:
        return either_engine

    def test_two_who_save_at_once_see_each_others_change_and_keep_what_they_typed(
        self, console: NewClient, engine: Engine, request_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clients = {name: console("scheduler", name=name) for name in ("ana", "ben")}
        forms = {
            "ana": typed(status="contacted", assignee="ana", note="note of ana"),
            "ben": typed(status="closed", assignee="ben", note="note of ben"),
        }
        with monkeypatch.context() as patch, ThreadPoolExecutor(2) as pool:
            write_together(patch, 2)
            saving = {name: pool.submit(clients[name].post, f"/requests/{request_id}", forms[name]) for name in clients}
            answers = {name: future.result() for name, future in saving.items()}
        assert sorted(answer.status_code for answer in answers.values()) == [303, 409]
        winner, loser = sorted(answers, key=lambda name: answers[name].status_code)
        assert stored(engine, request_id).note == f"note of {winner}"
        page = words(answers[loser])
        status = forms[winner]["status"]
        told = f"{winner.capitalize()} changed the status from open to {status}, took it on and wrote a note"
        assert told in page
        assert f"note of {loser}</textarea>" in page
        assert f'Stored now: <span class="words">note of {winner}</span>' in page
        assert f'Stored now: <span class="words">{winner.capitalize()}</span>' in page
        assert f'<option value="{loser}" selected>' in page
        assert f"You chose “{forms[loser]['status']}”. Stored now: “{status}”." in page
        assert '<input type="hidden" name="version" value="2">' in page
        again = clients[loser].post(f"/requests/{request_id}", {**forms[loser], "version": "2"})
        assert again.status_code == 303
        assert stored(engine, request_id).note == f"note of {loser}"


def test_a_visitor_who_changes_the_request_meanwhile_is_not_overlooked(
    console: NewClient, engine: Engine, request_id: str
) -> None:
    client = console("scheduler")
    client.get(f"/requests/{request_id}")
    change_request(engine, "conversation-1", request_id, {"phone": "+13125550199"})
    answer = client.post(f"/requests/{request_id}", typed(status="contacted", note="rang the old number"))
    assert answer.status_code == 409
    page = words(answer)
    assert "The visitor changed the phone number from “+13125550142” to “+13125550199”" in page
    assert "rang the old number</textarea>" in page
    assert "(312) 555-0199" in page


def test_a_second_click_on_save_is_no_conflict(console: NewClient, engine: Engine, request_id: str) -> None:
    client = console("scheduler")
    form = typed(status="contacted", note="rang")
    assert [client.post(f"/requests/{request_id}", form).status_code for _ in range(2)] == [303, 303]
    assert stored(engine, request_id).version == 2


def test_what_the_visitor_took_back_offers_only_to_be_closed(
    console: NewClient, engine: Engine, request_id: str
) -> None:
    withdraw_request(engine, "conversation-1", request_id)
    client = console("scheduler")
    page = words(client.get(f"/requests/{request_id}"))
    assert "The visitor</strong> took the request back" in page
    assert [part.split('"')[0] for part in page.split('name="status" value="')[1:]] == ["withdrawn", "closed"]
    late = client.post(f"/requests/{request_id}", typed(1, "booked", note="agreed on noon"))
    assert late.status_code == 409
    assert "agreed on noon</textarea>" in words(late)
    refused = client.post(f"/requests/{request_id}", typed(2, "booked", note="agreed on noon"))
    assert refused.status_code == 400
    assert "It can only be withdrawn or closed." in words(refused)
    assert "agreed on noon</textarea>" in words(refused)
    assert client.post(f"/requests/{request_id}", typed(2, "closed")).status_code == 303


def test_a_note_that_is_too_long_is_given_back(console: NewClient, engine: Engine, request_id: str) -> None:
    note = "n" * (LONGEST_NOTE + 1)
    answer = console("scheduler").post(f"/requests/{request_id}", typed(note=note))
    assert answer.status_code == 400
    assert f"{note}</textarea>" in answer.text
    assert "4,000 characters" in words(answer)
    assert stored(engine, request_id).version == 1


@pytest.mark.parametrize("broken", [{"version": "x"}, {"version": ""}, {"status": ""}, {"version": "9" * 40}])
def test_a_broken_form_changes_nothing(
    console: NewClient, engine: Engine, request_id: str, broken: dict[str, str]
) -> None:
    form = {**typed(status="closed"), **broken}
    assert console("scheduler").post(f"/requests/{request_id}", form).status_code == 400
    assert stored(engine, request_id).version == 1


def test_what_was_erased_is_gone_from_its_page_its_list_and_its_files(
    console: NewClient, engine: Engine, request_id: str
) -> None:
    client = console("scheduler")
    client.post(f"/requests/{request_id}", typed(status="contacted", note="canary note"))
    erase_records(engine, "conversation-1", "web")
    for path in (f"/requests/{request_id}", f"/requests/{request_id}/download/csv", "/requests/no-such-id"):
        assert client.get(path).status_code == 404
    assert client.post(f"/requests/{request_id}", typed(2, "closed")).status_code == 404
    listed = client.get("/requests?status=all")
    assert "Canary" not in listed.text


def test_messages_are_worked_on_their_own_page(console: NewClient, engine: Engine) -> None:
    message_id = store_message(
        engine, 2, **CONTACT, text="what does it cost?\nand parking?", topic="uncovered/cost_insurance",
        urgency="urgent", language="es",
    )  # fmt: skip
    client = console("scheduler", name="maria")
    page = words(client.get(f"/messages/{message_id}"))
    for text in ("Cost and insurance", "urgent", "Zelda Canary", "tel:+13125550142", "and parking?", "Spanish"):
        assert text in page
    assert "Mark as booked" not in page
    assert client.post(f"/messages/{message_id}", typed(status="contacted", assignee="maria")).status_code == 303
    assert find_work(engine, MESSAGES, message_id).item.status == "contacted"
    assert client.post(f"/messages/{message_id}", typed(2, "booked")).status_code == 400
    assert client.post(f"/messages/{message_id}", typed(1, "closed", note="mine")).status_code == 409
    assert [action for _, action, _, _ in audited(engine)] == ["message.viewed", *["message.changed"] * 3]


def test_a_message_without_any_contact_says_so(console: NewClient, engine: Engine) -> None:
    message_id = store_message(engine, 2, text=None)
    page = words(console("scheduler").get(f"/messages/{message_id}"))
    assert "They left no name, phone number or e-mail address." in page
    assert "They wrote nothing more." in page


def test_hostile_text_stays_text_on_every_page(console: NewClient, engine: Engine) -> None:
    request_id = store_request(
        engine, 1, contact_name=PAYLOAD, patient_name=PAYLOAD, patient_relation="<b>son</b>", preferred_time=PAYLOAD,
        reason=PAYLOAD, phone="javascript:alert(1)", email='"x?bcc=evil@example.com"@example.com',
    )  # fmt: skip
    message_id = store_message(engine, 2, contact_name=PAYLOAD, text=PAYLOAD, phone="+1;<b>", email=PAYLOAD)
    change_request(engine, "conversation-1", request_id, {"preferred_time": f"{PAYLOAD} again"})
    client = console("scheduler")
    client.post(f"/requests/{request_id}", typed(2, "contacted", note=PAYLOAD))
    answers = [
        client.get("/requests"),
        client.get(f"/requests/{request_id}"),
        client.post("/requests", {"words": "<script>alert(1)</script>"}),
        client.post(f"/requests/{request_id}", typed(1, "booked", note=f"{PAYLOAD} mine")),
        client.get("/messages"),
        client.get(f"/messages/{message_id}"),
        client.post("/messages", {"words": PAYLOAD}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 409, 200, 200, 200]
    for answer in answers:
        assert foreign_elements(answer.text) == []
        assert any("<script>alert(1)</script>" in text for text in Markup(answer.text).texts)
    conflict = Markup(answers[3].text)
    assert f"\n{PAYLOAD} mine" in conflict.texts, "what was typed is given back letter by letter"


def test_the_check_of_hostile_text_finds_what_is_wrong() -> None:
    for page in ("<script>alert(1)</script>", "<img src=x>", "<a href='javascript:x'>", "<p onclick=x>"):
        assert foreign_elements(page) != []


def test_a_request_and_the_messages_of_its_conversation_lead_to_each_other(
    console: NewClient, engine: Engine, request_id: str
) -> None:
    message_id = store_message(engine, 1, **CONTACT, topic="open_question", text="canary wish")
    elsewhere = store_message(engine, 2, **CONTACT)
    client = console("scheduler")
    page = client.get(f"/requests/{request_id}")
    assert f'href="/messages/{message_id}"' in page.text
    assert f'href="/messages/{elsewhere}"' not in page.text
    assert "Message: Question sent along with a request" in words(page)
    beside = client.get(f"/messages/{message_id}")
    assert f'href="/requests/{request_id}"' in beside.text
    assert "took this request back" not in words(beside)
    assert "From the same conversation" not in words(client.get(f"/messages/{elsewhere}"))


def test_a_message_says_that_its_request_was_taken_back_also_when_that_is_closed(
    console: NewClient, engine: Engine, request_id: str
) -> None:
    message_id = store_message(engine, 1, **CONTACT)
    withdraw_request(engine, "conversation-1", request_id)
    client = console("scheduler")
    assert "The visitor took this request back." in words(client.get(f"/messages/{message_id}"))
    client.post(f"/requests/{request_id}", typed(version=2, status="closed"))
    assert "The visitor took this request back." in words(client.get(f"/messages/{message_id}"))
