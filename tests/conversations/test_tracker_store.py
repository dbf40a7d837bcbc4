"""Conversations are replayed from a bounded tail, to the state that a full replay gives."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event as sql_events
from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from clinic.database import make_engine, transaction
from conversations.erasure import erase_conversation
from conversations.event_rows import EVENTS
from conversations.recent_trackers import RecentTrackers
from conversations.tracker_store import (
    LONGEST_TAIL,
    ConversationChangedError,
    ConversationStore,
    SQLEvent,
    StoredTracker,
    create_event_tables,
)

ANYONE = "conversation-1"


def turn_events(number: int, *extra: Event) -> list[Event]:
    return [
        UserUttered(f"message {number}", {"name": "inform", "confidence": 1.0}, message_id=f"m{number}"),
        ActionExecuted("action_answer"),
        *extra,
        BotUttered(f"reply {number}"),
        ActionExecuted("action_listen"),
    ]


async def say(store: ConversationStore, events: list[Event], conversation: str = ANYONE) -> StoredTracker:
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    for event in events:
        tracker.update(event)
    await store.save(tracker)
    return tracker


async def begin(store: ConversationStore, conversation: str = ANYONE) -> None:
    await say(
        store,
        [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")],
        conversation,
    )


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    state = tracker.current_state()
    assert state.pop("latest_event_time") is not None
    return state


async def fully_replayed(store: ConversationStore, conversation: str = ANYONE) -> DialogueStateTracker:
    tracker = await store.retrieve_full_tracker(conversation)
    assert tracker is not None
    return tracker


async def replayed(store: ConversationStore, conversation: str = ANYONE) -> StoredTracker:
    """As another process finds the conversation, which remembers nothing of it."""
    tracker = await ConversationStore(store.domain, engine=store.engine).retrieve(conversation)
    assert tracker is not None
    return tracker


def stored_events(engine: Engine, conversation: str = ANYONE) -> list[dict[str, Any]]:
    with transaction(engine) as session:
        query = select(SQLEvent.data).where(SQLEvent.sender_id == conversation).order_by(SQLEvent.id)
        return [json.loads(data) for data in session.execute(query).scalars()]


async def test_an_unknown_conversation_has_no_tracker(store: ConversationStore) -> None:
    assert await store.retrieve("never seen") is None


async def test_a_new_conversation_is_stored_and_found_again(store: ConversationStore) -> None:
    await begin(store)
    await say(store, turn_events(1, SlotSet("name", "Ann")))
    tracker = await replayed(store)
    assert tracker.get_slot("name") == "Ann"
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == "message 1"


async def test_after_400_turns_few_events_are_replayed_and_the_state_is_the_same(
    store: ConversationStore, engine: Engine
) -> None:
    await begin(store)
    await say(store, turn_events(0, SlotSet("name", "Ann"), ActiveLoop("some_form"), SlotSet("requested_slot", "name")))
    for number in range(1, 401):
        await say(store, turn_events(number, SlotSet("noted", number)))
    tracker = await replayed(store)
    assert len(tracker.events) <= LONGEST_TAIL + 2
    assert state_of(tracker) == state_of(await fully_replayed(store))
    assert tracker.get_slot("name") == "Ann"
    assert tracker.active_loop_name == "some_form"
    texts = [event["text"] for event in stored_events(engine) if event["event"] == "user"]
    assert texts == [f"message {number}" for number in range(401)]


async def test_copies_of_a_shortened_tracker_keep_its_state(store: ConversationStore) -> None:
    await begin(store)
    await say(store, turn_events(0, SlotSet("name", "Ann"), SlotSet("color", None), ActiveLoop("some_form")))
    for number in range(1, 60):
        await say(store, turn_events(number))
    tracker = await replayed(store)
    assert state_of(tracker.copy()) == state_of(tracker)
    assert tracker.copy().get_slot("color") is None


async def test_a_late_turn_reads_and_writes_as_little_as_an_early_one(store: ConversationStore, engine: Engine) -> None:
    statements: list[str] = []
    sql_events.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    await begin(store)
    counts = []
    for number in range(120):
        statements.clear()
        await say(store, turn_events(number))
        counts.append(len([statement for statement in statements if not statement.startswith("PRAGMA")]))
    assert max(counts[20:]) <= max(counts[:20])


async def test_an_old_event_is_never_written_again(store: ConversationStore, engine: Engine) -> None:
    tracker = await say(store, turn_events(1))
    await store.save(tracker)
    tracker.update(SlotSet("name", "Ann"))
    await store.save(tracker)
    await store.save(tracker)
    assert [event["event"] for event in stored_events(engine)] == ["user", "action", "bot", "action", "slot"]


async def test_a_new_session_starts_the_replay_anew(store: ConversationStore) -> None:
    await begin(store)
    for number in range(5):
        await say(store, turn_events(number, SlotSet("noted", number)))
    await begin(store)
    await say(store, turn_events(9, SlotSet("name", "Bea")))
    tracker = await replayed(store)
    assert isinstance(tracker.events[0], SessionStarted)
    assert tracker.get_slot("noted") is None
    assert state_of(tracker) == state_of(await fully_replayed(store))


@pytest.mark.parametrize("reset", [Restarted(), AllSlotsReset()])
async def test_a_reset_holds_after_the_replay_was_shortened(store: ConversationStore, reset: Event) -> None:
    await begin(store)
    await say(store, turn_events(0, SlotSet("name", "Ann"), ActiveLoop("some_form")))
    for number in range(1, 30):
        await say(store, turn_events(number))
    await say(store, turn_events(30, reset))
    for number in range(31, 60):
        await say(store, turn_events(number))
    tracker = await replayed(store)
    assert tracker.get_slot("name") is None
    assert tracker.get_slot("color") == "blue"
    assert state_of(tracker) == state_of(await fully_replayed(store))


async def test_a_stale_writer_is_refused_and_writes_nothing(store: ConversationStore, engine: Engine) -> None:
    await say(store, turn_events(1))
    first, second = await replayed(store), await replayed(store)
    first.update(SlotSet("name", "Ann"))
    await store.save(first)
    before = stored_events(engine)
    second.update(SlotSet("name", "Bea"))
    with pytest.raises(ConversationChangedError):
        await store.save(second)
    assert stored_events(engine) == before


async def test_a_remembered_conversation_is_read_again_once_another_process_wrote_to_it(
    store: ConversationStore,
) -> None:
    await say(store, turn_events(1))
    other = ConversationStore(store.domain, engine=store.engine)
    await say(other, turn_events(2, SlotSet("name", "Ann")))
    tracker = await store.retrieve(ANYONE)
    assert tracker is not None
    assert tracker.get_slot("name") == "Ann"


async def test_nothing_is_remembered_of_an_erased_conversation(store: ConversationStore, engine: Engine) -> None:
    await say(store, turn_events(1, SlotSet("name", "Ann")))
    erase_conversation(engine, ANYONE)
    assert await store.retrieve(ANYONE) is None


async def test_what_a_failed_turn_left_in_memory_is_never_seen_again(store: ConversationStore) -> None:
    await say(store, turn_events(1))
    unfinished = await store.retrieve(ANYONE)
    assert unfinished is not None
    unfinished.update(SlotSet("name", "Ann"))
    tracker = await store.retrieve(ANYONE)
    assert tracker is not None
    assert tracker.get_slot("name") is None


async def test_with_another_model_the_conversation_is_read_again(store: ConversationStore, domain: Domain) -> None:
    remembered = await say(store, turn_events(1))
    assert await store.retrieve(ANYONE) is remembered
    await store.save(await say(store, turn_events(2)))
    store.domain = Domain.from_dict(domain.as_dict())
    assert await store.retrieve(ANYONE) is not remembered


async def test_only_the_last_conversations_are_remembered(domain: Domain) -> None:
    trackers = [StoredTracker(f"c{number}", domain.slots) for number in range(3)]
    recent = RecentTrackers(most=2)
    for tracker in trackers:
        recent.put(tracker, domain)
    assert recent.take("c0", domain) is None
    assert recent.take("c2", domain) is trackers[2]
    assert recent.take("c2", domain) is None


async def test_two_processes_that_begin_a_conversation_do_not_both_succeed(store: ConversationStore) -> None:
    first = await store.get_or_create_tracker(ANYONE, append_action_listen=False)
    second = await store.get_or_create_tracker(ANYONE, append_action_listen=False)
    for tracker in (first, second):
        tracker.update(ActionExecuted("action_listen"))
    await store.save(first)
    with pytest.raises(ConversationChangedError):
        await store.save(second)


async def test_a_tracker_of_another_making_is_refused(store: ConversationStore, domain: Domain) -> None:
    with pytest.raises(TypeError):
        await store.save(DialogueStateTracker.from_events(ANYONE, [ActionExecuted("action_listen")], domain.slots))


async def test_conversations_do_not_mix(store: ConversationStore) -> None:
    await say(store, turn_events(1, SlotSet("name", "Ann")), "a")
    await say(store, turn_events(2, SlotSet("name", "Bea")), "b")
    assert (await replayed(store, "a")).get_slot("name") == "Ann"
    assert (await replayed(store, "b")).get_slot("name") == "Bea"
    assert sorted(await store.keys()) == ["a", "b"]


async def test_events_from_before_this_store_are_taken_over(store: ConversationStore, engine: Engine) -> None:
    with transaction(engine) as session:
        for event in turn_events(1, SlotSet("name", "Ann")):
            data = event.as_dict()
            session.add(SQLEvent(sender_id=ANYONE, type_name=event.type_name, data=json.dumps(data)))
    await say(store, turn_events(2))
    tracker = await replayed(store)
    assert tracker.get_slot("name") == "Ann"
    assert len(stored_events(engine)) == 9


async def test_what_is_stored_together_with_a_turn_is_stored_with_all_of_it_or_not_at_all(
    store: ConversationStore, engine: Engine
) -> None:
    def refuse(_connection: Connection) -> None:
        raise LookupError("refused")

    await begin(store)
    before = stored_events(engine)
    tracker = await store.get_or_create_tracker(ANYONE, append_action_listen=False)
    tracker.update(UserUttered("hello", {"name": "greet", "confidence": 1.0}))
    with pytest.raises(LookupError):
        await store.save(tracker, together_with=refuse)
    assert stored_events(engine) == before
    assert state_of(await replayed(store))["latest_message"]["text"] is None
    await say(store, turn_events(1))
    assert len(stored_events(engine)) == len(before) + 4


async def test_what_is_stored_together_is_stored_also_where_nothing_happened(store: ConversationStore) -> None:
    await begin(store)
    asked: list[Connection] = []
    await store.save(await replayed(store), together_with=asked.append)
    assert len(asked) == 1


async def test_a_fault_of_the_database_is_raised(store: ConversationStore, engine: Engine, domain: Domain) -> None:
    tracker = await say(store, turn_events(1))
    broken = ConversationStore(domain, engine=engine)
    broken.engine = make_engine("sqlite:////nowhere/at/all.sqlite3")
    with pytest.raises(OperationalError):
        await broken.retrieve(ANYONE)
    tracker.update(SlotSet("name", "Ann"))
    with pytest.raises(OperationalError):
        await broken.save(tracker)
    await store.save(tracker)
    assert (await replayed(store)).get_slot("name") == "Ann"


def test_the_tables_may_be_created_again(store: ConversationStore, engine: Engine) -> None:
    create_event_tables(engine)
    create_event_tables(engine)


ANY_EVENT = st.one_of(
    st.builds(
        SlotSet, st.sampled_from(["name", "color", "noted"]), st.none() | st.integers(0, 9) | st.text(max_size=3)
    ),
    st.builds(ActiveLoop, st.sampled_from(["some_form", None])),
    st.builds(LoopInterrupted, st.booleans()),
    st.sampled_from(["action_answer", "some_form"]).map(ActionExecuted),
    st.builds(AllSlotsReset),
    st.builds(ConversationPaused),
    st.builds(ConversationResumed),
    st.builds(SessionStarted),
    st.builds(Restarted),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.lists(ANY_EVENT, max_size=6), min_size=20, max_size=45))
def test_any_conversation_is_replayed_to_the_state_of_a_full_replay(
    store: ConversationStore, turns: list[list[Event]]
) -> None:
    async def play() -> None:
        conversation = f"any-{id(turns)}-{len(list(await store.keys()))}"
        for number, extra in enumerate(turns):
            await say(store, turn_events(number, *extra), conversation)
        tracker = await replayed(store, conversation)
        assert state_of(tracker) == state_of(await fully_replayed(store, conversation))
        remembered = await store.retrieve(conversation)
        assert remembered is not None
        assert state_of(remembered) == state_of(tracker)
        assert len(tracker.events) <= LONGEST_TAIL + 12

    asyncio.run(play())


async def test_the_number_that_a_text_came_from_is_not_kept_with_the_conversation(
    store: ConversationStore, engine: Engine
) -> None:
    tracker = await store.get_or_create_tracker("sms-1")
    tracker.update(UserUttered("hi", metadata={"sender_phone": "+13125550199", "other": "kept"}))
    await store.save(tracker)
    with transaction(engine) as session:
        kept = list(session.execute(select(EVENTS.c.data)).scalars())
    assert not any("5550199" in data for data in kept)
    assert any('"other": "kept"' in data for data in kept)
