"""Conversations that are worth a review, as entries of the queue."""

from typing import Any

from sqlalchemy import and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Select

from console.queue_columns import NO_TEXT, columns
from console.queue_kinds import Kind, Rank
from conversations.feedback import Feedback
from conversations.reviews import ConversationReview, TurnReview
from conversations.turn_log import LoggedConversation, LoggedTurn

RANK_OF_ATTENTION = {
    "repeated_fallback": Rank.REPEATED_FALLBACK,
    "low_confidence": Rank.LOW_CONFIDENCE,
    "sample": Rank.SAMPLE,
}


def review_sources() -> tuple[Select, ...]:
    """The queries of all conversations to review; a conversation is in one of them at most."""
    return (_not_helpful(), _worth_attention())


def first_unhelpful_turn(conversation_id: Any) -> Select:
    """The ordinal of the first answer of a conversation that is among its entry's reasons."""
    return (
        select(func.min(LoggedTurn.ordinal))
        .join(Feedback, and_(_is_rated(), *_is_open_verdict()))
        .where(LoggedTurn.conversation_id == conversation_id)
    )


def _not_helpful() -> Select:
    """One entry a conversation. `amount` counts the answers, `subject` is another reason."""
    verdicts = (
        select(
            Feedback.conversation_id,
            func.min(Feedback.given_at).label("since"),
            func.count().label("amount"),
        )
        .where(*_is_open_verdict())
        .group_by(Feedback.conversation_id)
        .subquery("verdicts")
    )
    return (
        columns(
            Kind.REVIEW,
            rank=literal(Rank.NOT_HELPFUL.value),
            since=verdicts.c.since,
            key=LoggedConversation.conversation_id,
            conversation_id=LoggedConversation.conversation_id,
            channel=LoggedConversation.channel,
            subject=case((_is_unread(), LoggedConversation.attention), else_=NO_TEXT),
            amount=verdicts.c.amount,
        )
        .select_from(LoggedConversation)
        .join(verdicts, verdicts.c.conversation_id == LoggedConversation.conversation_id)
        .outerjoin(ConversationReview, ConversationReview.conversation_id == LoggedConversation.conversation_id)
        # Once its words are past their time there is nothing to review.
        .where(
            exists().where(
                LoggedTurn.conversation_id == LoggedConversation.conversation_id, LoggedTurn.text_digest != ""
            )
        )
    )


def _worth_attention() -> Select:
    """`subject` is why a reviewer should look."""
    ranks = {name: rank.value for name, rank in RANK_OF_ATTENTION.items()}
    return (
        columns(
            Kind.REVIEW,
            rank=case(ranks, value=LoggedConversation.attention),
            since=LoggedConversation.attention_since,
            key=LoggedConversation.conversation_id,
            conversation_id=LoggedConversation.conversation_id,
            channel=LoggedConversation.channel,
            subject=LoggedConversation.attention,
        )
        .select_from(LoggedConversation)
        .outerjoin(ConversationReview, ConversationReview.conversation_id == LoggedConversation.conversation_id)
        .where(
            LoggedConversation.attention.in_(ranks),
            _is_unread(),
            ~exists().where(Feedback.conversation_id == LoggedConversation.conversation_id, *_is_open_verdict()),
        )
    )


def _is_open_verdict() -> tuple[Any, ...]:
    """Whether a visitor called an answer not helpful, and nobody has judged the turn or read the conversation since."""
    read_since = exists().where(
        ConversationReview.conversation_id == Feedback.conversation_id,
        ConversationReview.reviewed_at >= Feedback.given_at,
    )
    # Asked from the side of the reviews, of which there are few: a join with the log would go through all of it.
    rated = aliased(LoggedTurn)
    event_id = select(func.min(rated.event_id)).where(
        rated.conversation_id == Feedback.conversation_id, rated.message_id == Feedback.message_id
    )
    judged_since = exists().where(
        TurnReview.conversation_id == Feedback.conversation_id,
        TurnReview.reviewed_at >= Feedback.given_at,
        TurnReview.event_id == event_id.correlate(Feedback).scalar_subquery(),
    )
    return (Feedback.helpful.is_(False), ~read_since, ~judged_since)


def _is_rated() -> Any:
    return and_(LoggedTurn.conversation_id == Feedback.conversation_id, LoggedTurn.message_id == Feedback.message_id)


def _is_unread() -> Any:
    """Whether the conversation has gone on since it was read to its end, or was never."""
    seen = ConversationReview.turns_seen
    return or_(seen.is_(None), seen < LoggedConversation.turn_count)
