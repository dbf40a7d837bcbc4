"""Danger is told to the staff at once: with its flag or not at all, before all else, without a word of the visitor."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic import clock
from clinic.database import transaction
from clinic.erasures import complete_erasure, erase_records
from clinic.flags import (
    QUIET_AFTER_NOTICE,
    TEXT_NOT_DELIVERED,
    TOO_MANY_TEXTS,
    Flag,
    acknowledge,
    flag_turn,
)
from clinic.notices.claims import ClaimedNotice, claim_next, give_up
from clinic.notices.courier import Courier, Outcome, couriers
from clinic.notices.retries import LONGEST_PAUSE_OF_DANGER
from clinic.notices.wording import subject
from clinic.outbox import Notice
from clinic.settings import Settings
from clinic.urgency import ORDER_OF_URGENCY
from tests.clinic.notice_receivers import MailServer, WebhookReceiver
from tests.clinic.stored_notices import notices, settings_for, store_message, store_request
from tests.ports import free_port

EMERGENCY, SELF_HARM, INFECTION, LESION = ORDER_OF_URGENCY
CONVERSATION, TURN = "conversation-of-somebody", "turn-of-somebody"
CONSOLE = "https://staff.example.com"
BOTH = ("email", "webhook")
MOMENT = datetime(2026, 11, 23, 15, 4, tzinfo=timezone.utc)

Wait = Callable[[timedelta], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """Stop the clock, and let it go on by so much at each call. A receiver takes no signature of another day."""
    now = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def go_on(span: timedelta) -> None:
        now[0] += span

    return go_on


def say(engine: Engine, turn_id: str, label: str = EMERGENCY, **values: Any) -> None:
    given = {"conversation_id": CONVERSATION, "channel": "web", "targets": ("webhook",), **values}
    flag_turn(engine, turn_id=turn_id, label=label, **given)


def told(engine: Engine) -> list[str]:
    return [notice.kind for notice in notices(engine)]


def flags(engine: Engine) -> list[Any]:
    with transaction(engine) as session:
        return list(session.execute(select(Flag).order_by(Flag.created_at)).scalars())


def courier(engine: Engine, settings: Settings) -> Courier:
    (only,) = couriers(engine, settings)
    return only


def test_a_new_flag_is_told_once_to_each_target_however_often_its_turn_is_delivered(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: say(engine, TURN, targets=BOTH), range(8)))
    (flag,) = flags(engine)
    stored = [(notice.kind, notice.subject_id, notice.urgency, notice.channel) for notice in notices(engine)]
    assert stored == [(EMERGENCY, flag.id, "urgent", "web")] * 2
    assert {notice.target for notice in notices(engine)} == set(BOTH)


def test_where_nothing_is_configured_the_flag_is_stored_alone(engine: Engine) -> None:
    say(engine, TURN, targets=())
    assert (len(flags(engine)), notices(engine)) == (1, [])


@pytest.mark.parametrize("table", ["flags", "outbox"])
def test_flag_and_notice_are_stored_together_or_not_at_all(engine: Engine, table: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO away")
    with pytest.raises(SQLAlchemyError):
        say(engine, TURN)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE away RENAME TO {table}")
    assert (flags(engine), notices(engine)) == ([], [])
    say(engine, TURN)
    assert (len(flags(engine)), told(engine)) == (1, [EMERGENCY])


@pytest.mark.parametrize("label", [TEXT_NOT_DELIVERED, TOO_MANY_TEXTS])
def test_a_flag_of_no_danger_is_for_the_queue_alone(engine: Engine, label: str) -> None:
    say(engine, TURN, label)
    assert (len(flags(engine)), notices(engine)) == (1, [])


def test_each_label_of_danger_fits_into_the_kind_of_a_notice() -> None:
    assert max(len(label) for label in ORDER_OF_URGENCY) <= Notice.__table__.c.kind.type.length


def test_an_e_mail_says_which_danger_when_and_where_to_look_and_nothing_of_the_visitor(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MOMENT)
    say(engine, TURN, channel="sms", targets=("email",))
    (flag,) = flags(engine)
    with MailServer() as server:
        settings = settings_for(tmp_path, mail_port=server.port, CONSOLE_URL=CONSOLE)
        assert courier(engine, settings).deliver_next() is Outcome.DELIVERED
    (mail,) = server.mails
    assert mail["Subject"] == "Urgent: a visitor may have a medical emergency (text message)"
    assert mail["Importance"] == "high"
    lines = mail.get_content().splitlines()
    assert "When:       Monday, November 23, 2026, 09:04 CST" in lines
    assert f"Label:      {EMERGENCY}" in lines
    assert f"Console:    {CONSOLE}/?kind=safety#safety-{flag.id}" in lines
    assert not any(word in mail.as_string() for word in (CONVERSATION, TURN))


def test_a_webhook_says_the_same(engine: Engine, tmp_path: Path) -> None:
    say(engine, TURN, SELF_HARM)
    (flag,) = flags(engine)
    with WebhookReceiver() as receiver:
        settings = settings_for(tmp_path, webhook_url=receiver.url, CONSOLE_URL=CONSOLE)
        assert courier(engine, settings).deliver_next() is Outcome.DELIVERED
    (received,), (notice,) = receiver.received, notices(engine)
    assert received.content == {
        "type": "safety_flag.created",
        "timestamp": clock.in_utc(notice.created_at).astimezone(settings.clinic_timezone).isoformat(),
        "data": {
            "id": flag.id,
            "version": 1,
            "urgency": "urgent",
            "channel": "web",
            "waiting": {"appointment_requests": 0, "messages": 0, "urgent_messages": 0},
            "label": SELF_HARM,
            "link": f"{CONSOLE}/?kind=safety#safety-{flag.id}",
        },
    }
    assert not any(word in json.dumps([received.content, received.headers]) for word in (CONVERSATION, TURN))


def test_each_danger_has_words_of_its_own_and_one_that_is_not_known_is_danger_all_the_same() -> None:
    subjects = {label: subject(_claimed(label)) for label in (*ORDER_OF_URGENCY, "safety/of_a_newer_version")}
    assert len(set(subjects.values())) == len(subjects)
    assert subjects["safety/of_a_newer_version"] == "Urgent: a visitor may be in danger (web chat)"


def _claimed(kind: str) -> ClaimedNotice:
    return ClaimedNotice("n", kind, "s", 1, "urgent", "web", 1, MOMENT, MOMENT)


def test_danger_goes_out_before_all_else_by_its_urgency_and_then_by_age(
    engine: Engine, tmp_path: Path, wait: Wait
) -> None:
    store_request(engine, ("webhook",))
    store_message(engine, ("webhook",), urgency="urgent")
    said = [LESION, EMERGENCY, INFECTION, SELF_HARM, EMERGENCY]
    for number, label in enumerate(said):
        wait(timedelta(seconds=1))
        say(engine, f"turn-{number}", label, conversation_id=f"conversation-{number}")
    with WebhookReceiver() as receiver:
        sender = courier(engine, settings_for(tmp_path, webhook_url=receiver.url))
        while sender.deliver_next() is Outcome.DELIVERED:
            pass
    sent = [received.content["data"] for received in receiver.received]
    assert [data.get("label") for data in sent[:5]] == [EMERGENCY, EMERGENCY, SELF_HARM, INFECTION, LESION]
    assert [received.content["type"] for received in receiver.received[5:]] == [
        "staff_message.created",
        "appointment_request.created",
    ]
    by_turn = {flag.turn_id: flag.id for flag in flags(engine)}
    assert [data["id"] for data in sent[:2]] == [by_turn["turn-1"], by_turn["turn-4"]]


def test_danger_is_tried_again_after_minutes_and_never_waits_for_an_hour(
    engine: Engine, tmp_path: Path, wait: Wait
) -> None:
    say(engine, TURN)
    sender = courier(engine, settings_for(tmp_path, webhook_url=f"http://127.0.0.1:{free_port()}/"))
    for _ in range(20):
        assert sender.deliver_next() is Outcome.PUT_OFF
        wait(LONGEST_PAUSE_OF_DANGER)
    (notice,) = notices(engine)
    assert notice.attempts == 20


def test_what_the_same_conversation_says_next_is_flagged_without_a_further_notice(engine: Engine, wait: Wait) -> None:
    for number in range(5):
        say(engine, f"turn-{number}")
        wait(timedelta(minutes=1))
    say(engine, "turn-of-less", LESION)
    assert (len(flags(engine)), told(engine)) == (6, [EMERGENCY])


def test_something_more_urgent_is_told_at_once(engine: Engine, wait: Wait) -> None:
    for number, label in enumerate(["safety/of_a_newer_version", LESION, INFECTION, SELF_HARM, EMERGENCY, LESION]):
        wait(timedelta(minutes=1))
        say(engine, f"turn-{number}", label)
    assert told(engine) == ["safety/of_a_newer_version", LESION, INFECTION, SELF_HARM, EMERGENCY]


def test_another_conversation_is_told_for_itself(engine: Engine, wait: Wait) -> None:
    say(engine, TURN)
    say(engine, TURN, conversation_id="another")
    assert told(engine) == [EMERGENCY, EMERGENCY]


def test_who_goes_on_for_more_than_an_hour_is_told_of_once_an_hour(engine: Engine, wait: Wait) -> None:
    """The hour counts from the notice: one that began anew with each message would never end."""
    for number in range(16):
        say(engine, f"turn-{number}")
        wait(QUIET_AFTER_NOTICE / 8)
    assert told(engine) == [EMERGENCY, EMERGENCY]


def test_what_comes_after_somebody_acknowledged_is_told_again(engine: Engine, wait: Wait) -> None:
    say(engine, "turn-1")
    acknowledge(engine, flags(engine)[0].id, "ruth")
    say(engine, "turn-2")
    assert told(engine) == [EMERGENCY, EMERGENCY]


def test_a_target_that_does_not_know_yet_is_told(engine: Engine, wait: Wait) -> None:
    """It was configured meanwhile, or the notice to it was given up."""
    say(engine, "turn-1", targets=("email",))
    say(engine, "turn-2", targets=BOTH)
    assert sorted(notice.target for notice in notices(engine)) == ["email", "webhook"]
    mail = claim_next(engine, "email")
    assert mail is not None
    give_up(engine, mail, "HTTP 410")
    say(engine, "turn-3", targets=BOTH)
    assert sorted(notice.target for notice in notices(engine)) == ["email", "email", "webhook"]


def test_a_clock_that_was_put_back_silences_nobody(engine: Engine, wait: Wait) -> None:
    say(engine, "turn-1")
    wait(timedelta(days=-1))
    say(engine, "turn-2")
    assert told(engine) == [EMERGENCY, EMERGENCY]


def test_an_erased_conversation_leaves_the_notices_of_its_danger_which_name_nobody(engine: Engine, wait: Wait) -> None:
    say(engine, "turn-1", SELF_HARM)
    say(engine, "turn-2", EMERGENCY)
    acknowledge(engine, flags(engine)[0].id, "ruth")
    before = {notice.id: notice.subject_id for notice in notices(engine)}
    erase_records(engine, CONVERSATION, "web", ("webhook",))
    with transaction(engine) as session:
        complete_erasure(session, CONVERSATION)
    after = notices(engine)
    assert {notice.id: notice.subject_id for notice in after} == before
    assert len(before) == 2
    held = " ".join(str(value) for notice in after for value in vars(notice).values())
    assert not any(word in held for word in (CONVERSATION, "turn-1", "turn-2"))
    # Whoever begins to speak again in the same session is somebody new to the staff.
    say(engine, "turn-3", EMERGENCY)
    assert told(engine).count(EMERGENCY) == 2
