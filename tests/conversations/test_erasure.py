"""Erasing leaves nothing of one conversation, and all of every other."""

import pytest
from rasa.shared.core.events import UserUttered
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import Engine

from clinic.database import transaction
from clinic.encryption.columns import keys_of
from clinic.erasures import ENDED, Erasure, digest_of, erase_records, find_erasure, last_erasures, pending_erasures
from conversations.erasure import erase_conversation, erase_transcript, finish_erasures
from conversations.offered_choices import new_choice
from conversations.tracker_store import ConversationChangedError, ConversationStore
from conversations.turns import Claim, IncomingTurn, answer_turn, claim_turn, history
from conversations.web_sessions import end_session, is_open, open_session
from tests.conversations.told import bot, project, say, visitor


async def converse(store: ConversationStore, engine: Engine, conversation_id: str, secret: str) -> None:
    claim = claim_turn(engine, IncomingTurn(conversation_id, "m1", "web", "d", secret))
    assert isinstance(claim, Claim)
    answer_turn(engine, claim, [{"text": secret, "choices": [], "source": None}], [new_choice("a", secret)], False)
    tracker = await store.get_or_create_tracker(conversation_id)
    tracker.update(UserUttered(secret))
    await store.save(tracker)


def everything(engine: Engine) -> str:
    """All that the database holds, as whoever has its keys can read it."""
    keys = keys_of(engine)
    with transaction(engine) as session:
        return "\n".join(
            f"{column}={keys.decrypt(str(value), table, column)}"
            for table in inspect(engine).get_table_names()
            for row in session.execute(text(f"SELECT * FROM {table}")).mappings()
            for column, value in row.items()
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


async def test_the_receipt_says_how_much_of_each_store_went_and_names_nobody(
    store: ConversationStore, engine: Engine
) -> None:
    claim = claim_turn(engine, IncomingTurn("first-conversation", "m1", "web", "d", "canary one"))
    assert isinstance(claim, Claim)
    await say(store, visitor("canary one"), bot("utter_greet"), conversation="first-conversation")
    project(engine)
    code = erase_records(engine, "first-conversation", "web").code
    erase_transcript(engine, "first-conversation", claim.turn_id)
    found = find_erasure(engine, code)
    assert found is not None
    assert found.completed_at is not None
    for what in ("turns", "events", "conversation_states", "logged_turns", "logged_conversations"):
        assert found.counts[what] >= 1, what
    for what in ("text_contacts", "consents (emptied)", "corrections", "memory of this process"):
        assert what in found.counts
    with transaction(engine) as session:
        (row,) = session.execute(select(Erasure)).scalars()
        assert row.conversation_id is None
        assert "first-conversation" not in str(vars(row))
        assert row.conversation_digest == digest_of("first-conversation") != digest_of("second-conversation")


async def test_ending_a_chat_is_noted_once_for_backups_and_is_no_receipt_for_anybody(
    store: ConversationStore, engine: Engine
) -> None:
    await converse(store, engine, "first-conversation", "canary one")
    for _ in range(2):
        erase_conversation(engine, "first-conversation")
    with transaction(engine) as session:
        (row,) = session.execute(select(Erasure)).scalars()
    assert (row.reason, row.conversation_id, row.conversation_digest) == (ENDED, None, digest_of("first-conversation"))
    assert last_erasures(engine, 10) == []
