"""What is erased is gone from the log too, and no projection that runs at the same time brings it back."""

import threading
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import make_engine, transaction
from conversations import projection_writes
from conversations.answer_kinds import answer_kinds
from conversations.erasure import erase_conversation
from conversations.projection import Projection, begin_anew
from conversations.projection_drafts import Draft, draft_of
from conversations.projection_reads import find_behind, load_sources
from conversations.projection_writes import store_drafts
from conversations.reviews import ConversationReview, TurnReview
from conversations.teaching import Correction
from conversations.tracker_store import ConversationStore
from tests.conversations.told import ANYONE, bot, project, say, turns, visitor, whole_log

EMPTY: dict[str, list[Any]] = {"logged_turns": [], "logged_conversations": []}


async def talk(store: ConversationStore, conversation: str = ANYONE) -> None:
    await say(store, visitor("my secret"), bot("utter_greet"), conversation=conversation)


def read_but_not_written(engine: Engine) -> list[Draft]:
    """What a projection is about to store."""
    with transaction(engine) as session:
        sources = load_sources(session, find_behind(session, 0, 100))
    return [draft for source in sources if (draft := draft_of(source, (), answer_kinds()))]


def reviewed(conversation: str, event_id: int) -> list[Any]:
    by = {"reviewed_by": "ruth", "reviewed_at": clock.now(), "conversation_id": conversation}
    return [TurnReview(event_id=event_id, verdict="right", **by), ConversationReview(turns_seen=1, **by)]


def correction(conversation: str, event_id: int, state: str, digest: str, **more: Any) -> Correction:
    return Correction(
        id=digest,
        text_digest=digest,
        text="a text",
        event_id=event_id,
        conversation_id=conversation,
        label_before="greet",
        label="help",
        state=state,
        proposed_by="ruth",
        proposed_at=clock.now(),
        version=1,
        **more,
    )


async def test_erasing_takes_the_log_the_reviews_and_what_was_not_taught_yet(
    store: ConversationStore, engine: Engine
) -> None:
    await talk(store, "erased")
    await talk(store, "other")
    project(engine)
    gone, stays = (turns(engine, name)[0].event_id for name in ("erased", "other"))
    with transaction(engine) as session:
        session.add_all([*reviewed("erased", gone), *reviewed("other", stays)])
        session.add_all(
            [
                correction("erased", gone, "proposed", "1"),
                correction("erased", gone, "released", "2"),
                correction("erased", gone, "taught", "3"),
                correction("erased", gone, "proposed", "4", taught_label="greet"),
                correction("other", stays, "proposed", "5"),
            ]
        )
    erase_conversation(engine, "erased")
    assert [turn.conversation_id for turn in turns(engine)] == ["other"]
    with transaction(engine) as session:
        for table in (TurnReview, ConversationReview):
            assert [row.conversation_id for row in session.execute(select(table)).scalars()] == ["other"]
        left = {row.id: (row.conversation_id, row.event_id) for row in session.execute(select(Correction)).scalars()}
    # What is part of a model stays, and no longer says where it is from.
    assert left == {"3": ("", 0), "4": ("", 0), "5": ("other", stays)}


async def test_a_conversation_erased_after_it_was_read_is_not_stored(store: ConversationStore, engine: Engine) -> None:
    await talk(store)
    drafts = read_but_not_written(engine)
    erase_conversation(engine, ANYONE)
    assert len(drafts) == 1
    assert store_drafts(engine, drafts) == []
    assert whole_log(engine) == EMPTY


async def test_nor_is_one_that_has_begun_anew_under_its_id(store: ConversationStore, engine: Engine) -> None:
    await talk(store)
    drafts = read_but_not_written(engine)
    erase_conversation(engine, ANYONE)
    await say(store, visitor("something else"), bot("utter_greet"))
    assert store_drafts(engine, drafts) == []
    project(engine)
    assert [turn.text for turn in turns(engine)] == ["something else"]


async def test_one_erased_while_its_source_is_read_is_left_out(store: ConversationStore, engine: Engine) -> None:
    await talk(store)
    with transaction(engine) as session:
        behind = find_behind(session, 0, 100)
    erase_conversation(engine, ANYONE)
    with transaction(engine) as session:
        assert load_sources(session, behind) == []


async def test_one_that_another_projection_took_further_is_not_stored_again(
    store: ConversationStore, engine: Engine
) -> None:
    await talk(store)
    drafts = read_but_not_written(engine)
    await say(store, visitor("more"), bot("utter_greet"))
    project(engine)
    before = whole_log(engine, with_ids=True)
    assert store_drafts(engine, drafts) == []
    assert whole_log(engine, with_ids=True) == before


async def test_an_erasure_in_the_middle_of_storing_waits_for_it_and_then_takes_all(
    store: ConversationStore, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk(store)
    own = make_engine(engine.url)
    erased = threading.Event()

    def erase() -> None:
        erase_conversation(own, ANYONE)
        erased.set()

    eraser = threading.Thread(target=erase)
    write_conversations = projection_writes._write_conversations

    def erase_meanwhile(*arguments: Any) -> None:
        eraser.start()
        assert not erased.wait(0.3)
        write_conversations(*arguments)

    monkeypatch.setattr(projection_writes, "_write_conversations", erase_meanwhile)
    assert project(engine) == 1
    eraser.join()
    own.dispose()
    assert erased.is_set()
    assert whole_log(engine) == EMPTY


class TestAnew:
    """The log can be made anew: what is still to be read is read again, the rest stays."""

    async def several_turns(self, store: ConversationStore, conversation: str = ANYONE) -> None:
        for at in range(4):
            await say(store, visitor(f"question {at}", at=at), bot("utter_greet"), conversation=conversation)

    async def test_it_becomes_the_same_and_what_people_added_stays(
        self, store: ConversationStore, engine: Engine
    ) -> None:
        await self.several_turns(store)
        projection = Projection(engine)
        projection.bring_up_to_date()
        before = whole_log(engine, with_ids=True)
        first = turns(engine)[0].event_id
        with transaction(engine) as session:
            session.add_all([*reviewed(ANYONE, first), correction(ANYONE, first, "proposed", "1")])
        begin_anew(engine)
        # One that runs already does it too.
        assert projection.bring_up_to_date() == 4
        assert whole_log(engine, with_ids=True) == before
        with transaction(engine) as session:
            assert session.get(TurnReview, first).verdict == "right"
            assert session.get(Correction, "1").event_id == first

    async def test_what_has_become_wrong_in_it_is_put_right(self, store: ConversationStore, engine: Engine) -> None:
        await self.several_turns(store)
        project(engine)
        right = whole_log(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE logged_turns SET outcome = 'failed', text = 'wrong', ordinal = ordinal + 7"
            )
            connection.exec_driver_sql("DELETE FROM logged_turns WHERE ordinal = 9")
            connection.exec_driver_sql("UPDATE logged_conversations SET turn_count = 99")
        begin_anew(engine)
        project(engine)
        assert whole_log(engine) == right

    async def test_turns_whose_events_are_gone_stay_and_are_counted_on(
        self, store: ConversationStore, engine: Engine
    ) -> None:
        await self.several_turns(store)
        await self.several_turns(store, "purged")
        project(engine)
        before = whole_log(engine)
        third = turns(engine, ANYONE)[2].event_id
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM events WHERE sender_id = '{ANYONE}' AND id < {third}")
            for table, column in (("events", "sender_id"), ("conversation_states", "conversation_id")):
                connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = 'purged'")
        begin_anew(engine)
        assert project(engine) == 2
        assert whole_log(engine)["logged_turns"] == before["logged_turns"]
        await say(store, visitor("question 5", at=5), bot("utter_greet"))
        project(engine)
        assert [turn.ordinal for turn in turns(engine, ANYONE)] == [1, 2, 3, 4, 5]
