"""The admin's pages of the audit."""

import csv
import io
from datetime import datetime, timezone

import pytest
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.settings import Settings
from console import audit_log, audit_reading
from console.audit_reading import PAGE_ROWS
from tests.console.audit_rows import audit_rows
from tests.console.conftest import NewClient


def record(engine: Engine, settings: Settings, actor: str, action: str, subject: str = "", **details: object) -> None:
    kind = "conversation" if subject else None
    audit_log.record(
        engine,
        settings.secret_key,
        actor=actor,
        action=action,
        subject_kind=kind,
        subject_id=subject or None,
        details=details,
    )


@pytest.fixture
def some(engine: Engine, settings: Settings) -> None:
    record(engine, settings, "maria", "conversation.viewed", "sms-1")
    record(engine, settings, "omar", "conversation.viewed", "sms-2")
    record(engine, settings, "", "login.failed")


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"actor": "maria"}, ["sms-1"], ["sms-2"]),
        ({"actor": "(nobody)"}, ["<td>login.failed</td>"], ["sms-1", "sms-2"]),
        ({"action": "login.failed"}, ["<td>login.failed</td>"], ["sms-1", "sms-2"]),
        ({"subject_kind": "conversation", "subject_id": "sms-2"}, ["sms-2"], ["sms-1"]),
        ({"subject_kind": "request"}, ["No row fits."], ["sms-1"]),
        ({}, ["sms-1", "sms-2"], ["No row fits."]),
    ],
)
def test_rows_are_found_by_person_action_and_subject(
    console: NewClient, some: None, query: dict[str, str], shown: list[str], hidden: list[str]
) -> None:
    page = console("admin").get("/audit", params=query)
    table = page.text.split("</form>", 2)[2]  # without the filters, which show what was asked for
    assert page.status_code == 200
    assert all(text in table for text in shown)
    assert not any(text in table for text in hidden)


@pytest.mark.parametrize(
    ("first_day", "last_day", "found"),
    [("2026-03-01", "2026-03-01", True), ("2026-03-02", "", False), ("", "2026-02-28", False)],
)
def test_days_are_those_of_the_clinics_clock(
    console: NewClient,
    engine: Engine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    first_day: str,
    last_day: str,
    found: bool,
) -> None:
    with monkeypatch.context() as then:
        # 11 pm on 1 March in Chicago
        then.setattr(clock, "now", lambda: datetime(2026, 3, 2, 5, 0, tzinfo=timezone.utc))
        record(engine, settings, "maria", "conversation.viewed", "sms-1")
    answer = console("admin").get("/audit", params={"first_day": first_day, "last_day": last_day, "actor": "maria"})
    assert ("sms-1" in answer.text) is found


def test_what_is_no_date_is_said_plainly(console: NewClient) -> None:
    answer = console("admin").get("/audit", params={"first_day": "yesterday"})
    assert answer.status_code == 400
    assert "such as 2026-11-02" in answer.text


def test_pages_lead_to_older_rows_and_back(console: NewClient, engine: Engine, settings: Settings) -> None:
    for number in range(PAGE_ROWS * 2 + 5):
        record(engine, settings, "maria", "conversation.viewed", f"row-{number}-")
    client = console("admin")
    seen = []
    address = "/audit?actor=maria"
    for _ in range(3):
        page = client.get(address).text
        seen.append([number for number in range(PAGE_ROWS * 2 + 5) if f"row-{number}-" in page])
        older = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
        has_older = 'rel="next"' in page
        address = older if has_older else address
    assert [len(numbers) for numbers in seen] == [PAGE_ROWS, PAGE_ROWS, 5]
    assert not has_older
    assert sorted(number for numbers in seen for number in numbers) == list(range(PAGE_ROWS * 2 + 5))
    newer = page.partition('rel="prev"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    back = client.get(newer).text
    assert [number for number in range(PAGE_ROWS * 2 + 5) if f"row-{number}-" in back] == seen[1]


def test_the_export_holds_what_fits_and_computes_nothing(
    console: NewClient, engine: Engine, settings: Settings
) -> None:
    record(engine, settings, "maria", "conversation.viewed", "=HYPERLINK(1)", turns=2)
    record(engine, settings, "omar", "conversation.viewed", "sms-2")
    answer = console("admin").get("/audit.csv", params={"actor": "maria"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert len(header) == len(row) == 7
    assert (row[2], row[5], row[6]) == ("maria", "'=HYPERLINK(1)", '{"turns":2}')


def test_an_export_of_too_many_rows_asks_for_fewer_days(
    console: NewClient, some: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = console("admin")
    monkeypatch.setattr(audit_reading, "MOST_EXPORTED", 1)
    answer = client.get("/audit.csv")
    assert answer.status_code == 400
    assert "choose fewer days" in answer.text
    monkeypatch.setattr(audit_reading, "MOST_EXPORTED", 100)
    assert client.get("/audit.csv").status_code == 200


def test_looking_and_exporting_are_recorded_with_the_filters_names_alone(
    console: NewClient, engine: Engine, some: None
) -> None:
    client = console("admin")
    client.get("/audit", params={"actor": "maria", "subject_id": "sms-1"})
    client.get("/audit.csv", params={"actor": "maria"})
    looked, exported = audit_rows(engine)[-2:]
    assert (looked.action, looked.details) == ("audit.viewed", {"filters": ["actor", "subject_id"]})
    assert (exported.action, exported.details) == ("audit.exported", {"filters": ["actor"], "rows": 1})


def test_the_check_says_whole_and_names_the_head(console: NewClient, some: None) -> None:
    page = console("admin").post("/audit/check")
    assert "The audit is whole: 3 rows." in page.text


def test_the_check_names_what_is_broken(console: NewClient, engine: Engine, some: None) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entries_are_not_changed")
        connection.exec_driver_sql("UPDATE audit_entries SET actor = 'maria' WHERE id = 2")
    page = console("admin").post("/audit/check")
    assert "row 2 was changed" in page.text
    assert audit_rows(engine)[-1].details == {"whole": False, "rows": 1}


def test_the_check_finds_a_cut_off_end_by_the_noted_head(console: NewClient, some: None) -> None:
    assert "missing" in console("admin").post("/audit/check", {"head": "f" * 64}).text


@pytest.mark.parametrize("row", ["-1", "x", "9" * 30, "0", "²"])
def test_made_up_page_numbers_break_nothing(console: NewClient, some: None, row: str) -> None:
    client = console("admin")
    assert client.get("/audit", params={"before": row}).status_code == 200
    assert client.get("/audit", params={"after": row}).status_code == 200
