"""Whenever it is killed and however it is cut up, the projection makes the same log."""

import asyncio
import random
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, AllSlotsReset, Event, Restarted, SlotSet
from sqlalchemy import delete
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from clinic.database import make_engine, transaction
from clinic.settings import PROJECT_ROOT
from conversations import projection_writes
from conversations.projection import Projection
from conversations.tracker_store import ConversationChangedError, ConversationStore
from conversations.turn_log import LoggedConversation, LoggedTurn, ProjectionProgress
from evaluation.speed.made_up_events import store_made_up_events
from tests.conversations.told import bot, choice, project, say, session, turns, visitor, whole_log

NAMES = ["wolpertinger", "xaverl", None]
LABELS = ["faq/causes", "uncovered/contagious", "greet", "safety/emergency", "out_of_scope"]
RESPONSES = ["utter_faq/causes", "utter_greet", "utter_unclear", "utter_out_of_scope", "utter_ask_contact_name"]


def throw_away(engine: Engine) -> None:
    with transaction(engine) as session:
        for table in (LoggedTurn, LoggedConversation, ProjectionProgress):
            session.execute(delete(table))


def test_a_projection_killed_at_random_moments_makes_the_log_of_one_that_was_left_alone(engine: Engine) -> None:
    stored = store_made_up_events(engine, 400)
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.conversations.killed_projection", url, "12", "7"]
    subprocess.run(command, cwd=PROJECT_ROOT, check=True, timeout=120)
    survived = whole_log(engine)
    throw_away(engine)
    assert project(engine) == stored
    assert whole_log(engine) == survived


async def test_a_fault_between_the_turns_and_their_conversation_leaves_neither(
    store: ConversationStore, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(store, visitor(), bot("utter_greet"))

    def fail(*_arguments: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("the connection is gone"))

    with monkeypatch.context() as patch:
        patch.setattr(projection_writes, "_write_conversations", fail)
        with pytest.raises(OperationalError):
            project(engine)
    assert turns(engine) == []
    assert project(engine) == 1


def random_events(chance: random.Random, at: float) -> list[Event]:
    """One turn of anything that may happen."""
    slot_events: list[Callable[[], Event]] = [
        lambda: SlotSet("contact_name", chance.choice(NAMES)),
        lambda: SlotSet("topic", chance.choice(["call_back", None])),
        lambda: SlotSet("requested_slot", chance.choice(["contact_name", None])),
        lambda: ActiveLoop(chance.choice(["appointment_form", None])),
        AllSlotsReset,
        Restarted,
    ]
    label, name = chance.choice(LABELS), chance.choice(NAMES)
    message = visitor(f"{name} asks", label, at, confidence=chance.random(), language=chance.choice(["en", "es"]))
    before = session(bot("utter_form_expired", at=at - 0.1)) if chance.random() < 0.2 else []
    said = [bot(chance.choice(RESPONSES), f"Dear {name}", at + 0.1, name=name) for _ in range(chance.randrange(3))]
    happened = [chance.choice(slot_events)() for _ in range(chance.randrange(4))]
    tapped = choice("Yes", "affirm", at)
    return [*before, message if chance.random() < 0.8 else tapped, *said, *happened]


async def test_any_conversation_projected_bit_by_bit_is_the_one_projected_at_once(
    sqlite_engine: Engine, domain: Domain
) -> None:
    store = ConversationStore(domain, engine=sqlite_engine)
    chance = random.Random(11)
    for number in range(6):
        projection = Projection(sqlite_engine)
        events = [event for at in range(12) for event in random_events(chance, float(at))]
        while events:
            cut = chance.randrange(1, 12)
            await say(store, *events[:cut], conversation=f"conversation-{number}")
            events = events[cut:]
            projection.bring_up_to_date()
    bit_by_bit = whole_log(sqlite_engine)
    throw_away(sqlite_engine)
    project(sqlite_engine)
    assert whole_log(sqlite_engine) == bit_by_bit
    assert len(bit_by_bit["logged_turns"]) == 72


def test_several_writers_and_two_projections_at_once_lose_and_double_nothing(
    store: ConversationStore, engine: Engine, domain: Domain
) -> None:
    assert store.engine is engine
    over = threading.Event()

    async def write(writer: int) -> None:
        own = ConversationStore(domain, engine=make_engine(engine.url))
        for number in range(8):
            # One conversation is everybody's.
            for conversation in ("shared", f"writer-{writer}-{number % 2}"):
                await insist(own, conversation, f"{writer} says {number}")
        own.engine.dispose()

    async def insist(own: ConversationStore, conversation: str, text: str) -> None:
        while True:
            try:
                await say(own, visitor(text), bot("utter_greet"), conversation=conversation)
                return
            except ConversationChangedError:
                continue

    def keep_up() -> None:
        own = make_engine(engine.url)
        projection = Projection(own)
        while not over.is_set():
            projection.bring_up_to_date()
        own.dispose()

    writers = [threading.Thread(target=lambda number=number: asyncio.run(write(number))) for number in range(3)]
    projections = [threading.Thread(target=keep_up) for _ in range(2)]
    for thread in (*projections, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    for thread in projections:
        thread.join()
    Projection(engine).bring_up_to_date()
    kept_up = whole_log(engine)
    assert len(kept_up["logged_turns"]) == 3 * 8 * 2
    throw_away(engine)
    project(engine)
    assert whole_log(engine) == kept_up
