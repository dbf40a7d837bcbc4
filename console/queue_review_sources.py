"""Conversations that are worth a review, as entries of the queue."""

from typing import Any

from sqlalchemy import and_, case, exists, func, literal, or_, select
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


def _not_helpful() -> Select:
    """One entry a conversation. `amount` counts the answers, `ordinal` is the first one's, `subject` another reason."""
    open_ones = _open_verdicts().subquery("open_verdicts")
    verdicts = (
        select(
            open_ones.c.conversation_id,
            func.min(open_ones.c.given_at).label("since"),
            func.count(open_ones.c.message_id.distinct()).label("amount"),
            func.min(open_ones.c.ordinal).label("ordinal"),
        )
        .group_by(open_ones.c.conversation_id)
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
            ordinal=verdicts.c.ordinal,
        )
        .select_from(LoggedConversation)
        .join(verdicts, verdicts.c.conversation_id == LoggedConversation.conversation_id)
        .outerjoin(ConversationReview, ConversationReview.conversation_id == LoggedConversation.conversation_id)
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
            ~_open_verdicts().where(Feedback.conversation_id == LoggedConversation.conversation_id).exists(),
        )
    )


def _open_verdicts() -> Select:
    """Answers that a visitor called not helpful, after which nobody has judged the turn or read the conversation."""
    rated = and_(LoggedTurn.conversation_id == Feedback.conversation_id, LoggedTurn.message_id == Feedback.message_id)
    read_since = exists().where(
        ConversationReview.conversation_id == Feedback.conversation_id,
        ConversationReview.reviewed_at >= Feedback.given_at,
    )
    judged_since = exists().where(
        TurnReview.event_id == LoggedTurn.event_id, TurnReview.reviewed_at >= Feedback.given_at
    )
    return (
        select(Feedback.conversation_id, Feedback.message_id, Feedback.given_at, LoggedTurn.ordinal)
        .join(LoggedTurn, rated)
        .where(Feedback.helpful.is_(False), ~read_since, ~judged_since)
    )


def _is_unread() -> Any:
    """Whether the conversation has gone on since it was read to its end, or was never."""
    seen = ConversationReview.turns_seen
    return or_(seen.is_(None), seen < LoggedConversation.turn_count)
