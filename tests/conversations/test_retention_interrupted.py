"""The purge beside others: killed anywhere, run twice at once, and with visitors who come back in the middle of it."""

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.clock import now as real_now
from clinic.database import make_engine, transaction
from clinic.retention_settings import RetentionSettings
from clinic.settings import PROJECT_ROOT
from conversations.erasure import erase_conversation
from conversations.event_rows import EVENTS
from conversations.retention import writing
from conversations.retention.lease import AnotherRunError, take_lease
from conversations.retention.purge import Keeper, look, purge
from conversations.retention.reading import pages_of_units
from conversations.retention.runs import COMMAND, last_runs
from conversations.retention.tables import RetentionLease
from conversations.tracker_store import ConversationChangedError, ConversationStore
from conversations.turns import Claim, IncomingTurn, Turn, answer_turn, claim_turn, require_claim
from conversations.web_sessions import WebSession, is_open, open_session
from tests.conversations import made_up_store
from tests.conversations.told import bot, project, say, turns, visitor

CANARY = "canary-words-nobody-else-says"
LONG_AGO = 1_000_000_000.0
"""Seconds since 1970; in 2001."""


@pytest.fixture
def keeper(engine: Engine, tmp_path: Path) -> Keeper:
    return Keeper(engine, tmp_path, RetentionSettings())


def make_old(engine: Engine, conversation_id: str) -> None:
    """As if all of it had happened long ago."""
    past = real_now() - timedelta(days=60)
    with transaction(engine) as session:
        session.execute(
            update(Turn).where(Turn.conversation_id == conversation_id).values(claimed_at=past, answered_at=past)
        )
        seen = update(WebSession).where(WebSession.id == conversation_id).values(created_at=past, last_seen_at=past)
        session.execute(seen)
        session.execute(update(EVENTS).where(EVENTS.c.sender_id == conversation_id).values(timestamp=LONG_AGO))


async def old_talk(store: ConversationStore, engine: Engine, words: str = CANARY) -> str:
    conversation_id = open_session(engine)
    claim = claim_turn(engine, IncomingTurn(conversation_id, "m1", "web", "d" * 64, words))
    assert isinstance(claim, Claim)
    answer_turn(engine, claim, [{"text": "an answer", "choices": [], "source": None}], [], failed=False)
    await say(store, visitor(words), bot("utter_greet"), conversation=conversation_id)
    project(engine)
    make_old(engine, conversation_id)
    return conversation_id


def everything_but_runs(engine: Engine) -> dict[str, Any]:
    return {name: rows for name, rows in made_up_store.content(engine).items() if not name.startswith("retention_")}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_purge_killed_at_random_moments_leaves_what_an_undisturbed_one_leaves(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(clock, "now", lambda: made_up_store.NOW)
    keeper = Keeper(engine, tmp_path, RetentionSettings())
    made_up_store.fill(engine, random.Random(seed))
    expected = {(each.retention_class, each.store): each.removed for each in look(keeper) if each.removed}
    url, now = engine.url.render_as_string(hide_password=False), made_up_store.NOW.isoformat()
    program = [sys.executable, "-m", "tests.conversations.killed_purge", url, str(tmp_path), now, "8", str(seed)]
    subprocess.run(program, cwd=PROJECT_ROOT, check=True, timeout=120)
    survived = everything_but_runs(engine)
    removed: dict[tuple[str, str], int] = {}
    for run in last_runs(engine, 50):
        for each in run.removals:
            key = (each.retention_class, each.store)
            removed[key] = removed.get(key, 0) + each.removed
    made_up_store.empty(engine)
    made_up_store.fill(engine, random.Random(seed))
    purge(keeper, COMMAND)
    assert everything_but_runs(engine) == survived
    # Each receipt was written in the transaction of what it counts; made-up receipts stand under other classes.
    assert {key: removed.get(key) for key in expected} == expected


def test_of_two_runs_at_once_one_does_the_work(keeper: Keeper) -> None:
    other = make_engine(keeper.engine.url)
    keepers = [keeper, Keeper(other, keeper.var_dir, keeper.settings)]

    def run(one: Keeper) -> str:
        try:
            purge(one, COMMAND)
        except AnotherRunError:
            return "another is at it"
        return "done"

    take_lease(keeper.engine, "a third one, killed")
    assert [run(one) for one in keepers] == ["another is at it"] * 2
    with transaction(keeper.engine) as session:
        session.execute(update(RetentionLease).values(held_until=None))
    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(run, keepers))
    assert results.count("done") >= 1
    assert len([each for each in last_runs(keeper.engine, 9) if each.finished_at]) == results.count("done")
    other.dispose()


async def test_a_visitor_who_comes_back_between_the_look_and_the_removal_loses_nothing(
    store: ConversationStore, engine: Engine, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_back, stayed_away = await old_talk(store, engine), await old_talk(store, engine)

    def come_back(*arguments: Any) -> Iterator[list[str]]:
        for keys in pages_of_units(*arguments):
            if came_back in keys:
                claim_turn(engine, IncomingTurn(came_back, "m2", "web", "e" * 64, "I am back"))
            yield keys

    monkeypatch.setattr("conversations.retention.purge.pages_of_units", come_back)
    purge(keeper, COMMAND)
    with transaction(engine) as session:
        left = set(session.execute(select(Turn.conversation_id)).scalars())
        events = dict(session.execute(select(EVENTS.c.sender_id, func.count()).group_by(EVENTS.c.sender_id)).all())
    assert left == {came_back}
    assert set(events) == {came_back}
    assert is_open(engine, came_back)
    assert not is_open(engine, stayed_away)
    assert await store.retrieve(stayed_away) is None


async def test_a_message_that_comes_in_while_its_conversation_is_removed_is_kept(
    store: ConversationStore, postgresql_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite nobody can write meanwhile."""
    engine = postgresql_engine
    conversation_id = await old_talk(ConversationStore(store.domain, engine=engine), engine)
    remove = writing.remove_part
    message = IncomingTurn(conversation_id, "m2", "web", "e" * 64, "I am back")
    claims: list[Any] = []

    def come_back_first(*arguments: Any) -> Any:
        if not claims:
            claims.append(claim_turn(engine, message))
        return remove(*arguments)

    monkeypatch.setattr("conversations.retention.purge.remove_part", come_back_first)
    purge(Keeper(engine, tmp_path, RetentionSettings()), COMMAND)
    with transaction(engine) as session:
        assert list(session.execute(select(Turn.message_id)).scalars()) == ["m2"]
    require_claim(engine, claims[0])


async def test_a_turn_that_was_read_before_the_removal_is_refused_and_runs_again(
    store: ConversationStore, engine: Engine, keeper: Keeper
) -> None:
    conversation_id = await old_talk(store, engine)
    tracker = await store.get_or_create_tracker(conversation_id, append_action_listen=False)
    purge(keeper, COMMAND)
    tracker.update(visitor("from before"))
    with pytest.raises(ConversationChangedError):
        await store.save(tracker)
    await say(store, visitor("I am back"), bot("utter_greet"), conversation=conversation_id)
    project(engine)
    assert [(turn.ordinal, turn.text) for turn in turns(engine, conversation_id)] == [(1, CANARY), (2, "I am back")]


async def test_words_that_went_do_not_come_back_when_the_log_is_made_anew(
    store: ConversationStore, engine: Engine, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = await old_talk(store, engine)
    later = real_now() + timedelta(days=100)
    monkeypatch.setattr(clock, "now", lambda: max(later, made_up_store.NOW + timedelta(days=400)))
    purge(keeper, COMMAND)
    (turn,) = turns(engine, conversation_id)
    assert (turn.text, turn.text_digest, turn.responses, turn.label) == (None, "", "[]", "faq/what_are_milia")
    await say(store, visitor("I am back", at=10.0), bot("utter_greet"), conversation=conversation_id)
    project(engine)
    assert [turn.text for turn in turns(engine, conversation_id)] == [None, "I am back"]


async def test_an_erasure_is_forgotten_by_the_process_that_does_it_at_once(
    store: ConversationStore, engine: Engine
) -> None:
    conversation_id = await old_talk(store, engine)
    assert conversation_id in store._recent._kept  # or the test would see nothing
    erase_conversation(engine, conversation_id)
    assert store._recent.take(conversation_id, store.domain) is None


@pytest.mark.parametrize("how", ["purge", "erase"])
async def test_nothing_of_what_went_is_left_in_the_file_of_sqlite(
    store: ConversationStore, keeper: Keeper, engine: Engine, how: str
) -> None:
    if engine.dialect.name != "sqlite":
        return  # on PostgreSQL it is vacuumed, which is the operator's
    conversation_id = await old_talk(store, engine, CANARY * 200)
    path = Path(str(engine.url.database))
    assert CANARY.encode() in path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
    with transaction(engine) as session:
        session.execute(
            update(made_up_store.Base.metadata.tables["logged_conversations"]).values(
                last_activity_at=real_now() - timedelta(days=95)
            )
        )
        session.execute(
            update(made_up_store.Base.metadata.tables["logged_turns"]).values(
                started_at=real_now() - timedelta(days=95)
            )
        )
    if how == "erase":
        erase_conversation(engine, conversation_id)
    purge(keeper, COMMAND)
    files = [path, path.with_name(f"{path.name}-wal")]
    assert all(CANARY.encode() not in each.read_bytes() for each in files if each.exists())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
