"""How far the turn log is behind, on both kinds of databases."""

import time

from sqlalchemy.engine import Engine

from conversations.log_lag import LogLag, log_lag
from conversations.tracker_store import ConversationStore
from tests.conversations.told import BEGAN, bot, project, say, visitor


async def talk(store: ConversationStore, conversation: str, at: float) -> None:
    await say(store, visitor(at=at), bot("utter_greet", at=at), conversation=conversation)


def assert_behind(engine: Engine, conversations: int, since: float) -> None:
    before = time.time()
    lag = log_lag(engine)
    assert lag.conversations == conversations
    assert before - since <= lag.oldest_seconds <= time.time() - since


async def test_conversations_with_anything_that_is_not_in_the_log_are_counted(
    store: ConversationStore, engine: Engine
) -> None:
    assert log_lag(engine) == LogLag(0, 0.0)
    await talk(store, "first", 0)
    await talk(store, "second", 60)
    # The newest event of the first one, since when it waits.
    assert_behind(engine, 2, since=BEGAN)
    project(engine)
    assert log_lag(engine) == LogLag(0, 0.0)
    await talk(store, "second", 120)
    assert_behind(engine, 1, since=BEGAN + 120)
