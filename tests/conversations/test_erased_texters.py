"""After a deletion whose receipt was texted late, not even the number stays."""

from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from clinic.outgoing_texts import OutgoingText, claim_due_text, mark_sent, queue_text
from clinic.text_contacts import TextContact, remember_contact
from conversations.erased_texters import forget_erased_texter, forget_number_again
from conversations.erasure import erase_transcript
from conversations.incoming_texts import BY_QUEUE, Reply, decide_way, find_text, keep_reply, queued_answers, store_text
from conversations.turns import Claim, IncomingTurn, answer_turn, claim_turn

KEY = "k" * 40
NUMBER = "+13125550142"
LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)


def say(engine: Engine, conversation: str, text_id: str, words: str) -> Claim:
    store_text(engine, text_id, conversation, words, None)
    claim = claim_turn(engine, IncomingTurn(conversation, text_id, "sms", words, words))
    assert isinstance(claim, Claim)
    return claim


def answer(engine: Engine, conversation: str, claim: Claim, text_id: str, words: str) -> None:
    answer_turn(engine, claim, [{"text": words, "choices": [], "source": None}], [], failed=False)
    decide_way(engine, text_id, BY_QUEUE)
    keep_reply(engine, text_id, lambda _session: Reply(words))
    remember_contact(engine, KEY, NUMBER)
    assert queue_text(engine, conversation, words, f"answer-{text_id}")


def send(engine: Engine) -> None:
    text = claim_due_text(engine)
    assert text is not None
    mark_sent(engine, text, f"SM{text.id}")


def left(engine: Engine) -> int:
    with transaction(engine) as session:
        return sum(len(session.execute(select(table)).all()) for table in (TextContact, OutgoingText))


def test_the_number_is_forgotten_once_the_receipt_is_sent(engine: Engine) -> None:
    conversation = remember_contact(engine, KEY, NUMBER)
    claim = say(engine, conversation, "SM1", "yes, delete it")
    erase_transcript(engine, conversation, claim.turn_id)
    answer(engine, conversation, claim, "SM1", "It is deleted.")
    assert not forget_erased_texter(engine, conversation)
    send(engine)
    assert forget_erased_texter(engine, conversation)
    assert left(engine) == 0
    assert queued_answers(engine, LONG_AGO) == []
    kept = find_text(engine, "SM1")
    assert kept is not None
    assert kept.conversation_id == ""


def test_whoever_wrote_again_or_deleted_nothing_is_not_forgotten(engine: Engine) -> None:
    conversation = remember_contact(engine, KEY, NUMBER)
    answer(engine, conversation, say(engine, conversation, "SM1", "hello"), "SM1", "Hello.")
    send(engine)
    assert not forget_erased_texter(engine, conversation)
    claim = say(engine, conversation, "SM2", "yes, delete it")
    erase_transcript(engine, conversation, claim.turn_id)
    answer(engine, conversation, claim, "SM2", "It is deleted.")
    say(engine, conversation, "SM3", "what are milia")
    send(engine)
    assert not forget_erased_texter(engine, conversation)
    assert left(engine) == 2


def test_a_copy_of_the_wish_brings_no_number_back(engine: Engine) -> None:
    conversation = remember_contact(engine, KEY, NUMBER)
    claim = say(engine, conversation, "SM1", "yes, delete it")
    assert not forget_number_again(engine, conversation)
    erase_transcript(engine, conversation, claim.turn_id)
    remember_contact(engine, KEY, NUMBER)
    keep_reply(engine, "SM1", lambda _session: Reply("It is deleted."))
    assert forget_number_again(engine, conversation)
    assert left(engine) == 0
    kept = find_text(engine, "SM1")
    assert kept is not None
    assert kept.reply == Reply("It is deleted.")
