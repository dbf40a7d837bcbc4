"""The carrier's reports of texts: kept once of those we know, and never of a conversation that was erased."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from clinic.delivery_reports import note_taken, record_report
from clinic.outgoing_texts import DeliveryReport, OutgoingText, claim_due_text, mark_sent, queue_text
from clinic.text_contacts import remember_contact
from conversations.erasure import erase_conversation
from conversations.tracker_store import ConversationStore

KEY = "k" * 40
NUMBER = "+13125550142"


@pytest.fixture
def conversation(engine: Engine, store: ConversationStore) -> str:
    assert store.engine is engine  # it makes Rasa's table of events
    return remember_contact(engine, KEY, NUMBER)


def reports(engine: Engine) -> int:
    with transaction(engine) as session:
        return int(session.execute(select(func.count()).select_from(DeliveryReport)).scalar() or 0)


def text_of(engine: Engine) -> OutgoingText:
    with transaction(engine) as session:
        return session.execute(select(OutgoingText)).scalar_one()


def test_each_status_is_kept_once(engine: Engine, conversation: str) -> None:
    for status in ("sent", "delivered", "delivered"):
        assert record_report(engine, "SM1", conversation, status, None)
    assert reports(engine) == 2


def test_of_an_erased_conversation_nothing_is_kept(engine: Engine, conversation: str) -> None:
    record_report(engine, "SM1", conversation, "sent", None)
    erase_conversation(engine, conversation)
    assert not record_report(engine, "SM1", conversation, "delivered", None)
    assert reports(engine) == 0


def test_a_report_that_comes_in_the_middle_of_an_erasure_is_not_left(engine: Engine, conversation: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for number in range(10):
            remember_contact(engine, KEY, NUMBER)
            kept = [pool.submit(record_report, engine, f"SM{number}{i}", conversation, "sent", None) for i in range(3)]
            pool.submit(erase_conversation, engine, conversation).result()
            for each in kept:
                each.result()
            assert reports(engine) == 0


def test_a_text_that_only_the_report_knows_as_sent_is_noted_and_its_words_are_gone(
    engine: Engine, conversation: str
) -> None:
    queue_text(engine, conversation, "The staff write.", "1")
    text = claim_due_text(engine)
    assert text is not None
    assert not note_taken(engine, text.id, "sms-other", "SM1")
    assert not note_taken(engine, text.id + 1, conversation, "SM1")
    assert note_taken(engine, text.id, conversation, "SM1")
    row = text_of(engine)
    assert (row.carrier_id, row.body, row.claimed_until) == ("SM1", None, None)
    assert row.sent_at is not None
    assert claim_due_text(engine) is None


def test_a_text_that_is_noted_keeps_what_was_noted(engine: Engine, conversation: str) -> None:
    queue_text(engine, conversation, "The staff write.", "1")
    text = claim_due_text(engine)
    assert text is not None
    mark_sent(engine, text, "SM1")
    assert not note_taken(engine, text.id, conversation, "SM2")
    assert text_of(engine).carrier_id == "SM1"
