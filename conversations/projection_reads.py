"""What the projection reads: which conversations have events that are not in the log, and their events."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from conversations.conversation_states import ConversationState
from conversations.event_rows import EVENTS, SLOT, TOLD
from conversations.slot_values import NOT_IDENTIFYING, identifying_values
from conversations.turn_events import Event, Message, SlotChange, UnreadableEventError, read_event
from conversations.turn_log import LoggedConversation, LoggedTurn

# No event has it: `last_event_id` of a conversation that is to be put into the log from its beginning again.
ANEW = 0
_TURNS = LoggedTurn.__table__
_COLUMNS = (EVENTS.c.id, EVENTS.c.sender_id, EVENTS.c.type_name, EVENTS.c.action_name, EVENTS.c.data)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Behind:
    """A conversation with events that are not in the log.

    `last_event_id` is the newest of all its events, `logged_event_id` the newest in the log: None when it is not there.
    """

    conversation_id: str
    last_event_id: int
    logged_event_id: int | None

    @property
    def from_the_beginning(self) -> bool:
        """Whether all of its events are to be read."""
        return self.logged_event_id in (None, ANEW)


@dataclass
class Source:
    """A conversation that is behind, with what its rows are made from.

    `logged` are its turns in the log, oldest first. `events` are read from `read_after` on, up to `last_event_id`.
    `known_before` are its names and numbers from events before those. `last_moment` is the time of its newest event.
    """

    behind: Behind
    logged: list[Any] = field(default_factory=list)
    read_after: int = 0
    events: list[Event] = field(default_factory=list)
    known_before: set[str] = field(default_factory=set)
    last_moment: float | None = None
    unreadable: int = 0

    @property
    def known(self) -> tuple[str, ...]:
        """All names and numbers that the conversation's slots have held, in one order."""
        return tuple(sorted(self.known_before | _identifying(self.events)))

    @property
    def kept(self) -> list[Any]:
        """The turns that stay as they are: those before the first message that was read."""
        first = next((event.event_id for event in self.events if isinstance(event, Message)), None)
        return [turn for turn in self.logged if first is None or turn.event_id < first]


def find_behind(session: Session, above: int, most: int) -> list[Behind]:
    """Conversations that are behind and whose newest event has an id above `above`, by that id, at most `most`."""
    newest, logged = ConversationState.last_event_id, LoggedConversation.last_event_id
    query = (
        select(ConversationState.conversation_id, newest, logged)
        .outerjoin(LoggedConversation, LoggedConversation.conversation_id == ConversationState.conversation_id)
        .where(newest > above, or_(logged.is_(None), logged < newest))
        .order_by(newest)
        .limit(most)
    )
    return [Behind(*row) for row in session.execute(query)]


def load_sources(session: Session, behind: Sequence[Behind]) -> list[Source]:
    """What the rows of these conversations are made from.

    A conversation that goes on is read from its last turn but one, since the last may have got more events. Where a new
    name or number has come up, it is read from the beginning, so that the turns before are redacted again. One whose
    newest event is gone was erased meanwhile, and is left out.
    """
    sources = _load(session, behind)
    renewed = [
        source.behind for source in sources if source.read_after and not source.known_before.issuperset(source.known)
    ]
    if not renewed:
        return sources
    again = {source.behind.conversation_id: source for source in _load(session, renewed, whole=True)}
    others = [source for source in sources if source.behind not in renewed]
    return [*others, *again.values()]


def _load(session: Session, behind: Sequence[Behind], whole: bool = False) -> list[Source]:
    sources = {each.conversation_id: Source(each) for each in behind}
    _load_logged(session, sources)
    if not whole:
        for source in sources.values():
            if not source.behind.from_the_beginning and len(source.logged) > 1:
                source.read_after = source.logged[-2].event_id
    _load_events(session, sources)
    _load_known(session, [source for source in sources.values() if source.read_after])
    moments = moments_of(session, [source.behind.last_event_id for source in sources.values()])
    for source in sources.values():
        source.last_moment = moments.get(source.behind.last_event_id)
    return [source for source in sources.values() if source.behind.last_event_id in moments]


def moments_of(session: Session, event_ids: Sequence[int]) -> dict[int, float | None]:
    """When these events happened, in seconds since 1970, as far as there are such events."""
    query = select(EVENTS.c.id, EVENTS.c.timestamp).where(EVENTS.c.id.in_(event_ids))
    return {row.id: row.timestamp for row in session.execute(query)}


def _load_logged(session: Session, sources: dict[str, Source]) -> None:
    identifiers = [name for name, source in sources.items() if source.behind.logged_event_id is not None]
    if not identifiers:
        return
    columns = [column for column in _TURNS.c if column.name not in ("text", "responses", "candidates", "ranking")]
    query = select(*columns).where(_TURNS.c.conversation_id.in_(identifiers)).order_by(_TURNS.c.event_id)
    for row in session.execute(query):
        sources[row.conversation_id].logged.append(row)


def _load_events(session: Session, sources: dict[str, Source]) -> None:
    whole = [name for name, source in sources.items() if not source.read_after]
    ends = [
        and_(EVENTS.c.sender_id == name, EVENTS.c.id > source.read_after)
        for name, source in sources.items()
        if source.read_after
    ]
    query = select(*_COLUMNS).where(or_(EVENTS.c.sender_id.in_(whole), *ends), TOLD).order_by(EVENTS.c.id)
    for row in session.execute(query):
        source = sources[row.sender_id]
        if row.id > source.behind.last_event_id:
            # Stored since we looked; for the next look.
            continue
        try:
            source.events.append(read_event(row))
        except UnreadableEventError as error:
            logger.error("left out of the turn log: %s", error)
            source.unreadable += 1


def _load_known(session: Session, sources: Sequence[Source]) -> None:
    if not sources:
        return
    by_name = {source.behind.conversation_id: source for source in sources}
    spans = [and_(EVENTS.c.sender_id == name, EVENTS.c.id <= each.read_after) for name, each in by_name.items()]
    personal = and_(EVENTS.c.type_name == SLOT, EVENTS.c.action_name.not_in(sorted(NOT_IDENTIFYING)))
    events: dict[str, list[Event]] = defaultdict(list)
    for row in session.execute(select(*_COLUMNS).where(or_(*spans), personal)):
        try:
            events[row.sender_id].append(read_event(row))
        except UnreadableEventError:
            # Said when it was first read.
            continue
    for name, source in by_name.items():
        source.known_before = _identifying(events[name])


def _identifying(events: Iterable[Event]) -> set[str]:
    changes = (event for event in events if isinstance(event, SlotChange))
    return {value for change in changes for value in identifying_values(change.slot, change.value)}
