"""The pages of figures and of what is not covered: who sees what, in which words, as which files."""

import csv
import io
import re
from typing import Any

import httpx
import pytest
from sqlalchemy import event, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import transaction
from console.insight_figures import FIGURES
from conversations.text_digest import text_digest
from conversations.turn_log import LoggedTurn
from tests.clinic.stored_work import store_message, store_request
from tests.console.audit_rows import audit_rows
from tests.console.conftest import ROLES, NewClient
from tests.console.insight_log import AFTERWARDS, at, store_log
from tests.console.page_markup import Markup, foreign_elements
from tests.console.talk_rows import store_talk, turn
from tests.console.work_rows import CANARIES, CONTACT, PAYLOAD

WEEK = "from=2026-11-16&to=2026-11-22"
FIGURE_PAGE, UNCOVERED_PAGE = f"/insights?{WEEK}", f"/insights/uncovered?{WEEK}"
PRICE = "uncovered/cost_insurance"


@pytest.fixture(autouse=True)
def after_the_week(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTERWARDS)


def ask_price(engine: Engine, texts: list[str], first: int = 1, day: int = 18, **values: Any) -> None:
    """Conversations of one message each about the price."""
    for number, text in enumerate(texts, first):
        asked = turn(text, label=PRICE, outcome="uncovered", **values)
        store_talk(engine, f"price-{number}", [asked], began=at(day, 9, number))


def words(page: httpx.Response) -> str:
    return " ".join(" ".join(Markup(page.text).texts).split())


def cells(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_the_figures_and_each_look_is_recorded(engine: Engine, console: NewClient, role: str) -> None:
    store_log(engine)
    client = console(role)
    assert "12 in all, 10 more than the 7 days before." in words(client.get(FIGURE_PAGE))
    assert client.get(UNCOVERED_PAGE).status_code == 200
    assert client.get(f"/insights/figures/volume.csv?{WEEK}").status_code == 200
    assert client.get(f"/insights/uncovered/topics.csv?{WEEK}&channel=sms").status_code == 200
    days = {"first": "2026-11-16", "last": "2026-11-22"}
    assert [(row.action, row.actor, row.subject, row.details) for row in audit_rows(engine)] == [
        ("insights.viewed", role, "figures", {**days, "channel": ""}),
        ("insights.uncovered_viewed", role, "uncovered", {**days, "channel": ""}),
        ("insights.exported", role, "volume", {**days, "channel": ""}),
        ("insights.uncovered_exported", role, "uncovered-topics", {**days, "channel": "sms"}),
    ]


def test_no_contact_details_are_anywhere(engine: Engine, console: NewClient) -> None:
    store_request(engine, 7, at(18, 9), **CONTACT, preferred_time="canary wish", reason="canary reason")
    store_message(engine, 7, at(18, 9), **CONTACT, text="canary reason")
    ask_price(engine, ["how much"])
    client = console("admin")
    paths = [f"/insights/figures/{key}.csv?{WEEK}" for key in FIGURES]
    for path in (FIGURE_PAGE, UNCOVERED_PAGE, *paths):
        text = client.get(path).text
        assert not [canary for canary in CANARIES if canary.lower() in text.lower()]


def test_an_empty_database_says_so_kindly(console: NewClient) -> None:
    client = console("reader")
    for path in ("/insights", "/insights?days=7", "/insights?from=2026-11-01&to=2026-11-01"):
        assert "Nothing was written in these days." in words(client.get(path))
    assert "Nobody asked anything in these days" in words(client.get("/insights/uncovered"))
    for key in FIGURES:
        assert len(cells(client.get(f"/insights/figures/{key}.csv"))) >= 1


@pytest.mark.parametrize("page", ["/insights", "/insights/uncovered"])
def test_wrong_days_are_said_and_kept_in_the_form(console: NewClient, page: str) -> None:
    answer = console("reader").get(f"{page}?from=2026-11-20&to=2026-11-02&channel=sms")
    assert answer.status_code == 400
    assert "The first day is after the last day." in words(answer)
    fields = {each.get("id"): each for tag, each in Markup(answer.text).elements if tag == "input"}
    assert (fields["from"]["value"], fields["to"]["value"]) == ("2026-11-20", "2026-11-02")
    assert fields["from"]["aria-invalid"] == "true"
    chosen = [each["value"] for tag, each in Markup(answer.text).elements if tag == "option" and "selected" in each]
    assert chosen == ["sms"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/insights/figures/volume.csv?days=8", 400),
        ("/insights/uncovered/topics.csv?channel=fax", 400),
        ("/insights/figures/nothing.csv", 404),
        ("/insights/uncovered/nothing.csv", 404),
    ],
)
def test_there_is_no_file_for_what_is_not_there(console: NewClient, path: str, status: int) -> None:
    assert console("reader").get(path).status_code == status


def test_hostile_days_never_become_markup(console: NewClient) -> None:
    answer = console("reader").get("/insights", params={"from": PAYLOAD, "to": PAYLOAD})
    assert answer.status_code == 400
    assert foreign_elements(answer.text) == []


def test_days_that_are_not_over_are_compared_fairly_and_say_so(engine: Engine, console: NewClient) -> None:
    store_log(engine)
    client = console("reader")
    assert "up to the same hour" in words(client.get("/insights?days=30"))
    assert "up to the same hour" not in words(client.get(FIGURE_PAGE))


def test_the_night_on_which_the_clock_is_changed_has_both_hours(engine: Engine, console: NewClient) -> None:
    for number, hour in enumerate((6, 7, 7)):
        # One in the morning twice: at six and at seven, UTC.
        began = at(1, 12).replace(hour=hour, minute=number)
        store_talk(engine, f"night-{number}", [turn("hello")], began=began)
    lines = cells(console("reader").get("/insights/figures/volume.csv?from=2026-11-01&to=2026-11-01"))
    assert len(lines) == 1 + 25
    assert [line[:2] for line in lines[1:4]] == [["12:00 am", "0"], ["1:00 am CDT", "1"], ["1:00 am CST", "2"]]
    of_day = cells(console("reader").get("/insights/figures/hours.csv?from=2026-11-01&to=2026-11-01"))
    assert ["1 am", "3"] in of_day
    assert len(of_day) == 1 + 24


def test_a_file_has_the_figures_table_under_a_plain_name(engine: Engine, console: NewClient) -> None:
    store_log(engine)
    answer = console("reader").get(f"/insights/figures/topics.csv?{WEEK}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "topics-2026-11-16-2026-11-22.csv" in answer.headers["content-disposition"]
    lines = cells(answer)
    assert lines[0] == ["Topic", "Messages", "The 7 days before", "Share (%)", "Mean confidence (%)"]
    assert lines[1] == ["Causes", "2", "1", "40.0", "80.0"]


def test_a_topic_is_counted_with_its_further_questions(engine: Engine, console: NewClient) -> None:
    store_log(engine)
    client = console("reader")
    lines = cells(client.get(f"/insights/uncovered/topics.csv?{WEEK}"))
    counted = {line[0]: line[1:] for line in lines[1:] if line[1:3] != ["0", "0"]}
    assert counted == {"Cost and insurance": ["1", "1", "50.0"], "Are they contagious": ["1", "0", "50.0"]}
    page = words(client.get(UNCOVERED_PAGE))
    assert "2 in all: ▲ 1 more than the 7 days before ." in page
    assert "what does it cost, and can I catch it" in page
    assert "Products and home remedies" not in page


def test_messages_that_say_the_same_are_one_example_with_their_number(engine: Engine, console: NewClient) -> None:
    ask_price(engine, ["How much?", "how  much", "a", "b", "how much!", "c", "d", "e", "f"])
    page = console("reader").get(UNCOVERED_PAGE)
    topic = page.text.split("<h2>Not understood")[0]
    shown = re.findall(r'href="/conversations/([^"]+)">([^<]*)</a>', topic)
    assert len(shown) == 5
    same = text_digest("How much?") == text_digest("how  much") == text_digest("how much!")
    assert same
    assert shown[0] == ("price-5#turn-1", "how much!")
    assert "× 3 messages that say the same" in words(page)
    assert [text for _, text in shown[1:]] == ["f", "e", "d", "c"]


def test_an_example_leads_to_its_turn(engine: Engine, console: NewClient) -> None:
    store_log(engine)
    client = console("reviewer")
    link = re.search(r'href="(/conversations/causes)#turn-2"', client.get(UNCOVERED_PAGE).text)
    assert link
    answer = client.get(link.group(1))
    assert answer.status_code == 200
    assert 'id="turn-2"' in answer.text


def test_deleted_texts_are_counted_and_never_shown(engine: Engine, console: NewClient) -> None:
    ask_price(engine, ["how much", "the price"])
    with transaction(engine) as session:
        session.execute(update(LoggedTurn).values(text=None))
    page = words(console("reader").get(UNCOVERED_PAGE))
    assert "2 messages (100 %)" in page
    assert "The texts of these messages are deleted; only their number is kept." in page
    assert "None" not in page


def test_what_was_missed_is_put_together_by_shared_words(engine: Engine, console: NewClient) -> None:
    missed = ["do you do laser", "laser for scars?", "laser for scars?", "botox", "qwerty"]
    for number, text in enumerate(missed):
        asked = turn(
            text, label="faq/causes" if number else "out_of_scope", outcome="fallback" if number else "conversation"
        )
        store_talk(engine, f"missed-{number}", [asked], began=at(18, 9, number))
    lines = cells(console("reader").get(f"/insights/uncovered/not-understood.csv?{WEEK}"))
    assert lines[1:] == [
        ["laser", "laser for scars?", "2"],
        ["laser", "do you do laser", "1"],
        ["", "qwerty", "1"],
        ["", "botox", "1"],
    ]
    page = words(console("reader").get(UNCOVERED_PAGE))
    assert "5 messages: ▲ 5 more than the 7 days before" in page
    assert "“laser” 3" in page


def test_hostile_texts_and_labels_stay_text(engine: Engine, console: NewClient) -> None:
    ask_price(engine, [PAYLOAD, "{{ 7*7 }}"])
    strange = turn(PAYLOAD, label="<script>new</script>", outcome="<b>odd</b>", channel="<i>fax</i>", language="<u>xx")
    store_talk(engine, "odd<id>\"'/..", [strange], began=at(18, 9))
    store_talk(engine, "a/b?c#d", [turn("laser", outcome="fallback")], began=at(18, 9))
    client = console("reader")
    for path in (FIGURE_PAGE, UNCOVERED_PAGE):
        page = client.get(path)
        assert foreign_elements(page.text) == []
        assert not [tag for tag, _ in Markup(page.text).elements if tag in ("b", "i", "u")]
    assert PAYLOAD in Markup(client.get(UNCOVERED_PAGE).text).texts
    assert "<script>new</script>" in Markup(client.get(FIGURE_PAGE).text).texts
    assert 'href="/conversations/a%2Fb%3Fc%23d#turn-1"' in client.get(UNCOVERED_PAGE).text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_is_never_a_formula_in_a_file(engine: Engine, console: NewClient, start: str) -> None:
    text = f'{start}HYPERLINK("https://evil.example")'
    ask_price(engine, [text])
    store_talk(engine, "odd", [turn("hello", label=f"{start}SUM(1)")], began=at(18, 9))
    client = console("reader")
    assert cells(client.get(f"/insights/uncovered/examples.csv?{WEEK}"))[1][1] == f"'{text}"
    topics = cells(client.get(f"/insights/figures/topics.csv?{WEEK}"))
    assert f"'{start}SUM(1)" in [line[0] for line in topics]


@pytest.mark.parametrize(("path", "queries"), [(FIGURE_PAGE, 8), (UNCOVERED_PAGE, 4)])
def test_the_number_of_queries_does_not_grow_with_the_log(
    engine: Engine, console: NewClient, path: str, queries: int
) -> None:
    client = console("reader")
    client.get(path)
    few = statements(engine, client, path)
    store_log(engine)
    ask_price(engine, [f"price of {number}" for number in range(40)])
    many = statements(engine, client, path)
    assert len(many) == len(few)
    of_page = [each for each in many if re.search("logged_|appointment_requests|staff_messages|feedback", each)]
    assert len(of_page) == queries


def statements(engine: Engine, client: httpx.Client, path: str) -> list[str]:
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", listen)
    return asked
