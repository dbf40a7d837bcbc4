"""Turns as a conversation's page shows them: what was understood, what was said, and what people said of that."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.clock import in_utc
from clinic.database import transaction
from clinic.flags import Flag
from console.content import Fact, facts
from console.conversation_addresses import address_of_turn
from conversations.feedback import Feedback
from conversations.reviewing import Review
from conversations.reviews import TurnReview
from conversations.teaching import Correction
from conversations.turn_log import LoggedTurn

RANKED_SHOWN = 5
# What an answer of long ago rested on may have left the page since.
GONE = Fact("", "")
WORTH_A_JUMP = ("safety", "fallback", "failed")


@dataclass(frozen=True)
class ShownReply:
    """One message of the assistant; `facts` are pairs of id and text, from the page `facts_title`."""

    response: str
    version: str
    text: str
    choices: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    facts_title: str


@dataclass(frozen=True)
class Ranked:
    """One label of the ranking with the confidence that the model gave it."""

    label: str
    confidence: float


@dataclass(frozen=True)
class ShownTurn:
    """One message, what was understood and said, and what people said of that. `row` is the turn in the log.

    `helpful` is the visitor's verdict, None without one. `correction` is that of all messages that say the same.
    """

    row: LoggedTurn
    address: str
    replies: tuple[ShownReply, ...]
    ranking: tuple[Ranked, ...]
    candidates: tuple[str, ...]
    slots: Mapping[str, Any]
    helpful: bool | None
    flags: tuple[Flag, ...]
    review: Review | None
    correction: Correction | None
    is_worth_a_jump: bool

    @property
    def seen(self) -> str:
        """The review that the page shows, for the form to say which one the person has seen."""
        return self.review.reviewed_at.isoformat() if self.review else ""


def read_turn(engine: Engine, conversation_id: str, event_id: int) -> ShownTurn | None:
    """One turn of a conversation; None when there is no such turn."""
    own = (LoggedTurn.conversation_id == conversation_id, LoggedTurn.event_id == event_id)
    with transaction(engine) as session:
        row = session.execute(select(LoggedTurn).where(*own)).scalar_one_or_none()
        return None if row is None else TurnsOfConversation(session, conversation_id).shown([row])[0]


class TurnsOfConversation:
    """What belongs to the turns of one conversation, read at once, in three queries."""

    def __init__(self, session: Session, conversation_id: str) -> None:
        """Read it within an open transaction."""
        self._session = session
        self._thumbs = dict(
            session.execute(
                select(Feedback.message_id, Feedback.helpful).where(Feedback.conversation_id == conversation_id)
            ).all()
        )
        flags = select(Flag).where(Flag.conversation_id == conversation_id).order_by(Flag.created_at, Flag.id)
        self._flags: Sequence[Flag] = session.execute(flags).scalars().all()
        self._flagged = {flag.turn_id for flag in self._flags}
        reviews = select(TurnReview).where(TurnReview.conversation_id == conversation_id)
        self.reviews = {
            row.event_id: Review(row.verdict, row.label, row.reviewed_by, in_utc(row.reviewed_at))
            for row in session.execute(reviews).scalars()
        }

    def shown(self, rows: Sequence[LoggedTurn]) -> list[ShownTurn]:
        """These turns with all that belongs to them; one more query."""
        digests = {row.text_digest for row in rows}
        query = select(Correction).where(Correction.text_digest.in_(digests))
        corrections = {row.text_digest: row for row in self._session.execute(query).scalars()}
        return [self._shown(row, corrections.get(row.text_digest)) for row in rows]

    def is_worth_a_jump(self, turn: Any) -> bool:
        """Whether a turn was flagged, was not understood, got no answer, or one that did not help."""
        return (
            turn.outcome in WORTH_A_JUMP
            or self._thumbs.get(turn.message_id) is False
            or turn.message_id in self._flagged
        )

    def flags_of_none_of(self, message_ids: Collection[str]) -> tuple[Flag, ...]:
        """The flags that belong to none of these messages."""
        return tuple(flag for flag in self._flags if flag.turn_id not in message_ids)

    def _shown(self, row: LoggedTurn, correction: Correction | None) -> ShownTurn:
        return ShownTurn(
            row=row,
            address=address_of_turn(row.conversation_id, row.ordinal),
            replies=tuple(_reply(each) for each in json.loads(row.responses)),
            ranking=tuple(Ranked(each["label"], each["confidence"]) for each in json.loads(row.ranking)[:RANKED_SHOWN]),
            candidates=tuple(json.loads(row.candidates)),
            slots=json.loads(row.slots),
            helpful=self._thumbs.get(row.message_id),
            flags=tuple(flag for flag in self._flags if flag.turn_id == row.message_id),
            review=self.reviews.get(row.event_id),
            correction=correction,
            is_worth_a_jump=self.is_worth_a_jump(row),
        )


def _reply(reply: Mapping[str, Any]) -> ShownReply:
    known = facts()
    rests_on = [(name, known.get(name, GONE)) for name in reply["facts"]]
    return ShownReply(
        response=reply["response"],
        version=reply["version"],
        text=reply["text"],
        choices=tuple(reply["choices"]),
        facts=tuple((name, fact.text) for name, fact in rests_on),
        facts_title=", ".join(dict.fromkeys(fact.title for _, fact in rests_on if fact.title)),
    )
