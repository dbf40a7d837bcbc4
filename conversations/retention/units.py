"""What goes as a whole: a conversation word for word, a request or a message with its history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timezone
from typing import Any, Protocol

from sqlalchemy import Table, and_, or_, select, union
from sqlalchemy.orm import Session

from clinic.appointment_requests import CLOSED_BY_VISITOR, AppointmentRequest
from clinic.outbox import Notice
from clinic.request_changes import MessageChange, RequestChange
from clinic.staff_messages import StaffMessage
from clinic.staff_work import BOOKED, CLOSED
from conversations.conversation_states import ConversationState
from conversations.event_rows import EVENTS
from conversations.offered_choices import OfferedChoice
from conversations.projection_progress import lower_progress
from conversations.retention import classes
from conversations.retention.classes import Cutoffs
from conversations.retention.rules import notice_is_done
from conversations.turns import Turn
from conversations.web_sessions import WebSession

ENDED_REQUEST = (BOOKED, CLOSED, CLOSED_BY_VISITOR)
ENDED_MESSAGE = (CLOSED,)


@dataclass(frozen=True)
class Part:
    """The rows of one table that belong to a unit.

    `key` is the column that names the unit. `moment` is the column of the rows' age, None where they have none; it is
    in seconds since 1970 where `in_seconds`. `besides` says which of the rows belong; None: all of them.
    """

    table: Table
    key: Any
    moment: Any = None
    in_seconds: bool = False
    besides: Callable[[Cutoffs], Any] | None = None

    def rows(self, keys: Sequence[str], at: Cutoffs) -> Any:
        """The condition for the rows of these units."""
        mine = self.key.in_(keys)
        return mine if self.besides is None else and_(mine, self.besides(at))

    def old_rows(self, keys: Sequence[str], at: Cutoffs, retention_class: str) -> Any:
        """The same without rows that came after the look."""
        if self.moment is None:
            return self.rows(keys, at)
        cutoff = at.of(retention_class)
        limit = cutoff.replace(tzinfo=timezone.utc).timestamp() if self.in_seconds else cutoff
        return and_(self.rows(keys, at), or_(self.moment.is_(None), self.moment < limit))


class Unit(Protocol):
    """One kind of thing that goes as a whole."""

    @property
    def retention_class(self) -> str:
        """Whose time counts."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The tables that hold something of it, in the order in which it goes."""

    def page(self, session: Session, at: Cutoffs, after: str, most: int) -> tuple[list[str], str | None]:
        """Of the next so many keys after `after` those that are past their time, and where to go on; None: the end."""

    def still_past(self, session: Session, at: Cutoffs, keys: Sequence[str]) -> list[str]:
        """Those that are past their time now, locked against changes until the transaction ends."""

    def after_removal(self, session: Session) -> None:
        """What is due in the transaction in which rows were deleted."""


class Transcripts:
    """Conversations in which nothing was said and that nobody visited since; by their ids."""

    retention_class = classes.TRANSCRIPT
    parts = (
        Part(EVENTS, EVENTS.c.sender_id, EVENTS.c.timestamp, in_seconds=True),
        Part(Turn.__table__, Turn.conversation_id, Turn.claimed_at),
        Part(OfferedChoice.__table__, OfferedChoice.conversation_id, OfferedChoice.offered_at),
        Part(ConversationState.__table__, ConversationState.conversation_id),
        Part(WebSession.__table__, WebSession.id, WebSession.last_seen_at),
    )

    def page(self, session: Session, at: Cutoffs, after: str, most: int) -> tuple[list[str], str | None]:
        """See `Unit`. Each table gives its next keys by its index, so that no page reads a whole table."""
        nexts = [
            select(
                select(part.key.label("key"))
                .where(part.key > after)
                .distinct()
                .order_by(part.key)
                .limit(most)
                .subquery()
                .c.key
            )
            for part in self.parts
        ]
        together = union(*nexts).subquery()
        keys = list(session.execute(select(together.c.key).order_by(together.c.key).limit(most)).scalars())
        return self._idle(session, at, keys), keys[-1] if len(keys) == most else None

    def still_past(self, session: Session, at: Cutoffs, keys: Sequence[str]) -> list[str]:
        """See `Unit`. A turn that stores its events waits for the lock, and is then refused as stale and runs again."""
        for column in (ConversationState.conversation_id, WebSession.id):
            session.execute(select(column).where(column.in_(keys)).order_by(column).with_for_update()).all()
        return self._idle(session, at, keys)

    def after_removal(self, session: Session) -> None:
        """See `Unit`."""
        lower_progress(session)

    def _idle(self, session: Session, at: Cutoffs, keys: Sequence[str]) -> list[str]:
        cutoff = at.of(self.retention_class)
        active = union(
            select(Turn.conversation_id).where(
                Turn.conversation_id.in_(keys), or_(Turn.claimed_at >= cutoff, Turn.answered_at >= cutoff)
            ),
            select(WebSession.id).where(
                WebSession.id.in_(keys), or_(WebSession.created_at >= cutoff, WebSession.last_seen_at >= cutoff)
            ),
            select(EVENTS.c.sender_id).where(EVENTS.c.sender_id.in_(keys), EVENTS.c.timestamp >= cutoff.timestamp()),
            select(OfferedChoice.conversation_id).where(
                OfferedChoice.conversation_id.in_(keys), OfferedChoice.offered_at >= cutoff
            ),
        )
        going_on = set(session.execute(active).scalars())
        return [key for key in keys if key not in going_on]


@dataclass(frozen=True)
class Work:
    """Requests or messages that the staff are done with; by their ids. Their notices go along, whatever became of them.

    `ended` are the statuses in which nothing waits any more; the time counts from the last change.
    """

    table: Any
    changes: Any
    subject: Any
    ended: tuple[str, ...]
    retention_class: str = classes.REQUESTS

    @property
    def parts(self) -> tuple[Part, ...]:
        """See `Unit`. A notice that goes with its own class is not counted here."""
        return (
            Part(self.changes.__table__, self.subject),
            Part(Notice.__table__, Notice.subject_id, besides=lambda at: ~notice_is_done(at)),
            Part(self.table.__table__, self.table.id),
        )

    def page(self, session: Session, at: Cutoffs, after: str, most: int) -> tuple[list[str], str | None]:
        """See `Unit`."""
        query = select(self.table.id).where(self._past(at), self.table.id > after).order_by(self.table.id).limit(most)
        keys = list(session.execute(query).scalars())
        return keys, keys[-1] if len(keys) == most else None

    def still_past(self, session: Session, at: Cutoffs, keys: Sequence[str]) -> list[str]:
        """See `Unit`."""
        query = select(self.table.id).where(self._past(at), self.table.id.in_(keys)).order_by(self.table.id)
        return list(session.execute(query.with_for_update()).scalars())

    def after_removal(self, session: Session) -> None:
        """See `Unit`."""

    def _past(self, at: Cutoffs) -> Any:
        return and_(self.table.status.in_(self.ended), self.table.updated_at < at.of(self.retention_class))


UNITS: tuple[Unit, ...] = (
    Transcripts(),
    Work(AppointmentRequest, RequestChange, RequestChange.request_id, ENDED_REQUEST),
    Work(StaffMessage, MessageChange, MessageChange.message_id, ENDED_MESSAGE),
)
