"""What could not be sent, as entries of the queue: notices to the staff, and texts to persons."""

from typing import Any

from sqlalchemy import String, case, cast, exists, func, literal, or_, select
from sqlalchemy.sql import Select

from clinic.flags import TEXT_NOT_DELIVERED, Flag
from clinic.outbox import Notice
from clinic.outgoing_texts import DeliveryReport, OutgoingText
from clinic.staff_messages import URGENT
from console.queue_columns import NO_TEXT, columns
from console.queue_kinds import Kind, Rank

UNDELIVERED = ("undelivered", "failed")
TEXT_TO_SEND = "text"
"""A text that could not be sent and whose words are kept, as an entry's `subject`."""
TEXT_GONE = "text_gone"
"""A text that could not be sent, or was sent and did not arrive, and whose words are gone."""
TEXT_BY_REPORT = "text_by_report"
"""A text that went with the answer to the carrier's own request: only the carrier's report of it is known."""


def send_sources() -> tuple[Select, ...]:
    """The queries of all failed sends; no two of them give the same one."""
    return (_notices(), _texts_not_sent(), _texts_not_delivered(), _reported_texts())


def _notices() -> Select:
    """`subject` is the target, `detail` the last fault, `reference` what the notice tells of, as `kind:id`."""
    return columns(
        Kind.SEND,
        rank=case((Notice.urgency == URGENT, Rank.URGENT_SEND.value), else_=Rank.OTHER_SEND.value),
        since=Notice.failed_at,
        key=Notice.id,
        conversation_id=NO_TEXT,
        channel=Notice.channel,
        subject=Notice.target,
        detail=Notice.last_error,
        reference=Notice.kind + ":" + Notice.subject_id,
    ).where(Notice.failed_at.isnot(None), Notice.handled_at.is_(None))


def _texts_not_sent() -> Select:
    return _texts(
        OutgoingText.failed_at,
        case((OutgoingText.body.is_(None), TEXT_GONE), else_=TEXT_TO_SEND),
    ).where(OutgoingText.failed_at.isnot(None))


def _texts_not_delivered() -> Select:
    """Texts that the carrier took and did not bring; their words are gone, since they were sent."""
    bad_news = DeliveryReport.status.in_(UNDELIVERED)
    reported = select(func.min(DeliveryReport.reported_at)).where(
        DeliveryReport.carrier_id == OutgoingText.carrier_id, bad_news
    )
    return _texts(reported.scalar_subquery(), literal(TEXT_GONE)).where(
        OutgoingText.sent_at.isnot(None), OutgoingText.carrier_id.in_(select(DeliveryReport.carrier_id).where(bad_news))
    )


def _texts(since: Any, subject: Any) -> Select:
    return columns(
        Kind.SEND,
        rank=literal(Rank.OTHER_SEND.value),
        since=since,
        key=OutgoingText.id,
        conversation_id=OutgoingText.conversation_id,
        channel=literal("sms"),
        subject=subject,
        detail=OutgoingText.last_error,
    ).where(OutgoingText.handled_at.is_(None))


def _reported_texts() -> Select:
    """Answers that went with the carrier's own request and did not arrive: only a flag and a report tell of them."""
    queued = exists().where(
        OutgoingText.conversation_id == Flag.conversation_id,
        or_(OutgoingText.carrier_id == Flag.turn_id, "text-" + cast(OutgoingText.id, String) == Flag.turn_id),
    )
    return columns(
        Kind.SEND,
        rank=literal(Rank.OTHER_SEND.value),
        since=Flag.created_at,
        key=Flag.id,
        conversation_id=Flag.conversation_id,
        channel=Flag.channel,
        subject=literal(TEXT_BY_REPORT),
    ).where(Flag.acknowledged_at.is_(None), Flag.label == TEXT_NOT_DELIVERED, ~queued)
