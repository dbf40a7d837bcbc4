"""The columns that every source of the queue's entries has, so that a union can put them together.

Nothing personal is among them: no name, no number, no words of a visitor.
"""

from typing import Any

from sqlalchemy import Integer, String, cast, literal, null, select
from sqlalchemy.sql import Select

from console.queue_kinds import Kind

NO_TEXT = cast(null(), String)
NO_NUMBER = cast(null(), Integer)


def columns(
    kind: Kind,
    *,
    rank: Any,
    since: Any,
    key: Any,
    conversation_id: Any,
    channel: Any,
    subject: Any,
    detail: Any = NO_TEXT,
    reference: Any = NO_TEXT,
    assignee: Any = NO_TEXT,
    amount: Any = NO_NUMBER,
) -> Select:
    """A query of them. What `subject`, `detail`, `reference` and `amount` say depends on the source."""
    return select(
        literal(kind.value).label("kind"),
        rank.label("rank"),
        since.label("since"),
        cast(key, String).label("key"),
        conversation_id.label("conversation_id"),
        channel.label("channel"),
        subject.label("subject"),
        detail.label("detail"),
        reference.label("reference"),
        assignee.label("assignee"),
        amount.label("amount"),
    )
