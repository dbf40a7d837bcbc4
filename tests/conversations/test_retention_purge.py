"""The purge removes what a look before it counted, all of what is past its time, and nothing that is not."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.clock import in_utc
from clinic.retention_settings import RetentionSettings
from conversations.retention.classes import total
from conversations.retention.purge import Keeper, look, purge
from conversations.retention.runs import COMMAND, last_runs
from conversations.retention.tables import RetentionReceipt
from tests.conversations import made_up_store
from tests.conversations.made_up_store import NOW

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]
DAYS = RetentionSettings()
SHORTEST = {
    "events": DAYS.transcript_days,
    "turns": DAYS.transcript_days,
    "offered_choices": DAYS.transcript_days,
    "web_sessions": DAYS.transcript_days,
    "logged_turns": DAYS.log_days,
    "logged_conversations": DAYS.log_days,
    "turn_reviews": DAYS.log_days,
    "conversation_reviews": DAYS.log_days,
    "feedback": DAYS.counts_days,
    "appointment_requests": DAYS.requests_days,
    "staff_messages": DAYS.requests_days,
    "flags": DAYS.flags_days,
    "incoming_texts": DAYS.texts_days,
    "outgoing_texts": DAYS.texts_days,
    "delivery_reports": DAYS.texts_days,
    "text_contacts": DAYS.texts_days,
    "consents": DAYS.texts_days,
    "candidates": DAYS.teaching_days,
    "corrections": DAYS.teaching_days,
    "login_attempts": DAYS.sign_in_days,
    "console_sessions": DAYS.sign_in_days,
    "invitations": DAYS.sign_in_days,
    "erasures": DAYS.receipts_days,
}
MOMENT = {
    "events": "timestamp",
    "turns": "claimed_at",
    "offered_choices": "offered_at",
    "web_sessions": "last_seen_at",
    "logged_turns": "started_at",
    "logged_conversations": "last_activity_at",
    "turn_reviews": "reviewed_at",
    "conversation_reviews": "reviewed_at",
    "feedback": "given_at",
    "appointment_requests": "updated_at",
    "staff_messages": "updated_at",
    "flags": "acknowledged_at",
    "incoming_texts": "received_at",
    "delivery_reports": "reported_at",
    "text_contacts": "first_seen_at",
    "consents": "recorded_at",
    "candidates": "finished_at",
    "corrections": "proposed_at",
    "login_attempts": "tried_at",
    "console_sessions": "last_seen_at",
    "invitations": "expires_at",
    "erasures": "completed_at",
}
"""By what a row of each table is called old, said here once more and apart from the rules."""


@pytest.fixture(autouse=True)
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr("conversations.retention.purge.SECONDS_BETWEEN_BATCHES", 0.0)


@pytest.fixture
def keeper(engine: Engine, tmp_path: Path) -> Keeper:
    return Keeper(engine, tmp_path, DAYS)


def age(value: Any) -> timedelta:
    moment = datetime.fromtimestamp(value, timezone.utc) if isinstance(value, float) else in_utc(value)
    return NOW - moment


def without_runs(rows: Rows) -> Rows:
    return {name: table for name, table in rows.items() if not name.startswith("retention_")}


def touched(before: Rows, after: Rows) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows that went or were changed, as they were."""
    for name, table in without_runs(before).items():
        yield from ((name, row) for key, row in table.items() if after[name].get(key) != row)


# A smaller case would take minutes to find, and is not easier to read.
@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(chance=st.randoms(use_true_random=False))
def test_a_run_removes_what_a_look_counts_and_a_second_one_nothing(keeper: Keeper, chance: random.Random) -> None:
    made_up_store.empty(keeper.engine)
    made_up_store.fill(keeper.engine, chance)
    expected = look(keeper)
    before = made_up_store.content(keeper.engine)
    assert look(keeper) == expected
    assert made_up_store.content(keeper.engine) == before
    assert purge(keeper, COMMAND) == expected
    after = made_up_store.content(keeper.engine)
    assert total(look(keeper)) == 0
    assert total(purge(keeper, COMMAND)) == 0
    assert without_runs(made_up_store.content(keeper.engine)) == without_runs(after)
    _nothing_young_went(before, after)
    _nothing_protected_went(before, after)


def _nothing_young_went(before: Rows, after: Rows) -> None:
    for name, row in touched(before, after):
        if name in MOMENT:
            moment = row[MOMENT[name]]
            assert moment is None or age(moment) > timedelta(days=SHORTEST[name]), (name, row)
    spoke_lately = {
        row[column]
        for name, column in (("turns", "conversation_id"), ("events", "sender_id"), ("web_sessions", "id"))
        for row in before[name].values()
        if age(row[MOMENT[name]]) <= timedelta(days=DAYS.transcript_days)
    }
    for name, row in touched(before, after):
        if name in ("events", "turns", "offered_choices", "conversation_states", "web_sessions"):
            assert (row.get("conversation_id") or row.get("sender_id") or row["id"]) not in spoke_lately


def _nothing_protected_went(before: Rows, after: Rows) -> None:
    gone = list(touched(before, after))
    subjects = {key[0] for name in ("appointment_requests", "staff_messages") for key in after[name]}
    for name, row in gone:
        assert name not in ("accounts", "audit_entries", "promotions"), name
        if name == "appointment_requests":
            assert row["status"] in ("booked", "closed", "withdrawn")
        if name == "staff_messages":
            assert row["status"] == "closed"
        if name == "outgoing_texts":
            assert row["sent_at"] or (row["failed_at"] and row["handled_at"])
        if name == "outbox" and row["subject_id"] in subjects:
            assert row["delivered_at"] or (row["failed_at"] and row["handled_at"])
        if name == "request_changes":
            assert row["request_id"] not in subjects
        if name == "message_changes":
            assert row["message_id"] not in subjects
        if name == "corrections":
            still = after["corrections"].get((row["id"],))
            assert still or (row["state"] in ("rejected", "refused") and not row["taught_label"])
            assert still is None or (still["text"], still["label"]) == (row["text"], row["label"])
        if name == "flags":
            assert row["acknowledged_at"]
        if name == "text_contacts":
            _nobody_needs_the_number(before, row["conversation_id"])
    assert {key: (row["conversation_id"], row["state"]) for key, row in before["consents"].items()} == {
        key: (row["conversation_id"], row["state"]) for key, row in after["consents"].items()
    }


def _nobody_needs_the_number(before: Rows, conversation_id: str) -> None:
    def mine(name: str) -> list[dict[str, Any]]:
        return [row for row in before[name].values() if row["conversation_id"] == conversation_id]

    assert not [row for row in mine("outgoing_texts") if not (row["sent_at"] or row["failed_at"])]
    assert not [row for row in mine("appointment_requests") if row["status"] in ("open", "contacted")]
    assert not [row for row in mine("staff_messages") if row["status"] in ("open", "contacted")]
    assert not [row for row in mine("flags") if row["acknowledged_at"] is None]
    words = sorted((row["id"], row["state"]) for row in mine("consents"))
    assert not words or words[-1][1] == "out"


def test_the_receipt_says_what_went_and_holds_nothing_personal(keeper: Keeper) -> None:
    made_up_store.fill(keeper.engine, random.Random(5))
    with keeper.engine.begin() as connection:
        for table in (RetentionReceipt.__table__,):
            connection.execute(delete(table))
    removed = {(each.retention_class, each.store): each.removed for each in purge(keeper, COMMAND) if each.removed}
    newest = next(run for run in last_runs(keeper.engine, 20) if run.removals)
    assert newest.finished_at == NOW
    assert {(each.retention_class, each.store): each.removed for each in newest.removals} == removed
    assert sum(removed.values()) == newest.removed > 0


def test_each_class_has_its_own_time(keeper: Keeper) -> None:
    made_up_store.empty(keeper.engine)
    from clinic.flags import Flag  # noqa: PLC0415

    with keeper.engine.begin() as connection:
        connection.execute(
            insert(Flag.__table__).values(
                id="f",
                conversation_id="c",
                turn_id="t",
                label="safety/emergency",
                channel="web",
                acknowledged_at=NOW - timedelta(days=40),
                created_at=NOW - timedelta(days=50),
            )
        )
    assert total(look(keeper)) == 0
    assert total(look(replace(keeper, settings=RetentionSettings(flags_days=39)))) == 1
    purge(replace(keeper, settings=RetentionSettings(flags_days=39)), COMMAND)
    with keeper.engine.connect() as connection:
        assert connection.execute(select(Flag.__table__)).all() == []
