"""Which single rows are past their time. What goes together, row by row of several tables, is in units.py.

No rule becomes true by what another one removes, so a run removes just what a look before it counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, and_, exists, func, or_, select

from clinic.answers.proposals import WAITING
from clinic.answers.tables import ContentProposal
from clinic.appointment_requests import AppointmentRequest
from clinic.consents import IN, Consent
from clinic.erasures import Erasure
from clinic.flags import Flag
from clinic.message_work import STATUSES as MESSAGE_STATUSES
from clinic.outbox import Notice
from clinic.outgoing_texts import DeliveryReport, OutgoingText
from clinic.request_work import STATUSES_OF_THE_STAFF
from clinic.staff_messages import StaffMessage
from clinic.staff_work import BOOKED, CLOSED
from clinic.text_contacts import TextContact
from conversations.candidates import FAILED, SET_ASIDE
from conversations.correction_states import REFUSED, REJECTED
from conversations.feedback import Feedback
from conversations.incoming_texts import IncomingText
from conversations.retention import classes
from conversations.retention.classes import Cutoffs
from conversations.retention.console_tables import (
    ACCOUNTS,
    CONSOLE_SESSIONS,
    INVITATIONS,
    LOGIN_ATTEMPTS,
    SAVED_SEARCHES,
)
from conversations.retention.tables import RetentionReceipt, RetentionRun
from conversations.reviews import ConversationReview, TurnReview
from conversations.teaching import Candidate, Correction, Promotion
from conversations.turn_log import LoggedConversation, LoggedTurn

NOT_DELIVERED = ("undelivered", "failed")
"""The carrier's words for a text that did not arrive."""
OPEN_REQUEST = tuple(status for status in STATUSES_OF_THE_STAFF if status not in (BOOKED, CLOSED))
OPEN_MESSAGE = tuple(status for status in MESSAGE_STATUSES if status != CLOSED)
NO_WORDS: Mapping[str, object] = MappingProxyType({"text": None, "text_digest": "", "responses": "[]", "slots": "{}"})


@dataclass(frozen=True)
class RowRule:
    """Rows of one table that go, or lose some of their values.

    `moment` is the column by which they are called old. `values` is what the row gets; None: it is deleted.
    `beside_projection` is set where the projection writes too (conversations/projection_writes.py).
    """

    retention_class: str
    table: Table
    moment: Any
    condition: Callable[[Cutoffs], Any]
    values: Mapping[str, object] | None = None
    beside_projection: bool = False

    @property
    def store(self) -> str:
        """What receipts call it."""
        return self.table.name if self.values is None else f"{self.table.name} (emptied)"


def _log_is_idle(conversation_id: Any, moment: Any, cutoff: Any) -> Any:
    """It is old, and its conversation has not gone on since."""
    conversation = LoggedConversation.__table__.alias("goes_on")
    goes_on = exists().where(
        conversation.c.conversation_id == conversation_id, conversation.c.last_activity_at >= cutoff
    )
    return and_(moment < cutoff, ~goes_on)


def _turn_words(at: Cutoffs) -> Any:
    idle = _log_is_idle(LoggedTurn.conversation_id, LoggedTurn.started_at, at.of(classes.LOG))
    return and_(LoggedTurn.text_digest != "", idle)


def _attention(at: Cutoffs) -> Any:
    return and_(LoggedConversation.attention.is_not(None), LoggedConversation.last_activity_at < at.of(classes.LOG))


def _turn_reviews(at: Cutoffs) -> Any:
    return _log_is_idle(TurnReview.conversation_id, TurnReview.reviewed_at, at.of(classes.LOG))


def _conversation_reviews(at: Cutoffs) -> Any:
    return _log_is_idle(ConversationReview.conversation_id, ConversationReview.reviewed_at, at.of(classes.LOG))


def _feedback(at: Cutoffs) -> Any:
    return _log_is_idle(Feedback.conversation_id, Feedback.given_at, at.of(classes.COUNTS))


def _turns(at: Cutoffs) -> Any:
    return _log_is_idle(LoggedTurn.conversation_id, LoggedTurn.started_at, at.of(classes.COUNTS))


def _conversations(at: Cutoffs) -> Any:
    return LoggedConversation.last_activity_at < at.of(classes.COUNTS)


def _flags(at: Cutoffs) -> Any:
    return Flag.acknowledged_at < at.of(classes.FLAGS)


def _sent(text: Any, at: Cutoffs) -> Any:
    """A text that is done with: sent and not reported as lost, or dealt with by the staff."""
    cutoff = at.of(classes.TEXTS)
    report = DeliveryReport.__table__.alias("of_text")
    lost = exists().where(report.c.carrier_id == text.carrier_id, report.c.status.in_(NOT_DELIVERED))
    handled = and_(text.handled_at.is_not(None), text.handled_at < cutoff)
    arrived = and_(text.sent_at < cutoff, text.handled_at.is_(None), ~lost)
    ended = and_(func.coalesce(text.sent_at, text.failed_at) < cutoff, handled)
    return or_(arrived, ended)


def _outgoing(at: Cutoffs) -> Any:
    return _sent(OutgoingText.__table__.c, at)


def _reports(at: Cutoffs) -> Any:
    text = OutgoingText.__table__.alias("reported")
    stays = exists().where(text.c.carrier_id == DeliveryReport.carrier_id, ~func.coalesce(_sent(text.c, at), False))
    return and_(DeliveryReport.reported_at < at.of(classes.TEXTS), ~stays)


def _incoming(at: Cutoffs) -> Any:
    return and_(IncomingText.conversation_id != "", IncomingText.received_at < at.of(classes.TEXTS))


def _contacts(at: Cutoffs) -> Any:
    """Numbers nobody needs any more: no text lately, none on its way, no open work, flag or consent to be texted."""
    cutoff, mine = at.of(classes.TEXTS), TextContact.conversation_id
    text = OutgoingText.__table__.alias("waiting")
    needed = (
        exists().where(IncomingText.conversation_id == mine, IncomingText.received_at >= cutoff),
        exists().where(text.c.conversation_id == mine, ~func.coalesce(_sent(text.c, at), False)),
        exists().where(AppointmentRequest.conversation_id == mine, AppointmentRequest.status.in_(OPEN_REQUEST)),
        exists().where(StaffMessage.conversation_id == mine, StaffMessage.status.in_(OPEN_MESSAGE)),
        exists().where(Flag.conversation_id == mine, Flag.acknowledged_at.is_(None)),
    )
    last_word = (
        select(Consent.state).where(Consent.conversation_id == mine).order_by(Consent.id.desc()).limit(1)
    ).scalar_subquery()
    return and_(TextContact.first_seen_at < cutoff, ~or_(*needed), func.coalesce(last_word, "") != IN)


def _wordings(at: Cutoffs) -> Any:
    return and_(Consent.wording.is_not(None), Consent.recorded_at < at.of(classes.TEXTS))


def _text_ids(at: Cutoffs) -> Any:
    return IncomingText.received_at < at.of(classes.TEXT_IDS)


def notice_is_done(at: Cutoffs) -> Any:
    """Delivered, or given up and dealt with by the staff."""
    cutoff = at.of(classes.NOTICES)
    handled = and_(Notice.failed_at.is_not(None), Notice.handled_at.is_not(None), Notice.handled_at < cutoff)
    return func.coalesce(or_(and_(Notice.delivered_at.is_not(None), Notice.delivered_at < cutoff), handled), False)


def _origins(at: Cutoffs) -> Any:
    """The turn that a line came from. The conversation's id stays with it, so that an erasure still finds the line."""
    return and_(Correction.event_id != 0, Correction.proposed_at < at.of(classes.TEACHING))


def _corrections(at: Cutoffs) -> Any:
    cutoff = at.of(classes.TEACHING)
    unwanted = and_(Correction.state.in_((REJECTED, REFUSED)), Correction.taught_label.is_(None))
    decided = func.coalesce(Correction.decided_at, Correction.proposed_at)
    return and_(unwanted, Correction.proposed_at < cutoff, decided < cutoff)


def _candidates(at: Cutoffs) -> Any:
    """The row of a candidate also says which lines are in a file that a promotion names."""
    named = exists().where(or_(Promotion.taught == Candidate.taught, Promotion.taught_before == Candidate.taught))
    return and_(Candidate.state.in_((FAILED, SET_ASIDE)), Candidate.finished_at < at.of(classes.TEACHING), ~named)


def _proposals(at: Cutoffs) -> Any:
    """What was released is in the versions, which stay."""
    return and_(ContentProposal.state != WAITING, ContentProposal.decided_at < at.of(classes.TEACHING))


def _attempts(at: Cutoffs) -> Any:
    return LOGIN_ATTEMPTS.c.tried_at < at.of(classes.SIGN_IN)


def _sessions(at: Cutoffs) -> Any:
    cutoff = at.of(classes.SIGN_IN)
    return and_(CONSOLE_SESSIONS.c.created_at < cutoff, CONSOLE_SESSIONS.c.last_seen_at < cutoff)


def _invitations(at: Cutoffs) -> Any:
    return INVITATIONS.c.expires_at < at.of(classes.SIGN_IN)


def _searches(at: Cutoffs) -> Any:
    """Searches without a name are for a day; those of people who have left are nobody's."""
    left = exists().where(ACCOUNTS.c.id == SAVED_SEARCHES.c.account_id, ACCOUNTS.c.active.is_(False))
    return or_(and_(SAVED_SEARCHES.c.name.is_(None), SAVED_SEARCHES.c.created_at < at.a_day_ago), left)


def _erasures(at: Cutoffs) -> Any:
    return Erasure.completed_at < at.of(classes.RECEIPTS)


def _runs(at: Cutoffs) -> Any:
    return RetentionRun.started_at < at.of(classes.RECEIPTS)


def _run_receipts(at: Cutoffs) -> Any:
    return RetentionReceipt.recorded_at < at.of(classes.RECEIPTS)


# What is left of a text is what conversations/incoming_texts.py leaves after an erasure; no answer is silence.
_NOBODYS_TEXT: Mapping[str, object] = MappingProxyType(
    {"conversation_id": "", "body": None, "choice_id": None, "reply": "", "rest": None}
)

ROW_RULES: tuple[RowRule, ...] = (
    RowRule(classes.LOG, LoggedTurn.__table__, LoggedTurn.started_at, _turn_words, NO_WORDS, beside_projection=True),
    RowRule(
        classes.LOG,
        LoggedConversation.__table__,
        LoggedConversation.last_activity_at,
        _attention,
        {"attention": None, "attention_since": None},
        beside_projection=True,
    ),
    RowRule(classes.LOG, TurnReview.__table__, TurnReview.reviewed_at, _turn_reviews),
    RowRule(classes.LOG, ConversationReview.__table__, ConversationReview.reviewed_at, _conversation_reviews),
    RowRule(classes.COUNTS, Feedback.__table__, Feedback.given_at, _feedback),
    RowRule(classes.COUNTS, LoggedTurn.__table__, LoggedTurn.started_at, _turns, beside_projection=True),
    RowRule(
        classes.COUNTS,
        LoggedConversation.__table__,
        LoggedConversation.last_activity_at,
        _conversations,
        beside_projection=True,
    ),
    RowRule(classes.FLAGS, Flag.__table__, Flag.acknowledged_at, _flags),
    RowRule(classes.TEXTS, TextContact.__table__, TextContact.first_seen_at, _contacts),
    RowRule(classes.TEXTS, OutgoingText.__table__, OutgoingText.created_at, _outgoing),
    RowRule(classes.TEXTS, DeliveryReport.__table__, DeliveryReport.reported_at, _reports),
    RowRule(classes.TEXTS, IncomingText.__table__, IncomingText.received_at, _incoming, _NOBODYS_TEXT),
    RowRule(classes.TEXTS, Consent.__table__, Consent.recorded_at, _wordings, {"wording": None}),
    RowRule(classes.TEXT_IDS, IncomingText.__table__, IncomingText.received_at, _text_ids),
    RowRule(classes.NOTICES, Notice.__table__, Notice.created_at, notice_is_done),
    RowRule(
        classes.TEACHING,
        Correction.__table__,
        Correction.proposed_at,
        _origins,
        {"event_id": 0},
    ),
    RowRule(classes.TEACHING, Correction.__table__, Correction.proposed_at, _corrections),
    RowRule(classes.TEACHING, Candidate.__table__, Candidate.requested_at, _candidates),
    RowRule(classes.TEACHING, ContentProposal.__table__, ContentProposal.decided_at, _proposals),
    RowRule(classes.SIGN_IN, LOGIN_ATTEMPTS, LOGIN_ATTEMPTS.c.tried_at, _attempts),
    RowRule(classes.SIGN_IN, CONSOLE_SESSIONS, CONSOLE_SESSIONS.c.last_seen_at, _sessions),
    RowRule(classes.SIGN_IN, INVITATIONS, INVITATIONS.c.expires_at, _invitations),
    RowRule(classes.SIGN_IN, SAVED_SEARCHES, SAVED_SEARCHES.c.created_at, _searches),
    RowRule(classes.RECEIPTS, Erasure.__table__, Erasure.requested_at, _erasures),
    RowRule(classes.RECEIPTS, RetentionReceipt.__table__, RetentionReceipt.recorded_at, _run_receipts),
    RowRule(classes.RECEIPTS, RetentionRun.__table__, RetentionRun.started_at, _runs),
)
