"""What could not be sent is tried again when the staff say so, and leaves their list when they dealt with it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.consents import OUT, record_consent
from clinic.database import transaction
from clinic.failed_sends import (
    CannotSendAgainError,
    NoSuchSendError,
    Obstacle,
    close_notice,
    close_text,
    send_notice_again,
    send_text_again,
)
from clinic.flags import TEXT_NOT_DELIVERED, Flag, NoSuchFlagError, acknowledge, flag_turn, reopen
from clinic.notices.claims import claim_next, give_up
from clinic.notices.courier import Outcome, couriers
from clinic.outgoing_texts import OutgoingText, claim_due_text, mark_failed, mark_sent, queue_text
from tests.clinic.notice_receivers import WebhookReceiver
from tests.clinic.stored_notices import notices, settings_for, store_request

PERSON = "sms-1"


def only(engine: Engine, table: Any) -> Any:
    with transaction(engine) as session:
        return session.execute(select(table)).scalar_one()


def given_up_notice(engine: Engine) -> str:
    store_request(engine, ("webhook",))
    claimed = claim_next(engine, "webhook")
    assert claimed is not None
    give_up(engine, claimed, "HTTP 500")
    return claimed.id


def failed_text(engine: Engine, words: str = "Your appointment, Ann.") -> int:
    queue_text(engine, PERSON, words, "key-1")
    due = claim_due_text(engine)
    assert due is not None
    mark_failed(engine, due, "30034")
    flag_turn(engine, PERSON, f"text-{due.id}", TEXT_NOT_DELIVERED, "sms")
    return due.id


def test_a_notice_that_was_given_up_is_delivered_once_the_staff_have_it_tried_again(
    engine: Engine, tmp_path: Path
) -> None:
    notice_id = given_up_notice(engine)
    with WebhookReceiver() as receiver:
        (courier,) = couriers(engine, settings_for(tmp_path, webhook_url=receiver.url))
        assert courier.deliver_next() is Outcome.NOTHING_DUE
        send_notice_again(engine, notice_id, ("webhook",))
        assert courier.deliver_next() is Outcome.DELIVERED
        # A second press of the button, or a second person's, does not send what was delivered.
        send_notice_again(engine, notice_id, ("webhook",))
        assert courier.deliver_next() is Outcome.NOTHING_DUE
    assert [received.identifier for received in receiver.received] == [notice_id]
    (notice,) = notices(engine)
    assert (notice.failed_at, notice.handled_at) == (None, None)


def test_a_notice_is_not_tried_by_a_way_that_is_no_longer_set_up(engine: Engine) -> None:
    notice_id = given_up_notice(engine)
    with pytest.raises(CannotSendAgainError) as refused:
        send_notice_again(engine, notice_id, ("email",))
    assert refused.value.obstacle is Obstacle.NOT_SET_UP
    (notice,) = notices(engine)
    assert notice.failed_at is not None


def test_a_notice_is_handled_by_who_was_first_and_only_once_it_failed(engine: Engine) -> None:
    store_request(engine, ("webhook",))
    (waiting,) = notices(engine)
    close_notice(engine, waiting.id, "maria")
    assert notices(engine)[0].handled_by is None
    claimed = claim_next(engine, "webhook")
    assert claimed is not None
    give_up(engine, claimed, "HTTP 500")
    close_notice(engine, waiting.id, "maria")
    close_notice(engine, waiting.id, "jo")
    assert notices(engine)[0].handled_by == "maria"


def test_a_failed_text_goes_out_with_its_words_when_it_is_sent_again(engine: Engine) -> None:
    text_id = failed_text(engine)
    assert claim_due_text(engine) is None
    send_text_again(engine, text_id, "maria")
    send_text_again(engine, text_id, "jo")
    due = claim_due_text(engine)
    assert due is not None
    assert (due.id, due.body, due.attempts) == (text_id, "Your appointment, Ann.", 1)
    mark_sent(engine, due, "SM1")
    row = only(engine, OutgoingText)
    assert (row.body, row.failed_at, row.last_error) == (None, None, None)
    assert only(engine, Flag).acknowledged_by == "maria"


def test_nothing_is_sent_again_to_a_person_who_asked_for_no_more(engine: Engine) -> None:
    text_id = failed_text(engine)
    record_consent(engine, PERSON, "sms", state=OUT, means="keyword", wording="STOP")
    with pytest.raises(CannotSendAgainError) as refused:
        send_text_again(engine, text_id, "maria")
    assert refused.value.obstacle is Obstacle.OPTED_OUT
    assert claim_due_text(engine) is None
    assert only(engine, Flag).acknowledged_at is None


def test_the_words_for_a_person_who_opted_out_are_not_kept(engine: Engine) -> None:
    queue_text(engine, PERSON, "Your appointment, Ann.", "key-1")
    due = claim_due_text(engine)
    assert due is not None
    record_consent(engine, PERSON, "sms", state=OUT, means="carrier", wording=None)
    mark_failed(engine, due, "21610")
    assert only(engine, OutgoingText).body is None


def test_a_text_that_was_sent_cannot_be_sent_again(engine: Engine) -> None:
    queue_text(engine, PERSON, "Your appointment, Ann.", "key-1")
    due = claim_due_text(engine)
    assert due is not None
    mark_sent(engine, due, "SM1")
    with pytest.raises(CannotSendAgainError) as refused:
        send_text_again(engine, due.id, "maria")
    assert refused.value.obstacle is Obstacle.WORDS_GONE
    assert claim_due_text(engine) is None


def test_handling_a_text_drops_its_words_and_settles_its_flags(engine: Engine) -> None:
    text_id = failed_text(engine)
    flag_turn(engine, PERSON, "another", TEXT_NOT_DELIVERED, "sms")
    close_text(engine, text_id, "maria")
    close_text(engine, text_id, "jo")
    row = only(engine, OutgoingText)
    assert (row.body, row.handled_by) == (None, "maria")
    with transaction(engine) as session:
        by_turn = dict(session.execute(select(Flag.turn_id, Flag.acknowledged_by)).all())
    assert by_turn == {f"text-{text_id}": "maria", "another": None}


def test_a_text_that_waits_to_be_sent_cannot_be_handled_away(engine: Engine) -> None:
    queue_text(engine, PERSON, "Your appointment, Ann.", "key-1")
    close_text(engine, only(engine, OutgoingText).id, "maria")
    due = claim_due_text(engine)
    assert due is not None
    assert due.body == "Your appointment, Ann."


def test_what_was_erased_cannot_be_worked_on(engine: Engine) -> None:
    for work in (
        lambda: send_notice_again(engine, "no such notice", ("email",)),
        lambda: close_notice(engine, "no such notice", "maria"),
        lambda: send_text_again(engine, 7, "maria"),
        lambda: close_text(engine, 7, "maria"),
    ):
        with pytest.raises(NoSuchSendError):
            work()


def test_a_flag_is_acknowledged_by_the_first_of_many(engine: Engine) -> None:
    flag_turn(engine, "conversation", "turn", "safety/emergency", "web")
    flag_id = only(engine, Flag).id
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda number: acknowledge(engine, flag_id, f"person {number}"), range(6)))
    assert sum(one.is_new for one in done) == 1
    first = next(one for one in done if one.is_new)
    assert {one.acknowledged_by for one in done} == {first.acknowledged_by}
    row = only(engine, Flag)
    assert row.acknowledged_by == first.acknowledged_by
    assert row.acknowledged_at == first.acknowledged_at


def test_a_flag_that_was_acknowledged_by_mistake_can_be_acknowledged_anew(engine: Engine) -> None:
    flag_turn(engine, "conversation", "turn", "safety/emergency", "web")
    flag_id = only(engine, Flag).id
    acknowledge(engine, flag_id, "maria")
    for _ in range(2):
        reopen(engine, flag_id)
        assert (only(engine, Flag).acknowledged_by, only(engine, Flag).acknowledged_at) == (None, None)
    assert acknowledge(engine, flag_id, "jo").acknowledged_by == "jo"


def test_a_flag_that_was_erased_can_be_neither_acknowledged_nor_reopened(engine: Engine) -> None:
    with pytest.raises(NoSuchFlagError):
        acknowledge(engine, "no such flag", "maria")
    with pytest.raises(NoSuchFlagError):
        reopen(engine, "no such flag")
