"""How far the turn log is behind the events, in numbers."""

import time
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Engine

from clinic.database import transaction
from conversations.conversation_states import ConversationState
from conversations.event_rows import EVENTS
from conversations.projection_progress import NAME
from conversations.turn_log import LoggedConversation, ProjectionProgress


@dataclass(frozen=True)
class LogLag:
    """How many conversations have events that are not in the log, and for how many seconds the first of them waits."""

    conversations: int
    oldest_seconds: float


def log_lag(engine: Engine) -> LogLag:
    """The lag at this moment.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read, or no bot has ever kept an event in it.
    """
    newest, logged = ConversationState.last_event_id, LoggedConversation.last_event_id
    with transaction(engine) as session:
        progress = session.get(ProjectionProgress, NAME)
        passed = progress.watermark if progress else 0
        query = (
            select(func.count(), func.min(EVENTS.c.timestamp))
            .select_from(ConversationState)
            .outerjoin(LoggedConversation, LoggedConversation.conversation_id == ConversationState.conversation_id)
            .join(EVENTS, EVENTS.c.id == newest)
            .where(newest > passed, or_(logged.is_(None), logged < newest))
        )
        count, oldest = session.execute(query).one()
    return LogLag(count, 0.0 if oldest is None else max(0.0, time.time() - oldest))
