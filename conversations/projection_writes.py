"""What the projection writes: the rows of conversations in which nothing has changed since they were read."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from conversations.conversation_states import ConversationState
from conversations.projection_drafts import Draft
from conversations.projection_reads import moments_of
from conversations.turn_log import LoggedConversation, LoggedTurn

# Any number that nothing else locks; the migrations have one of their own.
POSTGRESQL_LOCK = 7_314_202
_IDS_AT_ONCE = 500
_TURNS = LoggedTurn.__table__
_CONVERSATIONS = LoggedConversation.__table__


def store_drafts(engine: Engine, drafts: Sequence[Draft]) -> list[Draft]:
    """Store the drafts in one transaction and return those that were stored.

    The others were erased, or brought further by another process, after they were read.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    if not drafts:
        return []
    with transaction(engine) as session:
        be_the_only_writer(session)
        stored = list(_unchanged(session, drafts))
        _replace_turns(session, stored)
        _write_conversations(session, stored)
    return stored


def be_the_only_writer(session: Session) -> None:
    """Let no other process write to the log before the caller's transaction ends; the first thing in it."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": POSTGRESQL_LOCK})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _unchanged(session: Session, drafts: Sequence[Draft]) -> Iterator[Draft]:
    identifiers = [draft.behind.conversation_id for draft in drafts]
    # The lock keeps the row from being deleted and lets its conversation go on: an erasure comes before or after all
    # of this, and deletes the log after the row.
    states = (
        select(ConversationState.conversation_id)
        .where(ConversationState.conversation_id.in_(identifiers))
        .order_by(ConversationState.conversation_id)
        .with_for_update(read=True, key_share=True)
    )
    alive = set(session.execute(states).scalars())
    moments = moments_of(session, [draft.behind.last_event_id for draft in drafts])
    columns = (LoggedConversation.conversation_id, LoggedConversation.last_event_id)
    rows = session.execute(select(*columns).where(LoggedConversation.conversation_id.in_(identifiers)))
    logged = {row.conversation_id: row.last_event_id for row in rows}
    for draft in drafts:
        behind = draft.behind
        # An erased conversation may have begun anew under the same id: then its newest event is another one.
        same = behind.last_event_id in moments and moments[behind.last_event_id] == draft.last_moment
        if same and behind.conversation_id in alive and logged.get(behind.conversation_id) == behind.logged_event_id:
            yield draft


def _replace_turns(session: Session, drafts: Sequence[Draft]) -> None:
    for identifiers in _portions(identifier for draft in drafts for identifier in draft.replaced):
        session.execute(delete(_TURNS).where(_TURNS.c.id.in_(identifiers)))
    turns = [turn for draft in drafts for turn in draft.turns]
    for rows in ([turn for turn in turns if "id" in turn], [turn for turn in turns if "id" not in turn]):
        if rows:
            session.execute(insert(_TURNS), rows)


def _write_conversations(session: Session, drafts: Sequence[Draft]) -> None:
    new = [draft.conversation for draft in drafts if draft.behind.logged_event_id is None]
    # A bound name may not be that of a column.
    known = [
        draft.conversation | {"of_conversation": draft.behind.conversation_id}
        for draft in drafts
        if draft.behind.logged_event_id is not None
    ]
    if new:
        session.execute(insert(_CONVERSATIONS), new)
    if known:
        own = _CONVERSATIONS.c.conversation_id == bindparam("of_conversation")
        session.connection().execute(update(_CONVERSATIONS).where(own), known)


def _portions(identifiers: Iterable[int]) -> Iterator[list[Any]]:
    """The ids in lists that are short enough for one statement."""
    rest = iter(identifiers)
    while portion := list(islice(rest, _IDS_AT_ONCE)):
        yield portion
