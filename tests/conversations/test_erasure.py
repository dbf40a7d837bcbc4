"""Erasing leaves nothing of one conversation, and all of every other."""

import pytest
from rasa.shared.core.events import UserUttered
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from clinic.database import transaction
from clinic.erasures import erase_records, pending_erasures
from conversations.erasure import erase_conversation, erase_transcript, finish_erasures
from conversations.offered_choices import new_choice
from conversations.tracker_store import ConversationChangedError, ConversationStore
from conversations.turns import Claim, IncomingTurn, answer_turn, claim_turn, history
from conversations.web_sessions import end_session, is_open, open_session


async def converse(store: ConversationStore, engine: Engine, conversation_id: str, secret: str) -> None:
    claim = claim_turn(engine, IncomingTurn(conversation_id, "m1", "web", "d", secret))
    assert isinstance(claim, Claim)
    answer_turn(engine, claim, [{"text": secret, "choices": [], "source": None}], [new_choice("a", secret)], False)
    tracker = await store.get_or_create_tracker(conversation_id)
    tracker.update(UserUttered(secret))
    await store.save(tracker)


def everything(engine: Engine) -> str:
    with transaction(engine) as session:
        return "\n".join(
            str(row)
            for table in inspect(engine).get_table_names()
            for row in session.execute(text(f"SELECT * FROM {table}"))
        )


async def test_erasing_leaves_nothing_of_the_conversation(store: ConversationStore, engine: Engine) -> None:
    await converse(store, engine, "first-conversation", "canary one")
    await converse(store, engine, "second-conversation", "canary two")
    erase_conversation(engine, "first-conversation")
    erase_conversation(engine, "first-conversation")
    left = everything(engine)
    assert "canary one" not in left
    assert "first-conversation" not in left
    assert left.count("canary two") == 5
    assert await store.retrieve("first-conversation") is None
    assert await store.retrieve("second-conversation") is not None


async def test_a_turn_that_was_under_way_does_not_bring_the_conversation_back(
    store: ConversationStore, engine: Engine
) -> None:
    await converse(store, engine, "first-conversation", "canary one")
    tracker = await store.retrieve("first-conversation")
    assert tracker is not None
    erase_conversation(engine, "first-conversation")
    tracker.update(UserUttered("canary three"))
    with pytest.raises(ConversationChangedError):
        await store.save(tracker)
    assert "first-conversation" not in everything(engine)


def test_a_session_is_open_until_it_is_ended(engine: Engine) -> None:
    session_id = open_session(engine)
    assert len(session_id) >= 22
    assert is_open(engine, session_id)
    assert not is_open(engine, "another")
    end_session(engine, session_id)
    assert not is_open(engine, session_id)


async def test_a_wish_to_erase_leaves_only_the_answer_to_that_wish(store: ConversationStore, engine: Engine) -> None:
    await converse(store, engine, "first-conversation", "canary one")
    claim = claim_turn(engine, IncomingTurn("first-conversation", "m2", "web", "d2", "canary two"))
    assert isinstance(claim, Claim)
    erase_records(engine, "first-conversation", "web")
    erase_transcript(engine, "first-conversation", claim.turn_id)
    answer_turn(engine, claim, [{"text": "deleted", "choices": [], "source": None}], [], False)
    left = everything(engine)
    assert "canary" not in left
    assert [(turn.visitor_text, turn.messages[0]["text"]) for turn in history(engine, "first-conversation")] == [
        (None, "deleted")
    ]
    assert (
        claim_turn(engine, IncomingTurn("first-conversation", "m2", "web", "d2", "canary two"))
        == history(engine, "first-conversation")[0].messages
    )
    assert await store.retrieve("first-conversation") is None
    assert pending_erasures(engine) == []


async def test_an_erasure_that_a_crash_cut_short_is_finished_at_the_next_start(
    store: ConversationStore, engine: Engine
) -> None:
    await converse(store, engine, "first-conversation", "canary one")
    await converse(store, engine, "second-conversation", "canary two")
    erase_records(engine, "first-conversation", "web")
    finish_erasures(engine)
    left = everything(engine)
    assert "canary one" not in left
    assert "first-conversation" not in left
    assert left.count("canary two") == 5
