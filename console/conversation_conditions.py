"""The filters of the list as conditions of the database."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, select
from sqlalchemy.sql import Select

from clinic.flags import Flag
from console.conversation_filters import ConversationFilters
from console.word_search import contains_words
from conversations.feedback import Feedback
from conversations.reviews import ConversationReview
from conversations.turn_log import LoggedConversation, LoggedTurn

DAY = timedelta(days=1)
HALF_A_PER_CENT = 0.005


def conversation_conditions(filters: ConversationFilters, zone: ZoneInfo) -> list[Any]:
    """What a row of conversations, outer-joined with its review, must be like.

    Args:
        filters: what is searched for.
        zone: the clinic's zone, in which days begin and end.
    """
    columns = {LoggedConversation.channel: filters.channel, LoggedConversation.language: filters.language}
    conditions = [column == value for column, value in columns.items() if value]
    if filters.since:
        conditions.append(LoggedConversation.last_activity_at >= beginning_of(filters.since, zone))
    if filters.until:
        conditions.append(LoggedConversation.last_activity_at < beginning_of(filters.until + DAY, zone))
    if filters.flag:
        conditions.append(_flag_condition(filters.flag))
    if filters.review:
        conditions.append(_review_condition(filters.review))
    if filters.of_a_message:
        found = matching_turns(filters, LoggedTurn.conversation_id)
        conditions.append(_by_no_index(LoggedConversation.conversation_id).in_(found))
    return conditions


def matching_turns(filters: ConversationFilters, *columns: Any) -> Select:
    """The turns to which all filters of a message apply, wherever they are."""
    return _matching_turns(filters, columns, LoggedTurn.label, LoggedTurn.outcome)


def matching_turns_of(conversation_ids: Sequence[str], filters: ConversationFilters, *columns: Any) -> Select:
    """The turns of a few conversations to which all filters of a message apply."""
    label, outcome = _by_no_index(LoggedTurn.label), _by_no_index(LoggedTurn.outcome)
    found = _matching_turns(filters, columns, label, outcome)
    return found.where(LoggedTurn.conversation_id.in_(conversation_ids))


def _matching_turns(filters: ConversationFilters, columns: Sequence[Any], label: Any, outcome: Any) -> Select:
    query = select(*columns).select_from(LoggedTurn).where(*_turn_conditions(filters, label, outcome))
    if not filters.feedback:
        return query
    same = and_(Feedback.conversation_id == LoggedTurn.conversation_id, Feedback.message_id == LoggedTurn.message_id)
    return query.join(Feedback, same).where(Feedback.helpful.is_(filters.feedback == "up"))


def _by_no_index(column: Any) -> Any:
    """A text column in a form that no index is looked up for.

    SQLite knows no figures of how rows are spread and takes any index that there is: also one that gives half of all
    turns, or all conversations that were found instead of the newest. See https://www.sqlite.org/optoverview.html.
    """
    return column.concat("")


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which a day begins in a zone; also where the clocks skip or repeat midnight."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(timezone.utc)


def _turn_conditions(filters: ConversationFilters, label: Any, outcome: Any) -> list[Any]:
    conditions = []
    if filters.label:
        conditions.append(label == filters.label)
    if filters.outcome:
        conditions.append(outcome == filters.outcome)
    # Pages show whole per cent: a message that is shown with 50 % is found from 50 and up to 50.
    if filters.least is not None:
        conditions.append(LoggedTurn.confidence >= filters.least / 100 - HALF_A_PER_CENT)
    if filters.most is not None:
        conditions.append(LoggedTurn.confidence < filters.most / 100 + HALF_A_PER_CENT)
    if filters.words:
        conditions.append(contains_words(LoggedTurn.text, filters.words))
    return conditions


def _flag_condition(flag: str) -> Any:
    if flag == "safety":
        return LoggedConversation.has_safety.is_(True)
    seen = Flag.acknowledged_at.is_not(None) if flag == "acknowledged" else Flag.acknowledged_at.is_(None)
    return exists(select(Flag.id).where(Flag.conversation_id == LoggedConversation.conversation_id, seen))


def _review_condition(state: str) -> Any:
    if state == "unreviewed":
        return ConversationReview.conversation_id.is_(None)
    if state == "reviewed":
        return ConversationReview.turns_seen >= LoggedConversation.turn_count
    return ConversationReview.turns_seen < LoggedConversation.turn_count
