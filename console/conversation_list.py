"""The list of conversations, newest activity first: what stands in each row, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from clinic.database import transaction
from clinic.flags import Flag
from console.conversation_addresses import address_of_turn
from console.conversation_conditions import conversation_conditions, matching_turns_of
from console.conversation_filters import ConversationFilters
from console.keyset import Place
from conversations.feedback import Feedback
from conversations.reviews import ConversationReview
from conversations.turn_log import LoggedConversation, LoggedTurn

ROWS_OF_A_PAGE = 50
FIRST_WORDS = 160


@dataclass(frozen=True)
class Snippet:
    """The message that a row shows: the first that the filters found, or the first of all. `text` is None if purged."""

    ordinal: int
    text: str | None


@dataclass(frozen=True)
class ListedConversation:
    """One row. `turns_seen` and `reviewed_by` are None where nobody reviewed it."""

    conversation_id: str
    channel: str
    language: str
    last_activity_at: datetime
    turn_count: int
    last_outcome: str
    has_safety: bool
    attention: str | None
    turns_seen: int | None
    reviewed_by: str | None
    snippet: Snippet | None
    flags_waiting: int
    thumbs_up: int
    thumbs_down: int

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return Place(self.last_activity_at, self.conversation_id)

    @property
    def address(self) -> str:
        """The page of the conversation, at the message that the row shows."""
        return address_of_turn(self.conversation_id, self.snippet.ordinal if self.snippet else 1)

    @property
    def has_gone_on(self) -> bool:
        """Whether there are messages that came after the review."""
        return self.turns_seen is not None and self.turns_seen < self.turn_count


@dataclass(frozen=True)
class ListedPage:
    """The rows of one page; `newer` and `older` are where the next pages begin, None where there is nothing more."""

    rows: tuple[ListedConversation, ...]
    newer: Place | None
    older: Place | None


def list_conversations(
    engine: Engine,
    filters: ConversationFilters,
    zone: ZoneInfo,
    *,
    older_than: Place | None = None,
    newer_than: Place | None = None,
) -> ListedPage:
    """One page of the conversations that the filters let through, in four queries.

    Args:
        engine: the clinic's database.
        filters: what is searched for.
        zone: the clinic's zone.
        older_than: the page begins after this place.
        newer_than: the page ends before this place; not together with `older_than`.
    """
    with transaction(engine) as session:
        query = _rows_query(filters, zone, older_than, newer_than)
        found: Sequence[Any] = session.execute(query.limit(ROWS_OF_A_PAGE + 1)).all()
        has_more = len(found) > ROWS_OF_A_PAGE
        found = found[:ROWS_OF_A_PAGE]
        if newer_than:
            found = found[::-1]
        rows = tuple(_with_messages(session, filters, found))
    if not rows:
        return ListedPage((), None, None)
    # A page that was reached from one side has that side to go back to.
    newer = rows[0].place if older_than or (newer_than and has_more) else None
    older = rows[-1].place if newer_than or has_more else None
    return ListedPage(rows, newer, older)


def _rows_query(
    filters: ConversationFilters, zone: ZoneInfo, older_than: Place | None, newer_than: Place | None
) -> Select:
    columns = (LoggedConversation, ConversationReview.turns_seen, ConversationReview.reviewed_by)
    same = ConversationReview.conversation_id == LoggedConversation.conversation_id
    query = select(*columns).outerjoin(ConversationReview, same).where(*conversation_conditions(filters, zone))
    order = (LoggedConversation.last_activity_at, LoggedConversation.conversation_id)
    if newer_than:
        return query.where(newer_than.has_newer()).order_by(*order)
    if older_than:
        query = query.where(older_than.has_older())
    return query.order_by(*(column.desc() for column in order))


def _with_messages(session: Session, filters: ConversationFilters, found: Sequence[Any]) -> list[ListedConversation]:
    ids = [row.LoggedConversation.conversation_id for row in found]
    snippets = _snippets(session, filters, ids)
    waiting = _flags_waiting(session, ids)
    thumbs = _thumbs(session, ids)
    return [
        _listed(row, snippets.get(conversation_id), waiting[conversation_id], thumbs[conversation_id])
        for row, conversation_id in zip(found, ids, strict=True)
    ]


def _listed(row: Any, snippet: Snippet | None, waiting: int, thumbs: tuple[int, int]) -> ListedConversation:
    conversation = row.LoggedConversation
    return ListedConversation(
        conversation_id=conversation.conversation_id,
        channel=conversation.channel,
        language=conversation.language,
        last_activity_at=conversation.last_activity_at,
        turn_count=conversation.turn_count,
        last_outcome=conversation.last_outcome,
        has_safety=conversation.has_safety,
        attention=conversation.attention,
        turns_seen=row.turns_seen,
        reviewed_by=row.reviewed_by,
        snippet=snippet,
        flags_waiting=waiting,
        thumbs_up=thumbs[0],
        thumbs_down=thumbs[1],
    )


def _snippets(session: Session, filters: ConversationFilters, ids: Sequence[str]) -> dict[str, Snippet]:
    """By conversation the first message that the filters found, which without filters of messages is the first."""
    columns = (LoggedTurn.conversation_id, func.min(LoggedTurn.ordinal).label("ordinal"))
    first = matching_turns_of(ids, filters, *columns).group_by(LoggedTurn.conversation_id).subquery()
    same = and_(LoggedTurn.conversation_id == first.c.conversation_id, LoggedTurn.ordinal == first.c.ordinal)
    shown = (LoggedTurn.conversation_id, LoggedTurn.ordinal, func.substr(LoggedTurn.text, 1, FIRST_WORDS + 1))
    return {
        conversation_id: Snippet(ordinal, None if text is None else _shortened(text))
        for conversation_id, ordinal, text in session.execute(select(*shown).join(first, same))
    }


def _shortened(text: str) -> str:
    return text if len(text) <= FIRST_WORDS else text[:FIRST_WORDS].rstrip() + "…"


def _flags_waiting(session: Session, ids: Sequence[str]) -> defaultdict[str, int]:
    query = select(Flag.conversation_id, func.count()).where(
        Flag.conversation_id.in_(ids), Flag.acknowledged_at.is_(None)
    )
    return defaultdict(int, session.execute(query.group_by(Flag.conversation_id)).all())


def _thumbs(session: Session, ids: Sequence[str]) -> defaultdict[str, tuple[int, int]]:
    """By conversation how many answers were found helpful, and how many not."""
    up, down = (func.sum(case((Feedback.helpful.is_(helpful), 1), else_=0)) for helpful in (True, False))
    query = select(Feedback.conversation_id, up, down).where(Feedback.conversation_id.in_(ids))
    rows = session.execute(query.group_by(Feedback.conversation_id)).all()
    return defaultdict(lambda: (0, 0), {conversation_id: (up, down) for conversation_id, up, down in rows})
