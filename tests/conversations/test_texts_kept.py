"""Texts and their answers are kept once, in order, in SQLite and in PostgreSQL; an erasure leaves nothing of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.consents import OUT, record_consent
from clinic.database import transaction
from clinic.delivery_reports import record_report
from clinic.outgoing_texts import (
    OutgoingText,
    claim_due_text,
    mark_failed,
    mark_sent,
    queue_text,
    try_again,
)
from clinic.text_contacts import introduces, number_of, remember_contact
from conversations.erasure import erase_conversation
from conversations.incoming_texts import (
    BY_QUEUE,
    BY_RESPONSE,
    Reply,
    close_old_texts,
    decide_way,
    find_text,
    interrupted_texts,
    keep_reply,
    rest_of_last_answer,
    store_text,
)
from conversations.tracker_store import ConversationStore

KEY, NUMBER = "k" * 40, "+13125550123"


def test_a_number_is_kept_once_and_encrypted(engine: Engine) -> None:
    conversation = remember_contact(engine, KEY, NUMBER)
    assert remember_contact(engine, KEY, NUMBER) == conversation
    assert number_of(engine, KEY, conversation) == NUMBER
    with engine.connect() as connection:
        (row,) = connection.execute(text("SELECT conversation_id, number FROM text_contacts")).fetchall()
    assert NUMBER[1:] not in row[0] + row[1]


def test_many_copies_at_once_are_kept_once_with_one_answer_and_one_introduction(engine: Engine) -> None:
    def arrive(copy: int) -> tuple[Reply, bool]:
        conversation = remember_contact(engine, KEY, NUMBER)
        store_text(engine, "SM1", conversation, "hello", None)
        reply = keep_reply(engine, "SM1", lambda _: Reply(f"answer {copy}"))
        return reply, decide_way(engine, "SM1", BY_RESPONSE if copy % 2 else BY_QUEUE)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(arrive, range(8)))
    assert len({reply for reply, _ in outcomes}) == 1
    assert sum(decided for _, decided in outcomes) == 4
    found = find_text(engine, "SM1")
    assert found is not None
    assert found.body == ""
    with transaction(engine) as session:
        assert introduces(session, found.conversation_id, "SM1")
        assert introduces(session, found.conversation_id, "SM1")
        assert not introduces(session, found.conversation_id, "SM2")


def test_the_rest_is_that_of_the_last_answer_alone(engine: Engine) -> None:
    for text_id, rest in (("SM1", "old rest"), ("SM2", "")):
        store_text(engine, text_id, "c", "hello", None)
        keep_reply(engine, text_id, lambda _, rest=rest: Reply("answer", rest))
        assert rest_of_last_answer(engine, "c", "SM9") == rest
    assert rest_of_last_answer(engine, "other", "SM9") == ""


def test_what_a_crash_cut_short_is_found_and_what_is_old_is_let_be(engine: Engine) -> None:
    store_text(engine, "SM1", "c", "hello", None)
    later = clock.now() + timedelta(seconds=1)
    assert [found.text_id for found in interrupted_texts(engine, later)] == ["SM1"]
    assert interrupted_texts(engine, clock.now() - timedelta(minutes=1)) == []
    close_old_texts(engine, later)
    assert interrupted_texts(engine, later) == []


def test_texts_of_one_conversation_go_out_one_after_the_other(engine: Engine) -> None:
    for key, conversation in (("1", "a"), ("2", "a"), ("3", "b")):
        assert queue_text(engine, conversation, f"text {key}", key)
        assert not queue_text(engine, conversation, f"text {key}", key)
    first, other = claim_due_text(engine), claim_due_text(engine)
    assert first is not None
    assert other is not None
    assert (first.body, other.body) == ("text 1", "text 3")
    assert claim_due_text(engine) is None
    try_again(engine, first, "429", clock.now() + timedelta(hours=1))
    assert claim_due_text(engine) is None
    mark_failed(engine, first, "gave up")
    second = claim_due_text(engine)
    assert second is not None
    assert second.body == "text 2"
    mark_sent(engine, second, "SMx")
    with engine.connect() as connection:
        kept = connection.execute(select(OutgoingText.body).order_by(OutgoingText.id)).scalars().all()
    # What failed waits for the staff's word, what was sent is in the conversation alone.
    assert kept == ["text 1", None, "text 3"]


def test_a_due_text_is_claimed_by_one_process_alone(engine: Engine) -> None:
    queue_text(engine, "a", "text", "1")
    with ThreadPoolExecutor(8) as pool:
        claimed = [due for due in pool.map(lambda _: claim_due_text(engine), range(8)) if due is not None]
    assert len(claimed) == 1


def test_nothing_is_queued_for_who_has_opted_out(engine: Engine) -> None:
    record_consent(engine, "a", "sms", state=OUT, means="wording", wording="please stop texting me")
    assert not queue_text(engine, "a", "text", "1")
    assert queue_text(engine, "b", "text", "2")


def test_an_erasure_leaves_bare_ids_and_the_consent_alone(engine: Engine, store: ConversationStore) -> None:
    assert store.engine is engine  # it makes Rasa's table of events
    conversation = remember_contact(engine, KEY, NUMBER)
    store_text(engine, "SM1", conversation, "my name is Ann", None)
    keep_reply(engine, "SM1", lambda _: Reply("Thanks, Ann.", "More for Ann."))
    queue_text(engine, conversation, "Ann, the staff write.", "1")
    record_report(engine, "SM7", conversation, "sent", None)
    record_consent(engine, conversation, "sms", state=OUT, means="keyword", wording="STOP")
    erase_conversation(engine, conversation)
    with engine.connect() as connection:
        left = {
            table: connection.execute(
                text(f"SELECT count(*) FROM {table} WHERE conversation_id = :id"), {"id": conversation}
            ).scalar()
            for table in ("text_contacts", "incoming_texts", "outgoing_texts", "delivery_reports", "consents")
        }
    assert left == {"text_contacts": 0, "incoming_texts": 0, "outgoing_texts": 0, "delivery_reports": 0, "consents": 1}
    copy = store_text(engine, "SM1", conversation, "my name is Ann", None)
    assert copy.reply == Reply("")
