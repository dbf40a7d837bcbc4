"""Where the queue's entries come from: one query a source, all with the same columns."""

from datetime import timedelta
from typing import Any

from sqlalchemy import DateTime, and_, bindparam, case, func, literal, or_
from sqlalchemy.sql import Select

from clinic.appointment_requests import CLOSED_BY_VISITOR, AppointmentRequest
from clinic.flags import TEXT_NOT_DELIVERED, Flag
from clinic.staff_messages import URGENT, StaffMessage
from clinic.staff_work import CONTACTED, OPEN
from clinic.urgency import ORDER_OF_URGENCY, SAFETY_PREFIX
from console.queue_columns import columns
from console.queue_kinds import Kind, Rank
from console.queue_review_sources import review_sources
from console.queue_send_sources import send_sources

FOLLOW_UP_AFTER = timedelta(days=2)
FOLLOW_UP_BEFORE = "follow_up_before"
FOR_THEMSELVES, FOR_SOMEBODY_ELSE = "own", "other"
BY_PHONE, BY_EMAIL, BY_BOTH, UNREACHABLE = "phone", "email", "both", "neither"


def sources(kind: Kind) -> tuple[Select, ...]:
    """The queries whose rows are the open entries of one kind. No two of them give the same entry.

    Whoever runs them gives the parameter `FOLLOW_UP_BEFORE`: who was contacted until then is asked after.
    """
    if kind is Kind.SAFETY:
        return (_flags(Kind.SAFETY, Flag.label.startswith(SAFETY_PREFIX)),)
    if kind is Kind.ALERT:
        others = and_(~Flag.label.startswith(SAFETY_PREFIX), Flag.label != TEXT_NOT_DELIVERED)
        return (_flags(Kind.ALERT, others),)
    if kind is Kind.SEND:
        return send_sources()
    if kind is Kind.REQUEST:
        return (_work(Kind.REQUEST, AppointmentRequest, literal(Rank.WAITING.value)),)
    if kind is Kind.MESSAGE:
        rank = case((StaffMessage.urgency == URGENT, Rank.URGENT_MESSAGE.value), else_=Rank.WAITING.value)
        return (_work(Kind.MESSAGE, StaffMessage, rank),)
    return review_sources()


def _flags(kind: Kind, labels: Any) -> Select:
    """`subject` is the label, `reference` the id of the flagged message."""
    if kind is Kind.SAFETY:
        places = {label: place for place, label in enumerate(ORDER_OF_URGENCY)}
        rank = case(places, value=Flag.label, else_=Rank.OTHER_SAFETY.value)
    else:
        rank = literal(Rank.OTHER_ALERT.value)
    return columns(
        kind,
        rank=rank,
        since=Flag.created_at,
        key=Flag.id,
        conversation_id=Flag.conversation_id,
        channel=Flag.channel,
        subject=Flag.label,
        reference=Flag.turn_id,
    ).where(Flag.acknowledged_at.is_(None), labels)


def _work(kind: Kind, table: Any, rank_when_open: Any) -> Select:
    """`subject` is the status, `detail` what it is about, `reference` how its person can be reached.

    Whoever was contacted long ago is asked after; what was taken back is to be closed.
    """
    contacted_at = func.coalesce(table.first_contact_at, table.updated_at)
    since = case(
        (table.status == CONTACTED, contacted_at),
        (table.status == CLOSED_BY_VISITOR, table.updated_at),
        else_=table.created_at,
    )
    forgotten = and_(
        table.status == CONTACTED, contacted_at <= bindparam(FOLLOW_UP_BEFORE, type_=DateTime(timezone=True))
    )
    return columns(
        kind,
        rank=case((table.status == OPEN, rank_when_open), else_=Rank.FOLLOW_UP.value),
        since=since,
        key=table.id,
        conversation_id=table.conversation_id,
        channel=table.channel,
        subject=table.status,
        detail=_about(table),
        reference=_reachable(table),
        assignee=table.assignee,
    ).where(or_(table.status.in_((OPEN, CLOSED_BY_VISITOR)), forgotten))


def _about(table: Any) -> Any:
    """For whom a request is, or the topic and language of a message: what we made of it, and no word of the visitor."""
    if table is AppointmentRequest:
        themselves = and_(table.patient_name.is_(None), table.patient_relation.is_(None))
        return case((themselves, FOR_THEMSELVES), else_=FOR_SOMEBODY_ELSE)
    return table.language + " " + table.topic


def _reachable(table: Any) -> Any:
    """Whether there is a phone number and an e-mail address; neither is read."""
    has_phone, has_email = table.phone.is_not(None), table.email.is_not(None)
    ways = ((and_(has_phone, has_email), BY_BOTH), (has_phone, BY_PHONE), (has_email, BY_EMAIL))
    return case(*ways, else_=UNREACHABLE)
