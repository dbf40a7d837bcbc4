"""The queue as each role sees and works it."""

import re
from datetime import datetime, timedelta, timezone
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from sqlalchemy import event, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from clinic import clock
from clinic.consents import OUT, record_consent
from clinic.database import transaction
from clinic.flags import Flag
from clinic.notices.claims import ClaimedNotice
from clinic.notices.wording import console_page
from clinic.outbox import Notice
from clinic.outgoing_texts import OutgoingText
from clinic.request_changes import RequestChange
from clinic.settings import Settings
from console import queue as queue_page
from console.queue import REFRESHED_AT
from console.tables import AuditEntry
from tests.clinic.notice_receivers import WEBHOOK_SECRET
from tests.console import queue_rows as rows
from tests.console.app_client import ConsoleClient
from tests.console.conftest import ROLES, NewClient, console_settings

NOW = datetime(2026, 11, 23, 15, 4, tzinfo=timezone.utc)
FRAGMENT = {"HX-Request": "true"}
ENTRY = re.compile(r'<li id="([^"]+)" class="card (\w+) queue-entry">(.*?)</li>', re.DOTALL)


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_at(monkeypatch, NOW)


def stand_at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    """A clinic that is told by a webhook, and that can send texts."""
    return console_settings(
        tmp_path,
        DATABASE_URL=str(engine.url),
        STAFF_WEBHOOK_URL="http://127.0.0.1:9",
        STAFF_WEBHOOK_SECRET=WEBHOOK_SECRET,
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="token",
        TWILIO_NUMBER="+13125550100",
    )


@pytest.fixture
def full(engine: Engine) -> None:
    """One of each that can wait, oldest last."""
    ago = [NOW - timedelta(hours=hours) for hours in range(20)]
    rows.store(
        engine,
        rows.flag(ago[0], "safety/emergency", id="flag-1", conversation_id="c-1", turn_id="m-1"),
        rows.turn(ago[0], "c-1", 3, 1, "m-1"),
        rows.flag(ago[1], "safety/changing_lesion", id="flag-2", conversation_id="c-2", turn_id="m-9"),
        rows.flag(ago[2], "too_many_texts", id="flag-3", conversation_id="sms-2", channel="sms"),
        rows.notice(ago[3], id="notice-1", subject_id="request-1", target="webhook"),
        rows.outgoing_text(ago[4], id=1, failed_at=ago[4], body="Ann, come on Friday.", last_error="30034"),
        rows.message(ago[5], id="message-1", urgency="urgent"),
        rows.request(ago[6], id="request-1", assignee="maria"),
        rows.conversation(ago[7], "c-7"),
        rows.turn(ago[7], "c-7", 2, 2, "m-2"),
        rows.thumbs_down(ago[7], "c-7", "m-2"),
        rows.conversation(ago[8], "c-8", "repeated_fallback"),
    )


def entries(answer: httpx.Response) -> dict[str, str]:
    """The entries of a page or a list by the id of their element, in order: their text, links and buttons included."""
    assert answer.status_code == 200, answer.text
    return {found.group(1): unescape(found.group(3)) for found in ENTRY.finditer(answer.text)}


def known_in(answer: httpx.Response) -> str:
    return answer.text.split('name="known" value="')[1].split('"')[0]


def look(client: ConsoleClient, known: str = "", **filters: str) -> httpx.Response:
    values = {**filters, **({"known": known} if known else {})}
    return client.get("/queue/list", params=values, headers=FRAGMENT)


SAFETY = ["safety-flag-1", "safety-flag-2", "alerts-flag-3"]
SENDS = ["sends-1", "sends-notice-1"]
WORK = ["messages-message-1", "requests-request-1"]
REVIEWS = ["reviews-c-7", "reviews-c-8"]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("reader", SAFETY + WORK + REVIEWS),
        ("reviewer", SAFETY + WORK + REVIEWS),
        ("scheduler", SAFETY + SENDS + WORK),
        ("admin", SAFETY + SENDS + WORK + REVIEWS),
    ],
)
def test_each_role_sees_its_work_with_safety_first(full: None, console: NewClient, role: str, seen: list[str]) -> None:
    client = console(role)
    assert list(entries(client.get("/"))) == list(entries(look(client))) == seen


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_anything_personal_in_the_queue(console: NewClient, role: str) -> None:
    client = console(role)
    for answer in (client.get("/"), look(client)):
        for words in (*rows.PERSONAL, "Ann, come on Friday."):
            assert words not in unescape(answer.text)


@pytest.mark.usefixtures("full")
def test_only_those_who_may_open_a_request_or_a_message_get_a_link_to_it(console: NewClient) -> None:
    for role in ROLES:
        shown = entries(console(role).get("/"))
        may = role in ("scheduler", "admin")
        assert ('href="/requests/request-1"' in shown["requests-request-1"]) == may
        assert ('href="/messages/message-1"' in shown["messages-message-1"]) == may
        assert "An urgent message waits" in shown["messages-message-1"]


@pytest.mark.usefixtures("full")
def test_each_entry_says_why_and_since_when_and_leads_there(console: NewClient) -> None:
    shown = entries(console("admin").get("/"))
    facts = {
        "safety-flag-1": ("May be a medical emergency", 'href="/conversations/c-1#turn-3"', "just now", "Website"),
        "safety-flag-2": (
            "Asks about skin cancer or tells of a spot that changes",
            'href="/conversations/c-2"',
            "1 hour ago",
            "8:04 am",
        ),
        "alerts-flag-3": ("the assistant stopped answering it", 'href="/conversations/sms-2"', "Text message"),
        "sends-notice-1": ("about a new appointment request did not go out", 'href="/requests/request-1"', "HTTP 500"),
        "sends-1": ("A text message could not be sent", 'href="/conversations/sms-1"', "The carrier's code: 30034"),
        "requests-request-1": ("An appointment request waits", "Assigned to maria", "6 hours ago"),
        "reviews-c-7": ("An answer did not help, the visitor said", 'href="/conversations/c-7#turn-2"'),
        "reviews-c-8": ("The assistant did not understand several times", 'href="/conversations/c-8"'),
    }
    for entry, words in facts.items():
        for said in words:
            assert said in shown[entry]


@pytest.mark.parametrize("role", ROLES)
def test_each_request_and_message_says_what_it_is_about_in_our_own_words(
    console: NewClient, engine: Engine, role: str
) -> None:
    rows.store(
        engine,
        rows.request(NOW, id="own", email=None),
        rows.request(NOW, id="childs", patient_name="Vera Lindqvist", patient_relation="daughter"),
        rows.request(NOW, id="nameless", patient_relation="daughter"),
        rows.request(NOW, id="by-mail", phone=None),
        rows.message(NOW, id="price", topic="uncovered/cost_insurance", phone=None),
        rows.message(NOW, id="silent", topic="call_back", phone=None, email=None, language="es"),
        rows.message(NOW, id="hostile", topic="<b>x"),
    )
    shown = {name: unescape(text) for name, text in entries(console(role).get("/")).items()}
    assert "For themselves. Left a phone number." in shown["requests-own"]
    assert "For somebody else. Left a phone number and an e-mail address." in shown["requests-childs"]
    assert "For somebody else." in shown["requests-nameless"]
    assert "For themselves. Left an e-mail address." in shown["requests-by-mail"]
    assert "About: Cost and insurance. Left an e-mail address." in shown["messages-price"]
    assert "About: Wants to be called back. In Spanish. Left no way to answer." in shown["messages-silent"]
    assert "About: <b>x" in shown["messages-hostile"]
    assert not any(words in text for words in (*rows.PERSONAL, "Vera", "daughter") for text in shown.values())


def test_danger_of_which_nobody_could_be_told_is_said_where_its_notice_leads(
    console: NewClient, engine: Engine
) -> None:
    failed = rows.notice(NOW, id="notice-1", kind="safety/emergency", subject_id="flag-1", urgency="urgent")
    rows.store(engine, rows.flag(NOW, "safety/emergency", id="flag-1"), failed)
    claimed = ClaimedNotice("notice-1", "safety/emergency", "flag-1", 1, "urgent", "web", 1, NOW, NOW)
    page = urlsplit(console_page(claimed, "https://staff.example.com"))
    shown = entries(console("scheduler").get(f"{page.path}?{page.query}"))
    assert list(shown) == [page.fragment]
    everything = entries(console("scheduler").get("/"))
    assert list(everything) == ["safety-flag-1", "sends-notice-1"]
    assert "An e-mail to the staff about danger that was heard did not go out" in everything["sends-notice-1"]
    assert "<a " not in everything["sends-notice-1"]


def test_a_conversation_with_two_reasons_is_one_entry_that_says_both(console: NewClient, engine: Engine) -> None:
    rows.store(
        engine,
        rows.conversation(NOW, "c-1", "low_confidence"),
        *(rows.turn(NOW, "c-1", number, number, f"m-{number}") for number in (1, 2)),
        *(rows.thumbs_down(NOW, "c-1", f"m-{number}") for number in (1, 2)),
    )
    shown = entries(console("reviewer").get("/"))
    assert list(shown) == ["reviews-c-1"]
    assert "2 answers did not help, the visitor said. The assistant was not sure what was meant" in shown["reviews-c-1"]


def test_what_others_said_and_did_is_asked_after(console: NewClient, engine: Engine) -> None:
    contacted = {"status": "contacted", "updated_at": NOW}
    rows.store(
        engine,
        rows.request(NOW, id="fresh", first_contact_at=NOW - timedelta(hours=47), **contacted),
        rows.request(NOW, id="forgotten", first_contact_at=NOW - timedelta(hours=49), **contacted),
        rows.request(NOW, id="taken-back", status="withdrawn"),
    )
    shown = entries(console("scheduler").get("/"))
    assert list(shown) == ["requests-forgotten", "requests-taken-back"]
    assert "marked as contacted for more than 2 days" in shown["requests-forgotten"]
    assert "taken back by the visitor" in shown["requests-taken-back"]


def test_a_message_is_marked_when_its_visitor_took_their_request_back_since(console: NewClient, engine: Engine) -> None:
    hour = timedelta(hours=1)
    taken_back = {"change": "withdrawn", "changed_by": "visitor", "changed_at": NOW, "version": 2}
    rows.store(
        engine,
        rows.request(NOW - 2 * hour, id="taken-back", conversation_id="c-1", status="withdrawn"),
        RequestChange(request_id="taken-back", **taken_back),
        rows.message(NOW - hour, id="after-it", conversation_id="c-1"),
        rows.message(NOW - 3 * hour, id="before-it", conversation_id="c-1"),
        rows.message(NOW - hour, id="of-somebody-else", conversation_id="c-2"),
    )
    shown = entries(console("scheduler").get("/"))
    marked = [name for name, text in shown.items() if "taken back their appointment request" in text]
    assert marked == ["messages-after-it"]


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("filters", "seen"),
    [
        ({"kind": "requests"}, ["requests-request-1"]),
        ({"owner": "mine"}, ["requests-request-1"]),
        ({"owner": "unassigned", "kind": "messages"}, ["messages-message-1"]),
        ({"channel": "sms"}, ["alerts-flag-3", "sends-1"]),
        ({"older": "4h", "kind": "sends"}, ["sends-1"]),
        ({"kind": "reviews", "older": "7d"}, []),
    ],
)
def test_filters_hold_for_the_page_and_for_every_update(
    console: NewClient, filters: dict[str, str], seen: list[str]
) -> None:
    client = console("admin", name="maria")
    page = client.get("/", params=filters)
    assert list(entries(page)) == seen
    polled = unescape(page.text.split('hx-get="')[1].split('"')[0])
    assert list(entries(client.get(polled, headers=FRAGMENT))) == seen


@pytest.mark.usefixtures("full")
def test_counts_stand_on_the_tabs_and_in_the_title(console: NewClient) -> None:
    client = console("admin")
    page = client.get("/")
    assert "<title>(9) Queue · " in page.text
    assert re.findall(r">([A-Z][a-z ]+ \(\d+\))</a>", page.text) == [
        "All (9)",
        "Safety (2)",
        "Other alerts (1)",
        "Not sent (2)",
        "Requests (1)",
        "Messages (1)",
        "To review (2)",
    ]
    assert "<title>(1) Queue · " in look(client, kind="requests").text


@pytest.mark.usefixtures("full")
def test_safety_messages_that_the_filters_leave_out_are_pointed_at(console: NewClient) -> None:
    client = console("scheduler")
    for filters, hidden in (({"kind": "requests"}, 2), ({"owner": "mine"}, 2), ({"older": "1h"}, 1)):
        assert f"{hidden} safety message" in client.get("/", params=filters).text
    assert "not shown here" not in client.get("/").text
    assert "not shown here" not in client.get("/", params={"kind": "safety"}).text


@pytest.mark.parametrize(
    "filters", [{"kind": "secrets"}, {"owner": "' OR 1=1"}, {"page": "0"}, {"page": "9" * 5_000}, {"older": "1y"}]
)
def test_filters_that_do_not_exist_are_refused_in_words(console: NewClient, filters: dict[str, str]) -> None:
    answer = console("reader").get("/", params=filters)
    assert answer.status_code == 400
    assert "queue" in answer.text


@pytest.mark.usefixtures("full")
def test_an_update_of_what_is_shown_already_is_empty(console: NewClient, engine: Engine) -> None:
    client = console("admin")
    known = known_in(client.get("/"))
    unchanged = look(client, known)
    assert (unchanged.status_code, unchanged.content, unchanged.headers[REFRESHED_AT]) == (204, b"", "9:04 am")
    rows.store(engine, rows.request(NOW))
    changed = look(client, known)
    assert changed.status_code == 200
    assert look(client, known_in(changed)).status_code == 204


@pytest.mark.usefixtures("full")
def test_an_update_comes_when_only_the_time_has_passed(console: NewClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client = console("admin")
    known = known_in(client.get("/"))
    stand_at(monkeypatch, NOW + timedelta(seconds=59))
    assert look(client, known).status_code == 204
    stand_at(monkeypatch, NOW + timedelta(seconds=61))
    assert "1 minute ago" in entries(look(client, known))["safety-flag-1"]


@pytest.mark.usefixtures("full")
def test_an_update_says_only_of_safety_messages_that_they_are_new(console: NewClient, engine: Engine) -> None:
    client = console("scheduler")
    known = known_in(client.get("/", params={"kind": "requests"}))
    rows.store(engine, rows.request(NOW), rows.flag(NOW, "too_many_texts"))
    answer = look(client, known, kind="requests")
    assert "queue-news" not in answer.text
    late = rows.flag(NOW - timedelta(minutes=5), "safety/self_harm")
    rows.store(engine, late, rows.flag(NOW + timedelta(microseconds=1)))
    answer = look(client, known_in(answer), kind="requests")
    assert '<p id="queue-news" hidden>2 new safety messages at 9:04 am.</p>' in answer.text
    assert "4 safety messages" in answer.text
    assert look(client, known_in(answer), kind="requests").status_code == 204


def test_a_new_safety_message_is_told_although_another_was_acknowledged(console: NewClient, engine: Engine) -> None:
    rows.store(engine, rows.flag(NOW - timedelta(hours=1), id="flag-1"))
    client = console("reviewer")
    known = known_in(client.get("/"))
    client.post("/queue/flags/flag-1/acknowledge")
    rows.store(engine, rows.flag(NOW))
    assert "1 new safety message at" in look(client, known).text


def test_a_made_up_state_of_the_page_is_refused(console: NewClient) -> None:
    assert look(console("reader"), "<script>").status_code == 400


@pytest.mark.usefixtures("full")
def test_acknowledging_takes_a_flag_off_everybodys_queue_and_keeps_who_was_first(
    console: NewClient, engine: Engine
) -> None:
    first, second = console("reviewer", name="maria"), console("scheduler", name="jo")
    answer = first.post("/queue/flags/flag-1/acknowledge?channel=web&page=2")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?channel=web&page=2")
    assert "Acknowledged." in first.get("/").text
    assert (
        "Somebody acknowledged this before you."
        in second.post("/queue/flags/flag-1/acknowledge", headers=FRAGMENT).text
    )
    assert "safety-flag-1" not in entries(second.get("/"))
    with transaction(engine) as session:
        by, at = session.execute(select(Flag.acknowledged_by, Flag.acknowledged_at).where(Flag.id == "flag-1")).one()
        audited = session.execute(
            select(AuditEntry.actor, AuditEntry.subject_id).where(AuditEntry.action == "flag.acknowledged")
        ).all()
    assert (by, at.replace(tzinfo=timezone.utc)) == ("maria", NOW)
    assert audited == [("maria", "flag-1"), ("jo", "flag-1")]


@pytest.mark.usefixtures("full")
def test_from_a_conversation_the_way_leads_back_to_it(console: NewClient) -> None:
    answer = console("reviewer").post("/queue/flags/flag-1/acknowledge", {"from": "conversation"})
    assert answer.headers["Location"] == "/conversations/c-1"


@pytest.mark.usefixtures("full")
def test_what_was_acknowledged_by_mistake_waits_again(console: NewClient, engine: Engine) -> None:
    client = console("scheduler")
    client.post("/queue/flags/flag-1/acknowledge")
    assert "safety-flag-1" not in entries(client.get("/"))
    answer = client.post("/queue/flags/flag-1/reopen")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/conversations/c-1")
    assert "safety-flag-1" in entries(client.get("/"))
    assert client.post("/queue/flags/flag-1/reopen").status_code == 303, "again changes nothing"
    assert client.post("/queue/flags/none/reopen").headers["Location"] == "/"
    with transaction(engine) as session:
        audited = session.execute(
            select(AuditEntry.actor, AuditEntry.subject_id).where(AuditEntry.action == "flag.reopened")
        ).all()
    assert audited == [("scheduler", "flag-1")] * 2 + [("scheduler", "none")]


@pytest.mark.usefixtures("full")
def test_a_button_gets_the_list_back_in_place_with_the_filters_it_had(console: NewClient) -> None:
    client = console("admin")
    known = known_in(client.get("/"))
    answer = client.post("/queue/flags/flag-2/acknowledge?kind=safety", {"known": known}, headers=FRAGMENT)
    assert list(entries(answer)) == ["safety-flag-1"]
    assert ">Acknowledged.</p>" in answer.text
    assert "<html" not in answer.text


@pytest.mark.usefixtures("full")
def test_who_only_reads_can_neither_acknowledge_nor_send(console: NewClient, engine: Engine) -> None:
    assert "<button id=" not in console("reader").get("/").text
    assert console("reader").post("/queue/flags/flag-1/acknowledge").status_code == 403
    for path in ("notices/notice-1/again", "notices/notice-1/handled", "texts/1/again", "texts/1/handled"):
        assert console("reviewer").post(f"/queue/{path}").status_code == 403
    with transaction(engine) as session:
        assert session.execute(select(Flag.acknowledged_at).where(Flag.id == "flag-1")).scalar() is None


@pytest.mark.usefixtures("full")
def test_what_failed_can_be_tried_again_and_leaves_the_queue(console: NewClient, engine: Engine) -> None:
    client = console("scheduler")
    client.post("/queue/notices/notice-1/again")
    assert "tried again in a moment" in client.post("/queue/texts/1/again", headers=FRAGMENT).text
    assert not set(SENDS) & set(entries(client.get("/")))
    with transaction(engine) as session:
        notice = session.execute(select(Notice)).scalar_one()
        text = session.execute(select(OutgoingText)).scalar_one()
    assert (notice.failed_at, notice.next_attempt_at) == (None, NOW.replace(tzinfo=None))
    assert (text.failed_at, text.attempts, text.body) == (None, 0, "Ann, come on Friday.")


@pytest.mark.usefixtures("full")
def test_what_failed_can_be_called_handled(console: NewClient, engine: Engine) -> None:
    client = console("scheduler", name="jo")
    for path in ("notices/notice-1/handled", "texts/1/handled"):
        assert client.post(f"/queue/{path}").status_code == 303
    assert not set(SENDS) & set(entries(client.get("/")))
    with transaction(engine) as session:
        assert session.execute(select(Notice.handled_by)).scalar_one() == "jo"
        assert tuple(session.execute(select(OutgoingText.handled_by, OutgoingText.body)).one()) == ("jo", None)


@pytest.mark.usefixtures("full")
def test_a_person_who_wants_no_texts_gets_none_and_the_entry_stays(console: NewClient, engine: Engine) -> None:
    record_consent(engine, "sms-1", "sms", state=OUT, means="keyword", wording="STOP")
    client = console("scheduler")
    answer = client.post("/queue/texts/1/again", headers=FRAGMENT)
    assert "the person has asked for no more texts" in answer.text
    assert "sends-1" in entries(answer)


def test_trying_again_is_offered_only_where_it_can_help(console: NewClient, engine: Engine) -> None:
    rows.store(
        engine,
        rows.notice(NOW, id="mail", target="email"),
        rows.notice(NOW, id="hook", target="webhook"),
        rows.outgoing_text(NOW, id=1, failed_at=NOW, body="Hello."),
        rows.outgoing_text(NOW, id=2, failed_at=NOW, body=None, last_error="opted out"),
        rows.outgoing_text(NOW, id=3, sent_at=NOW, carrier_id="SM3"),
        rows.delivery_report(NOW, "SM3"),
        rows.flag(NOW, "text_not_delivered", id="flag", turn_id="SM4", channel="sms"),
    )
    client = console("scheduler")
    shown = entries(client.get("/"))
    assert {entry: "Try again" in text for entry, text in shown.items()} == {
        "sends-mail": False,
        "sends-hook": True,
        "sends-1": True,
        "sends-2": False,
        "sends-3": False,
        "sends-flag": False,
    }
    assert all("Handled" in text for text in shown.values())
    assert "The person asked for no more texts." in shown["sends-2"]
    assert "A text message did not arrive" in shown["sends-3"]
    assert "no longer set up" in client.post("/queue/notices/mail/again", headers=FRAGMENT).text
    assert "no longer kept" in client.post("/queue/texts/3/again", headers=FRAGMENT).text
    for path in ("texts/3/handled", "flags/flag/acknowledge"):
        client.post(f"/queue/{path}")
    assert not {"sends-3", "sends-flag"} & set(entries(client.get("/")))


@pytest.mark.parametrize(
    "path", ["flags/none/acknowledge", "notices/none/again", "notices/none/handled", "texts/7/again", "texts/7/handled"]
)
def test_an_entry_that_was_erased_meanwhile_is_told_gone(console: NewClient, path: str) -> None:
    client = console("admin")
    assert "This entry is gone" in client.post(f"/queue/{path}", headers=FRAGMENT).text
    assert client.post(f"/queue/{path}").headers["Location"] == "/"


@pytest.mark.parametrize("number", ["-1", "1e3", "٣", "9" * 40])
def test_a_text_is_known_by_a_number(console: NewClient, number: str) -> None:
    assert console("admin").post(f"/queue/texts/{number}/handled").status_code == 404


def test_hostile_values_are_shown_as_they_are(console: NewClient, engine: Engine) -> None:
    hostile = "\"><script>alert(1)</script>'{{7*7}}"
    own = f"c{hostile}/../admin"
    rows.store(
        engine,
        rows.flag(NOW, f"safety/{hostile}", id="flag-1", conversation_id=own, channel="<b>sms</b>"),
        rows.flag(NOW, hostile, id="flag-2"),
        rows.notice(NOW, id="notice-1", last_error=hostile, kind=hostile, subject_id=hostile, target=hostile),
        rows.outgoing_text(NOW, failed_at=NOW, conversation_id=own, last_error=hostile, body=hostile),
        rows.request(NOW, assignee=hostile, conversation_id=own),
        rows.conversation(NOW, own, "low_confidence"),
    )
    for role in ROLES:
        client = console(role)
        for answer in (client.get("/"), look(client)):
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text
            assert "<b>sms" not in answer.text
            assert "'{{7*7}}" in unescape(answer.text)
            assert "'49" not in unescape(answer.text)
            assert f'href="/conversations/{quote(own, safe="")}"' in answer.text


def test_the_order_goes_on_from_page_to_page(console: NewClient, engine: Engine) -> None:
    rows.store(engine, *(rows.request(NOW - timedelta(minutes=number), id=f"{number:03}") for number in range(60)))
    client = console("scheduler")
    first = client.get("/", params={"kind": "requests"})
    assert list(entries(first)) == [f"requests-{number:03}" for number in range(59, 9, -1)]
    assert 'href="/?kind=requests&amp;page=2" rel="next"' in first.text
    assert list(entries(client.get("/?kind=requests&page=2"))) == [
        f"requests-{number:03}" for number in range(9, -1, -1)
    ]


def test_nothing_that_waits_is_said_plainly(console: NewClient) -> None:
    page = console("reader").get("/")
    assert "Nothing waits here." in page.text
    assert "<title>Queue · " in page.text


@pytest.mark.usefixtures("full")
def test_looking_at_the_list_changes_nothing_and_leaves_no_row_in_the_audit(console: NewClient, engine: Engine) -> None:
    client = console("admin")
    written: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: written.append(statement))
    look(client)
    assert [statement for statement in written if not statement.startswith("SELECT")] == []
    assert len(written) <= 4
    client.get("/")
    with transaction(engine) as session:
        assert session.execute(select(AuditEntry.action)).scalars().all() == ["queue.viewed"]


def test_a_database_that_is_away_is_told_with_503(console: NewClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    client = console("admin")
    monkeypatch.setattr(queue_page, "read_page", fail)
    for answer in (client.get("/"), look(client)):
        assert answer.status_code == 503
        assert "The database does not answer" in answer.text


def test_a_review_ends_an_entry_until_the_conversation_goes_on(console: NewClient, engine: Engine) -> None:
    rows.store(engine, rows.conversation(NOW, "c-1", "sample"), rows.conversation_review(NOW, "c-1", 3))
    client = console("reviewer")
    assert entries(client.get("/")) == {}
    with transaction(engine) as session:
        session.execute(update(rows.LoggedConversation).values(turn_count=4))
    assert list(entries(client.get("/"))) == ["reviews-c-1"]
