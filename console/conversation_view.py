"""One conversation as a page shows it: a stretch of its turns, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.appointment_requests import AppointmentRequest
from clinic.consents import Consent
from clinic.database import transaction
from clinic.flags import Flag
from clinic.staff_messages import StaffMessage
from console.conversation_addresses import TURNS_OF_A_PAGE, address_of_turn
from console.shown_turns import ShownTurn, TurnsOfConversation
from conversations.reviews import ConversationReview
from conversations.turn_log import LoggedConversation, LoggedTurn


@dataclass(frozen=True)
class Marker:
    """A turn to jump to."""

    ordinal: int
    address: str


@dataclass(frozen=True)
class ConversationPage:
    """A stretch of a conversation. `row` is the conversation in the log; pages count from 1.

    `jumps` are all turns of the conversation that are worth a look; `marked` counts those that were reviewed.
    `other_flags` belong to no message, such as a text that did not arrive. `requests` and `messages` are None for
    people who may not see them.
    """

    row: LoggedConversation
    turns: tuple[ShownTurn, ...]
    page: int
    pages: int
    jumps: tuple[Marker, ...]
    marked: int
    review: ConversationReview | None
    consent: Consent | None
    other_flags: tuple[Flag, ...]
    requests: Sequence[AppointmentRequest] | None
    messages: Sequence[StaffMessage] | None

    @property
    def has_gone_on(self) -> bool:
        """Whether there are messages that came after the review."""
        return self.review is not None and self.review.turns_seen < self.row.turn_count

    @property
    def page_addresses(self) -> tuple[tuple[int, int, str], ...]:
        """The first and last turn of each page, and its address."""
        firsts = range(1, self.row.turn_count + 1, TURNS_OF_A_PAGE)
        return tuple(
            (
                first,
                min(first + TURNS_OF_A_PAGE - 1, self.row.turn_count),
                address_of_turn(self.row.conversation_id, first),
            )
            for first in firsts
        )


def read_conversation(
    engine: Engine, conversation_id: str, *, around: int = 1, with_work: bool = False
) -> ConversationPage | None:
    """The page of a conversation that holds a turn; None when there is no such conversation.

    Args:
        engine: the clinic's database.
        conversation_id: which one.
        around: the ordinal of the turn, from 1; the last page when there are not as many.
        with_work: whether requests and messages are told too.
    """
    with transaction(engine) as session:
        row = session.get(LoggedConversation, conversation_id)
        return None if row is None else _page(session, row, around, with_work)


def _page(session: Session, row: LoggedConversation, around: int, with_work: bool) -> ConversationPage:
    conversation_id = str(row.conversation_id)
    pages = max(1, -(-row.turn_count // TURNS_OF_A_PAGE))
    page = min(-(-around // TURNS_OF_A_PAGE), pages)
    first = (page - 1) * TURNS_OF_A_PAGE + 1
    own = LoggedTurn.conversation_id == conversation_id
    stretch = LoggedTurn.ordinal.between(first, first + TURNS_OF_A_PAGE - 1)
    turns = session.execute(select(LoggedTurn).where(own, stretch).order_by(LoggedTurn.ordinal)).scalars().all()
    outline = session.execute(
        select(LoggedTurn.ordinal, LoggedTurn.message_id, LoggedTurn.outcome).where(own).order_by(LoggedTurn.ordinal)
    ).all()
    all_turns = TurnsOfConversation(session, conversation_id)
    newest = select(Consent).where(Consent.conversation_id == conversation_id).order_by(Consent.id.desc()).limit(1)
    return ConversationPage(
        row=row,
        turns=tuple(all_turns.shown(turns)),
        page=page,
        pages=pages,
        jumps=tuple(
            Marker(each.ordinal, address_of_turn(conversation_id, each.ordinal))
            for each in outline
            if all_turns.is_worth_a_jump(each)
        ),
        marked=len(all_turns.reviews),
        review=session.get(ConversationReview, conversation_id),
        consent=session.execute(newest).scalar_one_or_none(),
        other_flags=all_turns.flags_of_none_of({each.message_id for each in outline}),
        requests=_of_conversation(session, AppointmentRequest, conversation_id) if with_work else None,
        messages=_of_conversation(session, StaffMessage, conversation_id) if with_work else None,
    )


def _of_conversation(session: Session, table: Any, conversation_id: str) -> Sequence[Any]:
    query = select(table).where(table.conversation_id == conversation_id).order_by(table.created_at, table.id)
    return session.execute(query).scalars().all()


@dataclass(frozen=True)
class WholeConversation:
    """All turns of a conversation, and what it left in the clinic's records; `flags` belong to one of the turns."""

    row: LoggedConversation
    turns: tuple[ShownTurn, ...]
    flags: tuple[Flag, ...]
    requests: int
    messages: int
    consents: int


def read_whole(engine: Engine, conversation_id: str) -> WholeConversation | None:
    """All of a conversation; None when there is no such conversation."""
    own = select(LoggedTurn).where(LoggedTurn.conversation_id == conversation_id).order_by(LoggedTurn.ordinal)
    with transaction(engine) as session:
        row = session.get(LoggedConversation, conversation_id)
        if row is None:
            return None
        turns = tuple(TurnsOfConversation(session, conversation_id).shown(session.execute(own).scalars().all()))
        return WholeConversation(
            row=row,
            turns=turns,
            flags=tuple(flag for turn in turns for flag in turn.flags),
            requests=_count(session, AppointmentRequest, conversation_id),
            messages=_count(session, StaffMessage, conversation_id),
            consents=_count(session, Consent, conversation_id),
        )


def _count(session: Session, table: Any, conversation_id: str) -> int:
    query = select(func.count()).select_from(table).where(table.conversation_id == conversation_id)
    return int(session.execute(query).scalar_one())
