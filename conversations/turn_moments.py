"""When the turns of a conversation took place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.clock import in_utc
from clinic.database import transaction
from conversations.turns import Turn


@dataclass(frozen=True)
class TurnMoments:
    """When a message came in and when it was answered, in UTC; `answered_at` is None until then."""

    message_id: str
    came_at: datetime
    answered_at: datetime | None


def turn_moments(engine: Engine, conversation_id: str) -> list[TurnMoments]:
    """The moments of all turns of a conversation, oldest first."""
    columns = (Turn.message_id, Turn.claimed_at, Turn.answered_at)
    query = select(*columns).where(Turn.conversation_id == conversation_id).order_by(Turn.id)
    with transaction(engine) as session:
        rows = session.execute(query).all()
    return [
        TurnMoments(message_id, in_utc(came_at), None if answered_at is None else in_utc(answered_at))
        for message_id, came_at, answered_at in rows
    ]
