"""An answer that takes too long is sent afterwards, once, in order, and never to somebody who wants none."""

import itertools
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from channels.sms.simulate import texts_in
from clinic.consents import IN, OUT, has_opted_out, record_consent
from clinic.database import make_engine
from clinic.outgoing_texts import queue_text
from clinic.text_contacts import conversation_of
from conversations.erasure import erase_conversation
from tests import loopback
from tests.channels import action_server
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, create_tables
from tests.channels.sms.fake_twilio import FakeTwilio
from tests.channels.sms.phone import CLINIC, Phone, signature
from tests.channels.sms.rows import forget_everything, rows

ACCOUNT = "AC" + "a" * 32
TOKEN = "the-token-of-the-account"
SECRET = "k" * 40


NUMBERS = itertools.count(13125550142)


@pytest.fixture(scope="module")
def carrier() -> Iterator[FakeTwilio]:
    server = FakeTwilio()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def running_sender(
    model: Path, running_actions: ActionServer, tmp_path_factory: pytest.TempPathFactory, carrier: FakeTwilio
) -> Iterator[BotProcess]:
    bot = BotProcess(
        tmp_path_factory.mktemp("sender"),
        model,
        running_actions.port,
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=TOKEN,
        TWILIO_NUMBER=CLINIC,
        TWILIO_API_URL=carrier.url,
        SMS_REPLY_SECONDS="1",
        SECRET_KEY=SECRET,
        RATE_LIMITS="off",
    )
    bot.start()
    yield bot
    assert bot.stop() == 0
    for canary in ("312555", TOKEN, "white cysts", "Zebulon"):
        assert canary not in bot.log_text()


@pytest.fixture
def twilio(carrier: FakeTwilio) -> FakeTwilio:
    carrier.attempts.clear()
    carrier.failures.clear()
    return carrier


@pytest.fixture
def sending_bot(
    running_sender: BotProcess, actions: ActionServer, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> BotProcess:
    """A bot that has stored nothing yet, for the phone of this test alone."""
    monkeypatch.setattr(action_server, "SLOW_SECONDS", 2.5)
    forget_everything(running_sender)
    return running_sender


@pytest.fixture
def own_phone(sending_bot: BotProcess) -> Phone:
    return Phone(sending_bot, f"+{next(NUMBERS)}", TOKEN)


@pytest.fixture
def conversation(own_phone: Phone) -> str:
    return conversation_of(SECRET, own_phone.number)


def outcome(bot: BotProcess) -> list[tuple[int, str | None, bool, bool]]:
    query = "SELECT attempts, last_error, sent_at IS NOT NULL, failed_at IS NOT NULL FROM outgoing_texts ORDER BY id"
    return [(attempts, error, bool(sent), bool(failed)) for attempts, error, sent, failed in rows(bot, query)]


def wait_for(bot: BotProcess, query: str, *expected: object, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while rows(bot, query) != [expected]:
        assert time.monotonic() < deadline, rows(bot, query)
        time.sleep(0.1)


def queue(bot: BotProcess, conversation: str, body: str, key: str) -> bool:
    engine = make_engine(f"sqlite:///{bot.database}")
    try:
        return queue_text(engine, conversation, body, key)
    finally:
        engine.dispose()


def report(phone: Phone, bot: BotProcess, *, query: str = "", **fields: str) -> int:
    address = f"{bot.url}/webhooks/sms/status{query}"
    pairs = list({"MessageSid": "SM" + "b" * 32, "To": phone.number, "From": CLINIC, **fields}.items())
    headers = {
        "X-Twilio-Signature": signature(TOKEN, address, pairs),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return loopback.post(address, content=urlencode(pairs), headers=headers).status_code


def test_a_quick_answer_comes_with_the_request_and_a_slow_one_afterwards(
    sending_bot: BotProcess, own_phone: Phone, actions: ActionServer, twilio: FakeTwilio
) -> None:
    assert "white cysts" in own_phone.say("what are milia")
    assert not twilio.attempts
    actions.mode = "slow"
    fields = own_phone.fields("what are milia")
    assert texts_in(own_phone.post(fields).text) == []
    (attempt,) = twilio.wait_for(1)
    assert "white cysts" in attempt.body
    assert (attempt.to, attempt.sender, attempt.account) == (own_phone.number, CLINIC, ACCOUNT)
    assert attempt.status_callback == f"{sending_bot.url}/webhooks/sms/status?text=1"
    assert texts_in(own_phone.post(fields).text) == []
    time.sleep(2)
    assert len(twilio.attempts) == 1
    assert len(actions.calls) == 2
    assert rows(sending_bot, "SELECT body FROM outgoing_texts") == [(None,)]


def test_answers_keep_their_order_when_the_first_is_late(
    own_phone: Phone, actions: ActionServer, twilio: FakeTwilio
) -> None:
    actions.mode = "slow"
    assert own_phone.send("what are milia") == []
    actions.mode = "ok"
    assert own_phone.send("can I pop them") == []
    first, second = twilio.wait_for(2)
    assert "cysts" in first.body
    assert first.body != second.body


def test_a_busy_or_broken_carrier_is_tried_again(
    sending_bot: BotProcess, own_phone: Phone, actions: ActionServer, twilio: FakeTwilio
) -> None:
    twilio.failures = [(429, 20429), (0, 0)]
    actions.mode = "slow"
    assert own_phone.send("what are milia") == []
    twilio.wait_for(3)
    assert [attempt.outcome for attempt in twilio.attempts] == [429, 0, 201]
    wait_for(sending_bot, "SELECT attempts, last_error, sent_at IS NOT NULL FROM outgoing_texts", 3, None, 1)


@pytest.mark.parametrize("code", [30034, 21211])
def test_a_text_that_is_refused_for_good_is_not_tried_again_and_the_staff_see_it(
    sending_bot: BotProcess, own_phone: Phone, actions: ActionServer, twilio: FakeTwilio, code: int
) -> None:
    twilio.failures = [(400, code)]
    actions.mode = "slow"
    assert own_phone.send("what are milia") == []
    twilio.wait_for(1)
    wait_for(sending_bot, "SELECT label FROM flags", "text_not_delivered")
    time.sleep(2.5)
    assert len(twilio.attempts) == 1
    assert outcome(sending_bot) == [(1, str(code), False, True)]


def test_an_opt_out_that_only_the_carrier_knew_is_taken_over(
    sending_bot: BotProcess, own_phone: Phone, actions: ActionServer, twilio: FakeTwilio, conversation: str
) -> None:
    twilio.failures = [(400, 21610)]
    actions.mode = "slow"
    assert own_phone.send("what are milia") == []
    wait_for(sending_bot, "SELECT state, means, wording FROM consents", "out", "carrier", None)
    actions.mode = "ok"
    assert own_phone.send("what are milia") == []
    assert not queue(sending_bot, conversation, "The staff write.", "staff-1")
    assert "on again" in own_phone.say("START")
    assert queue(sending_bot, conversation, "The staff write.", "staff-2")
    twilio.wait_for(2)


def test_texts_of_the_staff_wait_for_nobody_who_has_opted_out_meanwhile(
    sending_bot: BotProcess, own_phone: Phone, twilio: FakeTwilio, conversation: str
) -> None:
    own_phone.say("what are milia")
    twilio.failures = [(503, 0)]
    assert queue(sending_bot, conversation, "The staff write, Zebulon.", "staff-1")
    assert not queue(sending_bot, conversation, "The staff write, Zebulon.", "staff-1")
    twilio.wait_for(1)
    own_phone.send("STOP")
    wait_for(
        sending_bot,
        "SELECT last_error, failed_at IS NOT NULL FROM outgoing_texts WHERE idempotency_key = 'staff-1'",
        "opted out",
        1,
    )
    assert len(twilio.sent()) == 0


def test_reports_are_stored_once_each_and_what_was_not_delivered_is_shown(
    sending_bot: BotProcess, own_phone: Phone, conversation: str
) -> None:
    own_phone.say("what are milia")
    for status in ("sent", "delivered", "delivered", "undelivered", "undelivered"):
        error = {"ErrorCode": "30034"} if status == "undelivered" else {}
        assert report(own_phone, sending_bot, MessageStatus=status, **error) == 204
    kept = rows(sending_bot, "SELECT status, error_code, conversation_id FROM delivery_reports ORDER BY reported_at")
    assert kept == [
        ("sent", None, conversation),
        ("delivered", None, conversation),
        ("undelivered", "30034", conversation),
    ]
    assert rows(sending_bot, "SELECT label, conversation_id FROM flags") == [("text_not_delivered", conversation)]
    assert report(own_phone, sending_bot, MessageStatus="failed", ErrorCode="21610") == 204
    assert rows(sending_bot, "SELECT state, means FROM consents") == [("out", "carrier")]
    assert report(own_phone, sending_bot, MessageStatus="") == 400
    assert report(own_phone, sending_bot, MessageStatus="DROP TABLE") == 400
    assert loopback.post(f"{sending_bot.url}/webhooks/sms/status", data={"MessageStatus": "sent"}).status_code == 403


def test_a_text_whose_sender_died_before_noting_it_is_not_sent_again_once_the_carrier_reported_it(
    sending_bot: BotProcess, own_phone: Phone, twilio: FakeTwilio, conversation: str
) -> None:
    own_phone.say("what are milia")
    twilio.failures = [(0, 0)]  # the carrier has it, and its answer is never heard
    assert queue(sending_bot, conversation, "The staff write.", "staff-1")
    (attempt,) = twilio.wait_for(1)
    query = attempt.status_callback.partition("/status")[2]
    assert report(own_phone, sending_bot, query="?text=7", MessageStatus="sent") == 204
    assert rows(sending_bot, "SELECT sent_at FROM outgoing_texts") == [(None,)]
    assert report(own_phone, sending_bot, query=query, MessageStatus="sent") == 204
    assert rows(sending_bot, "SELECT carrier_id, body FROM outgoing_texts") == [("SM" + "b" * 32, None)]
    assert queue(sending_bot, conversation, "The staff write again.", "staff-2")
    assert twilio.wait_for(2)[1].body == "The staff write again."


def test_reports_that_come_after_a_deletion_store_nothing_but_an_opt_out(
    sending_bot: BotProcess, own_phone: Phone, conversation: str
) -> None:
    own_phone.say("what are milia")
    assert report(own_phone, sending_bot, MessageStatus="sent") == 204
    engine = make_engine(f"sqlite:///{sending_bot.database}")
    erase_conversation(engine, conversation)
    engine.dispose()
    for status in ("sent", "delivered", "undelivered"):
        assert report(own_phone, sending_bot, MessageStatus=status) == 204
    for table in ("delivery_reports", "flags", "text_contacts"):
        assert rows(sending_bot, f"SELECT * FROM {table}") == []
    assert report(own_phone, sending_bot, MessageStatus="failed", ErrorCode="21610") == 204
    assert rows(sending_bot, "SELECT state, means, conversation_id FROM consents") == [("out", "carrier", conversation)]


def test_a_text_that_a_crash_cut_short_is_answered_after_the_restart(
    sending_bot: BotProcess, own_phone: Phone, actions: ActionServer, twilio: FakeTwilio
) -> None:
    actions.mode = "slow"
    assert own_phone.send("what are milia") == []
    sending_bot.kill()
    actions.mode = "ok"
    assert rows(sending_bot, "SELECT reply, plain('incoming_texts.body', body) FROM incoming_texts") == [
        (None, "what are milia")
    ]
    _let_time_pass(sending_bot, "received_at", "incoming_texts")
    _let_time_pass(sending_bot, "claimed_at", "turns")
    sending_bot.start()
    (attempt,) = twilio.wait_for(1)
    assert "cysts" in attempt.body
    assert rows(sending_bot, "SELECT body, sent_by FROM incoming_texts") == [(None, "queue")]


def test_an_answer_that_a_crash_left_between_deciding_and_queueing_is_sent_after_the_restart(
    sending_bot: BotProcess, own_phone: Phone, actions: ActionServer, twilio: FakeTwilio
) -> None:
    actions.mode = "slow"
    assert own_phone.send("what are milia") == []
    twilio.wait_for(1)
    wait_for(sending_bot, "SELECT sent_at IS NOT NULL FROM outgoing_texts", 1)
    sending_bot.kill()
    with closing(sqlite3.connect(sending_bot.database)) as connection:
        # As it is when the process dies after it kept the answer and before it queued it.
        connection.execute("DELETE FROM outgoing_texts")
        connection.commit()
    sending_bot.start()
    first, second = twilio.wait_for(2)
    assert second.body == first.body


def _let_time_pass(bot: BotProcess, column: str, table: str) -> None:
    with closing(sqlite3.connect(bot.database)) as connection:
        connection.execute(f"UPDATE {table} SET {column} = datetime({column}, '-5 minutes')")
        connection.commit()


def test_consent_of_one_number_says_nothing_about_another(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'milia.sqlite3'}"
    create_tables(address)
    engine = make_engine(address)
    conversation, other = (conversation_of(SECRET, number) for number in ("+13125550142", "+13125550143"))
    record_consent(engine, conversation, "sms", state=OUT, means="carrier", wording=None)
    assert has_opted_out(engine, conversation)
    assert not has_opted_out(engine, other)
    record_consent(engine, conversation, "sms", state=IN, means="keyword", wording="START")
    assert not has_opted_out(engine, conversation)
    engine.dispose()
