"""What visitors and the bot say, as Rasa's events, put into a conversation through the real tracker store."""

from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.event_rows import EVENTS
from conversations.projection import Projection
from conversations.tracker_store import ConversationStore
from conversations.turn_log import LoggedConversation, LoggedTurn

ANYONE = "conversation-1"
BEGAN = 1_790_000_000.0
LISTEN = ActionExecuted("action_listen")


def visitor(text: str = "what are milia?", label: str = "faq/what_are_milia", at: float = 0.0, **given: Any) -> Event:
    """A typed message, `at` seconds after the beginning. `given` goes into the understanding, but for `entities`."""
    entities = given.pop("entities", [])
    channel, message_id = given.pop("channel", "web"), given.pop("message_id", f"m{at}")
    understanding = {
        "label": label,
        "confidence": 0.9,
        "second_label": None,
        "candidates": [],
        "safety": label if label.startswith("safety/") else None,
        "language": "en",
        **given,
    }
    intent = {"name": label.split("/", maxsplit=1)[0], "confidence": understanding["confidence"]}
    ranking = [{"name": label, "confidence": understanding["confidence"]}, {"name": "help", "confidence": 0.01}]
    parse_data = {"text": text, "intent": intent, "intent_ranking": ranking, "entities": entities}
    return UserUttered(
        text,
        intent,
        entities,
        {**parse_data, "understanding": understanding},
        timestamp=BEGAN + at,
        input_channel=channel,
        message_id=message_id,
    )


def choice(title: str, label: str, at: float = 0.0) -> Event:
    """A tapped choice, as channels/choices.py makes it."""
    event = visitor(title, label, at, confidence=1.0)
    event.parse_data["intent_ranking"] = [event.parse_data["intent"]]
    return event


def bot(response: str, text: str = "A reply.", at: float = 0.5, buttons: tuple[str, ...] = (), **named: Any) -> Event:
    """An utterance. `named` are variables, or marks, of the metadata; `facts` go where Rasa puts them."""
    facts = named.pop("facts", None)
    metadata = {"id": f"{response}/any/1", "utter_action": response, "template": response, **named}
    if facts is not None:
        metadata["metadata"] = {"facts": facts}
    shown = [{"title": title, "payload": "affirm"} for title in buttons]
    return BotUttered(text, {"buttons": shown or None}, metadata, timestamp=BEGAN + at)


def session(*between: Event) -> list[Event]:
    """A session that begins; `between` is said before the visitor's message is looked at."""
    return [ActionExecuted("action_session_start"), *between, SessionStarted(), LISTEN]


async def say(store: ConversationStore, *events: Event, conversation: str = ANYONE) -> None:
    """Add events to a conversation."""
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    for event in events:
        tracker.update(event)
    await store.save(tracker)


async def name_given(store: ConversationStore, name: str, conversation: str = ANYONE) -> None:
    """Add a turn in which a name is taken."""
    await say(
        store,
        visitor("it is me", "inform"),
        SlotSet("contact_name", name),
        bot("utter_greet"),
        conversation=conversation,
    )


def turns(engine: Engine, conversation: str | None = None) -> list[Any]:
    """The turns in the log, in order."""
    query = select(LoggedTurn).order_by(LoggedTurn.conversation_id, LoggedTurn.ordinal)
    if conversation is not None:
        query = query.where(LoggedTurn.conversation_id == conversation)
    with transaction(engine) as session:
        return list(session.execute(query).scalars())


def logged(engine: Engine, conversation: str = ANYONE) -> Any:
    """The conversation's row in the log, None when it has none."""
    with transaction(engine) as session:
        return session.get(LoggedConversation, conversation)


def whole_log(engine: Engine, with_ids: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Everything in the log, in one order; the ids of turns tell in which order they were written."""
    tables = {LoggedTurn.__table__: "event_id", LoggedConversation.__table__: "conversation_id"}
    with engine.connect() as connection:
        return {
            table.name: [
                {key: value for key, value in row.items() if with_ids or key != "id"}
                for row in connection.execute(select(table).order_by(table.c[key])).mappings()
            ]
            for table, key in tables.items()
        }


def event_count(engine: Engine) -> int:
    """How many events are stored."""
    with engine.connect() as connection:
        return len(connection.execute(select(EVENTS.c.id)).all())


def project(engine: Engine) -> int:
    """Bring the log up to date as a process does that has just started."""
    return Projection(engine).bring_up_to_date()
