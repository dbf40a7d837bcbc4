"""Rasa's tracker store on the clinic's database, with a bounded replay.

Rasa's own SQL store replays every event since the session began, and once more before each action, so that a long
conversation gets slower with every turn. Here a checkpoint moves along: at most `LONGEST_TAIL` events and one turn are
replayed, whatever went before. Faults of the database are raised; nothing is kept in memory instead.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Index, bindparam, insert, inspect, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import sessionmaker

from clinic.database import make_engine
from clinic.settings import load_settings
from conversations.checkpoint import ConversationCheckpoint, State, capture_state
from conversations.conversation_states import ConversationState
from conversations.event_rows import EVENTS
from conversations.recent_trackers import RecentTrackers
from conversations.stored_tracker import StoredTracker

# Known for the one turn alone: the number of a text is kept encrypted elsewhere (clinic/text_contacts.py).
NOT_KEPT = frozenset({"sender_phone"})
LONGEST_TAIL = 60
SHORTENED_TAIL = 30

SQLEvent: Any = SQLTrackerStore.SQLEvent
EVENTS_INDEX = Index("ix_events_sender_id_id", SQLEvent.sender_id, SQLEvent.id)
# Reviews go by the ids of events. Without it SQLite gives the id of an erased newest event to the next one.
SQLEvent.__table__.dialect_kwargs["sqlite_autoincrement"] = True
# The same table as EVENTS, for what Rasa itself reads of it.
SQLEvent.__table__.c.data.type = EVENTS.c.data.type

# The statements of every turn are made once: making them costs several times what the database needs to answer them.
_STATES = ConversationState.__table__
_INSERT_EVENT = insert(EVENTS)
_INSERT_STATE = insert(_STATES)
_FIND_STATE = select(_STATES.c.first_event_id, _STATES.c.last_event_id, _STATES.c.state).where(
    _STATES.c.conversation_id == bindparam("of_conversation")
)
_FIND_EVENTS = (
    select(EVENTS.c.id, EVENTS.c.data)
    .where(EVENTS.c.sender_id == bindparam("of_conversation"), EVENTS.c.id >= bindparam("first"))
    .order_by(EVENTS.c.id)
)
_FIND_NEWEST_IDS = (
    select(EVENTS.c.id)
    .where(EVENTS.c.sender_id == bindparam("of_conversation"))
    .order_by(EVENTS.c.id.desc())
    .limit(bindparam("so_many"))
)
_MOVE_ON = (
    update(_STATES)
    .where(
        _STATES.c.conversation_id == bindparam("of_conversation"), _STATES.c.last_event_id == bindparam("expected_last")
    )
    .values(last_event_id=bindparam("new_last"))
)
_MOVE_CHECKPOINT = _MOVE_ON.values(first_event_id=bindparam("new_first"), state=bindparam("new_state"))


class ConversationChangedError(RuntimeError):
    """Another process wrote to the conversation after it was read; nothing was stored, and the turn can run again."""


@dataclass(frozen=True)
class _Checkpoint:
    """`position` counts the events after the head; `state` is the one just before it, None for the initial one."""

    position: int
    state: State | None


class ConversationStore(SQLTrackerStore):
    """Keeps events in Rasa's table `events` and the place where replay starts in `conversation_states`."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        engine: Engine | None = None,
    ) -> None:
        """Open the store.

        Args:
            domain: the assistant's domain; Rasa sets it once a model is loaded.
            event_broker: receives new events after they are committed.
            host: not used; Rasa passes the `url` of endpoints.yml, and the address comes from the settings instead.
            engine: the database; the one of the settings when left out.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        """
        # The parent's constructor retries for ever on a database that does not answer, so it is not called.
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = engine or make_engine(load_settings().database_url)
        self._recent = RecentTrackers()
        self.sessionmaker = sessionmaker(self.engine, future=True)
        create_event_tables(self.engine)

    def init_tracker(self, sender_id: str) -> StoredTracker:
        """A tracker of a conversation that has no events."""
        return StoredTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def retrieve(self, sender_id: str) -> StoredTracker | None:
        """The conversation's present state, None when it has no events."""
        recent = self._recent.take(sender_id, self.domain)
        mine = {"of_conversation": sender_id}
        with self.engine.connect() as connection:
            checkpoint = connection.execute(_FIND_STATE, mine).one_or_none()
            if isinstance(recent, StoredTracker) and _is_newest(recent, checkpoint):
                return recent
            first = checkpoint.first_event_id if checkpoint is not None else 0
            rows = connection.execute(_FIND_EVENTS, {**mine, "first": first}).all()
        state = json.loads(checkpoint.state) if checkpoint is not None and checkpoint.state else None
        if not rows:
            return None
        tracker = self._replayed(sender_id, state, rows)
        tracker.has_state = checkpoint is not None
        return tracker

    def _replayed(self, sender_id: str, state: State | None, rows: Sequence[Any]) -> StoredTracker:
        tracker = self.init_tracker(sender_id)
        events = deserialise_events([json.loads(row.data) for row in rows])
        if len(events) != len(rows):
            raise ValueError("the events table holds an event of an unknown kind")
        for event in [*_head(state, events[0].timestamp), *events]:
            tracker.update(event)
        tracker.event_ids = [row.id for row in rows]
        tracker.head_count = len(tracker.events) - len(events)
        return tracker

    async def save(
        self, tracker: DialogueStateTracker, together_with: Callable[[Connection], None] | None = None
    ) -> None:
        """Store the tracker's new events and, when the tail grew long, move the checkpoint; all or nothing.

        Args:
            tracker: as this store made it, and as the turn left it.
            together_with: stores what belongs to it in the same transaction; what it raises undoes all.

        Raises:
            ConversationChangedError: another process stored events meanwhile.
            sqlalchemy.exc.SQLAlchemyError: nothing was stored.
            TypeError: the tracker was not made by this store, so what is new in it cannot be told.
        """
        if not isinstance(tracker, StoredTracker):
            raise TypeError("only a tracker that this store made can be saved")
        new_events = tracker.new_events()
        if not new_events and together_with is None:
            return
        checkpoint = _next_checkpoint(tracker) if new_events else None
        identifiers = tracker.event_ids
        try:
            with self.engine.begin() as connection:
                if new_events:
                    identifiers = _insert(connection, tracker, new_events)
                    _write_state(connection, tracker, identifiers, checkpoint)
                if together_with is not None:
                    together_with(connection)
        except IntegrityError as error:
            raise ConversationChangedError("the conversation was begun by another process") from error
        if not new_events:
            return
        tracker.event_ids = identifiers
        tracker.has_state = True
        if checkpoint is None:
            # Where the checkpoint moved, the next turn replays from there, so that no tracker grows without end.
            self._recent.put(tracker, self.domain)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new_events, tracker.sender_id)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        with self.engine.connect() as connection:
            return list(connection.execute(select(_STATES.c.conversation_id)).scalars())


def create_event_tables(engine: Engine) -> None:
    """Create Rasa's table of events, its index and ours when absent; several processes may do so at once."""
    try:
        _create_missing(engine)
    except DBAPIError:
        # Another process created them between our look and our statement; then a second look finds them.
        _create_missing(engine)


def _create_missing(engine: Engine) -> None:
    SQLEvent.__table__.create(engine, checkfirst=True)
    ConversationState.__table__.create(engine, checkfirst=True)
    names = {index["name"] for index in inspect(engine).get_indexes(SQLEvent.__tablename__)}
    if EVENTS_INDEX.name not in names:
        EVENTS_INDEX.create(engine)


def _is_newest(tracker: StoredTracker, checkpoint: Any) -> bool:
    """Whether nobody else has written to or erased the conversation since the tracker was stored."""
    return checkpoint is not None and checkpoint.last_event_id == tracker.event_ids[-1]


def _head(state: State | None, timestamp: float) -> list[Event]:
    if state is None:
        return []
    loop = state["active_loop"]
    # Rasa finds the names of loops by their events, so an active one is named before the checkpoint restores it whole.
    named = [ActiveLoop(loop["name"], timestamp=timestamp)] if loop else []
    return [*named, ConversationCheckpoint(state, timestamp)]


def _next_checkpoint(tracker: StoredTracker) -> _Checkpoint | None:
    """Where replay shall start from now on; None leaves it where it is."""
    events = list(islice(tracker.events, tracker.head_count, None))
    restart = max((place for place, event in enumerate(events) if isinstance(event, SessionStarted)), default=0)
    if len(events) - restart <= LONGEST_TAIL:
        # A started session resets everything, so what came before it need not be replayed.
        return _Checkpoint(restart, None) if restart else None
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered) and place > restart]
    if not turns:
        return None
    place = next((turn for turn in turns if len(events) - turn <= SHORTENED_TAIL), turns[-1])
    return _Checkpoint(place, _state_before(tracker, tracker.head_count + place))


def _state_before(tracker: StoredTracker, place: int) -> State:
    earlier = tracker.init_copy()
    for event in islice(tracker.events, place):
        earlier.update(event)
    return capture_state(earlier)


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    if isinstance(event, UserUttered):
        kept = {key: value for key, value in (event.metadata or {}).items() if key not in NOT_KEPT}
        # Rasa keeps them twice.
        data["metadata"] = kept
        data["parse_data"] = {**data["parse_data"], "metadata": kept}
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _insert(connection: Connection, tracker: StoredTracker, events: Sequence[Event]) -> list[int]:
    """Insert the new events; the ids of all that follow the tracker's head, in order.

    The new ids are asked for, since an INSERT of many rows tells none. Were others' events among them, then
    `_write_state` would find the conversation's state changed too, and nothing would be stored.
    """
    connection.execute(_INSERT_EVENT, [_row(tracker.sender_id, event) for event in events])
    query = {"of_conversation": tracker.sender_id, "so_many": len(events)}
    return [*tracker.event_ids, *reversed(connection.execute(_FIND_NEWEST_IDS, query).scalars().all())]


def _write_state(
    connection: Connection, tracker: StoredTracker, identifiers: Sequence[int], checkpoint: _Checkpoint | None
) -> None:
    place = checkpoint.position if checkpoint is not None else 0
    state = json.dumps(checkpoint.state) if checkpoint is not None and checkpoint.state is not None else None
    if not tracker.has_state:
        # When another process was first, the row's key is taken and nothing of ours is stored.
        row = {"conversation_id": tracker.sender_id, "first_event_id": identifiers[place], "state": state}
        connection.execute(_INSERT_STATE, {**row, "last_event_id": identifiers[-1]})
        return
    values: dict[str, Any] = {
        "of_conversation": tracker.sender_id,
        "expected_last": tracker.event_ids[-1],
        "new_last": identifiers[-1],
    }
    moving = {} if checkpoint is None else {"new_first": identifiers[place], "new_state": state}
    if not connection.execute(_MOVE_ON if checkpoint is None else _MOVE_CHECKPOINT, {**values, **moving}).rowcount:
        raise ConversationChangedError("the conversation was written to or erased by another process")
