"""What may be new is found, whatever the order in which ids become visible; what has settled is not looked at again."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from rasa.shared.core.domain import Domain
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import make_engine, transaction
from conversations.erasure import erase_conversation
from conversations.projection import Projection
from conversations.projection_progress import SETTLED, read_progress
from conversations.tracker_store import ConversationStore
from tests.conversations.told import bot, logged, project, say, turns, visitor

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
MoveClock = Callable[[timedelta], None]


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> MoveClock:
    """Sets the clock to noon, and later to so much after noon."""

    def move(by: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOON + by)

    move(timedelta())
    return move


async def talk(store: ConversationStore, conversation: str) -> None:
    await say(store, visitor(), bot("utter_greet"), conversation=conversation)


class LateWriter:
    """A writer whose transaction has its ids of events and is not committed until it is told to."""

    def __init__(self, engine: Engine, domain: Domain, conversation: str) -> None:
        self._engine = make_engine(engine.url)
        store = ConversationStore(domain, engine=self._engine)
        self._written, self._may_commit = threading.Event(), threading.Event()
        event.listen(self._engine, "commit", self._wait)
        self._thread = threading.Thread(target=lambda: asyncio.run(talk(store, conversation)))

    def write(self) -> None:
        self._thread.start()
        assert self._written.wait(10)

    def commit(self) -> None:
        self._may_commit.set()
        self._thread.join()
        self._engine.dispose()

    def _wait(self, _connection: object) -> None:
        self._written.set()
        assert self._may_commit.wait(30)


async def test_a_transaction_with_lower_ids_that_commits_late_is_not_passed_over(
    postgresql_engine: Engine, domain: Domain, move_clock: MoveClock
) -> None:
    store = ConversationStore(domain, engine=postgresql_engine)
    projection = Projection(postgresql_engine)
    late = LateWriter(postgresql_engine, domain, "late")
    late.write()
    await talk(store, "early")
    projection.bring_up_to_date()
    move_clock(SETTLED - timedelta(seconds=1))
    projection.bring_up_to_date()
    assert logged(postgresql_engine, "early").last_event_id > 0
    assert logged(postgresql_engine, "late") is None
    late.commit()
    projection.bring_up_to_date()
    assert logged(postgresql_engine, "late").last_event_id < logged(postgresql_engine, "early").last_event_id
    assert len(turns(postgresql_engine)) == 2


async def test_what_was_seen_five_minutes_ago_is_settled(
    store: ConversationStore, engine: Engine, move_clock: MoveClock
) -> None:
    projection = Projection(engine)
    await talk(store, "first")
    projection.bring_up_to_date()
    newest = logged(engine, "first").last_event_id
    assert (read_progress(engine).watermark, read_progress(engine).candidate) == (0, newest)
    move_clock(SETTLED - timedelta(seconds=1))
    await talk(store, "second")
    projection.bring_up_to_date()
    assert (read_progress(engine).watermark, read_progress(engine).candidate) == (0, newest)
    move_clock(SETTLED)
    projection.bring_up_to_date()
    assert (read_progress(engine).watermark, read_progress(engine).candidate) == (
        newest,
        logged(engine, "second").last_event_id,
    )


async def test_an_idle_look_writes_nothing(store: ConversationStore, engine: Engine, move_clock: MoveClock) -> None:
    projection = Projection(engine)
    await talk(store, "first")
    for minutes in range(0, 30, 6):
        move_clock(timedelta(minutes=minutes))
        projection.bring_up_to_date()
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    before = read_progress(engine)
    for minutes in range(30, 60, 6):
        move_clock(timedelta(minutes=minutes))
        projection.bring_up_to_date()
    assert read_progress(engine) == before
    assert not any(statement.startswith(("INSERT", "DELETE")) for statement in statements)


async def test_a_process_that_starts_looks_at_everything(
    store: ConversationStore, engine: Engine, move_clock: MoveClock
) -> None:
    projection = Projection(engine)
    await talk(store, "first")
    await talk(store, "second")
    for minutes in (0, 10, 20):
        move_clock(timedelta(minutes=minutes))
        projection.bring_up_to_date()
    assert read_progress(engine).watermark == logged(engine, "second").last_event_id
    with transaction(engine) as session:
        for table in ("logged_turns", "logged_conversations"):
            session.execute(text(f"DELETE FROM {table} WHERE conversation_id = 'first'"))
    assert projection.bring_up_to_date() == 0
    assert project(engine) == 1


async def test_a_busy_conversation_does_not_hold_the_progress_up(
    store: ConversationStore, engine: Engine, move_clock: MoveClock
) -> None:
    projection = Projection(engine)
    for minutes in range(0, 30, 3):
        move_clock(timedelta(minutes=minutes))
        await talk(store, "busy")
        projection.bring_up_to_date()
    assert read_progress(engine).watermark > 0


async def test_ids_that_are_given_again_after_an_erasure_are_looked_at(
    sqlite_engine: Engine, domain: Domain, move_clock: MoveClock
) -> None:
    with sqlite_engine.begin() as connection:
        # As older versions made it: the ids of deleted newest rows are given again.
        connection.execute(text("DROP TABLE events"))
        connection.execute(
            text(
                "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255), type_name VARCHAR(255), "
                "timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)"
            )
        )
    store = ConversationStore(domain, engine=sqlite_engine)
    projection = Projection(sqlite_engine)
    await talk(store, "first")
    await talk(store, "erased")
    last_event_id = 0
    for minutes in (0, 10, 20):
        move_clock(timedelta(minutes=minutes))
        projection.bring_up_to_date()
        last_event_id = logged(sqlite_engine, "erased").last_event_id
    assert read_progress(sqlite_engine).watermark == last_event_id
    erase_conversation(sqlite_engine, "erased")
    await talk(store, "next")
    assert projection.bring_up_to_date() == 1
    assert logged(sqlite_engine, "next").last_event_id == last_event_id
