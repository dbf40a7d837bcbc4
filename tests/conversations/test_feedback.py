"""Whether an answer was helpful is kept once per turn, may be changed, and goes with the conversation."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.erasure import erase_conversation, erase_transcript
from conversations.feedback import Feedback, NoSuchAnswerError, keep_feedback, verdicts
from conversations.tracker_store import ConversationStore
from conversations.turn_moments import turn_moments
from conversations.turns import Claim, IncomingTurn, answer_turn, claim_turn

SOURCED = {"text": "a", "choices": [], "source": {"title": "From the page", "facts": ["M1"]}}
PLAIN = {"text": "b", "choices": [], "source": None}


def answered(engine: Engine, message_id: str, *messages: dict[str, object], conversation: str = "c1") -> Claim:
    claim = claim_turn(engine, IncomingTurn(conversation, message_id, "web", "d", "a question"))
    assert isinstance(claim, Claim)
    answer_turn(engine, claim, list(messages), [], failed=False)
    return claim


def stored(engine: Engine) -> int:
    with transaction(engine) as session:
        return int(session.execute(select(func.count()).select_from(Feedback)).scalar_one())


def test_the_latest_verdict_counts(engine: Engine) -> None:
    answered(engine, "m1", PLAIN, SOURCED)
    for helpful in (True, True, False):
        keep_feedback(engine, "c1", "m1", helpful)
        assert verdicts(engine, "c1") == {"m1": helpful}
    assert stored(engine) == 1


def test_there_must_be_an_answer_that_rests_on_something(engine: Engine) -> None:
    answered(engine, "m1", PLAIN)
    answered(engine, "m2", SOURCED, conversation="c2")
    assert isinstance(claim_turn(engine, IncomingTurn("c1", "m3", "web", "d", "a question")), Claim)
    for message_id in ("m1", "m2", "m3", "nothing"):
        with pytest.raises(NoSuchAnswerError):
            keep_feedback(engine, "c1", message_id, True)
    assert stored(engine) == 0


def test_several_at_once_leave_one(engine: Engine) -> None:
    answered(engine, "m1", SOURCED)
    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(keep_feedback, engine, "c1", "m1", True) for _ in range(12)]:
            done.result()
    assert stored(engine) == 1
    assert verdicts(engine, "c1") == {"m1": True}


def test_erasing_the_conversation_or_what_was_said_erases_it(store: ConversationStore, engine: Engine) -> None:
    assert store.engine is engine
    for conversation in ("c1", "c2", "c3"):
        claim = answered(engine, "m1", SOURCED, conversation=conversation)
        keep_feedback(engine, conversation, "m1", True)
        if conversation == "c2":
            erase_transcript(engine, conversation, claim.turn_id)
    erase_conversation(engine, "c1")
    assert verdicts(engine, "c1") == verdicts(engine, "c2") == {}
    assert verdicts(engine, "c3") == {"m1": True}


def test_the_moments_of_turns_are_told_in_order_and_in_utc(engine: Engine) -> None:
    answered(engine, "m1", SOURCED)
    claim_turn(engine, IncomingTurn("c1", "m2", "web", "d", "a question"))
    first, second = turn_moments(engine, "c1")
    assert (first.message_id, second.message_id) == ("m1", "m2")
    assert first.answered_at is not None
    assert first.came_at <= first.answered_at <= second.came_at
    assert second.answered_at is None
    assert str(first.came_at.tzinfo) == "UTC"
