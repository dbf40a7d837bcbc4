"""What is counted for the figures: one query each, however long the log is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.appointment_requests import AppointmentRequest
from clinic.clock import in_utc
from clinic.database import transaction
from clinic.staff_messages import StaffMessage
from console.insight_period import HOUR_SECONDS, Comparison, moment_of
from console.turn_tally import TurnTally, read_tally
from conversations.feedback import Feedback
from conversations.turn_log import LoggedConversation, LoggedTurn

APPOINTMENT_FORM = "appointment_form"
# What is known of the visitor when the form asks for a slot, since it asks in a fixed order.
STAGES = {"patient_name": 1, "contact": 1, "preferred_time": 2, "confirmation": 3, "correction": 3}
SENT = 4
LATEST_SENDING = timedelta(days=1)


@dataclass(frozen=True)
class TopicCount:
    """How many messages were understood as a label, and how sure of it the assistant was on average in the period."""

    label: str
    now: int
    before: int
    confidence: float | None


@dataclass(frozen=True)
class LatencyCount:
    """How many turns were answered in so many milliseconds."""

    milliseconds: int
    now: int
    before: int


@dataclass(frozen=True)
class ConversationCount:
    """How many conversations began."""

    channel: str
    language: str
    now: int
    before: int


class Work(NamedTuple):
    """A request or message that the staff were given, at `hour` as in `LoggedTurn.hour`.

    `waited` is how many seconds went by until the first contact; None where there was none.
    """

    status: str
    hour: int
    waited: float | None


@dataclass(frozen=True)
class FormCount:
    """How many conversations got as far as a stage of the appointment form: 0 started, 4 sent."""

    stage: int
    now: int
    before: int


@dataclass(frozen=True)
class FeedbackCount:
    """How many answers of a label were called helpful, or not."""

    label: str
    helpful: bool
    now: int
    before: int


@dataclass(frozen=True)
class Counts:
    """All that the figures of a period, and of the days before, are made of."""

    turns: TurnTally
    topics: list[TopicCount]
    latencies: list[LatencyCount]
    conversations: list[ConversationCount]
    requests: list[Work]
    messages: list[Work]
    form: list[FormCount]
    feedback: list[FeedbackCount]


def read_counts(engine: Engine, comparison: Comparison, channel: str) -> Counts:
    """Count a period and the days before it with eight queries.

    Args:
        engine: the database.
        comparison: the period and what it is compared with.
        channel: `web` or `sms`; empty for all.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    reader = _Reader(comparison, channel)
    with transaction(engine) as session:
        return Counts(
            turns=read_tally(session, comparison, reader.of_channel(LoggedTurn.channel)),
            topics=reader.topics(session),
            latencies=reader.latencies(session),
            conversations=reader.conversations(session),
            requests=reader.work(session, AppointmentRequest),
            messages=reader.work(session, StaffMessage),
            form=reader.form(session),
            feedback=reader.feedback(session),
        )


class _Reader:
    """The queries of one comparison. The conditions on hours and on moments say the same."""

    def __init__(self, comparison: Comparison, channel: str) -> None:
        period = comparison.period
        self._channel = channel
        self._hours = (comparison.before_start, comparison.before_end, period.start_hour, period.end_hour)
        self._moments = tuple(moment_of(hour) for hour in self._hours)

    def topics(self, session: Session) -> list[TopicCount]:
        query = (
            select(
                LoggedTurn.label,
                *self._sums(LoggedTurn.hour),
                func.avg(LoggedTurn.confidence).filter(self._is_now(LoggedTurn.hour)),
            )
            # True of every label: it lets SQLite read the index that holds all four columns instead of the rows.
            .where(LoggedTurn.label >= "", *self._first_to_last(LoggedTurn.hour, LoggedTurn.channel))
            .group_by(LoggedTurn.label)
        )
        return [count for row in session.execute(query) if (count := TopicCount(*row)).now or count.before]

    def latencies(self, session: Session) -> list[LatencyCount]:
        query = (
            select(LoggedTurn.latency_ms, *self._sums(LoggedTurn.hour))
            .where(LoggedTurn.latency_ms >= 0, *self._first_to_last(LoggedTurn.hour, LoggedTurn.channel))
            .group_by(LoggedTurn.latency_ms)
        )
        return [LatencyCount(*row) for row in session.execute(query)]

    def conversations(self, session: Session) -> list[ConversationCount]:
        """The period and the days before each for itself, since grouping is most of the work and takes less so."""
        kind = (LoggedConversation.channel, LoggedConversation.language)
        began = LoggedConversation.started_at
        nothing = literal(0)
        now = select(*kind, func.count(), nothing).where(*self._now(began, kind[0])).group_by(*kind)
        before = select(*kind, nothing, func.count()).where(*self._before(began, kind[0])).group_by(*kind)
        return [ConversationCount(*row) for row in session.execute(union_all(now, before))]

    def work(self, session: Session, table: Any) -> list[Work]:
        columns = (table.status, table.created_at, table.first_contact_at)
        query = select(*columns).where(*self._either(table.created_at, table.channel))
        # Past the session, which takes longer for thousands of rows than the database itself.
        return [_work(*row) for row in session.connection().execute(query)]

    def form(self, session: Session) -> list[FormCount]:
        """Each conversation counts once for the period and once for the days before, by the furthest it got."""
        is_now = case((self._is_now(LoggedTurn.hour), 1), else_=0).label("is_now")
        stage = func.max(case(STAGES, value=LoggedTurn.requested_slot, else_=0)).label("stage")
        reached = (
            select(LoggedTurn.conversation_id, is_now, stage)
            .where(LoggedTurn.form == APPOINTMENT_FORM, *self._either(LoggedTurn.hour, LoggedTurn.channel))
            .group_by(LoggedTurn.conversation_id, is_now)
            .subquery()
        )
        was_sent = exists().where(
            AppointmentRequest.conversation_id == reached.c.conversation_id, self._is_sent(reached.c.is_now)
        )
        ended = select(reached.c.is_now, case((was_sent, SENT), else_=reached.c.stage).label("stage")).subquery()
        now = func.sum(ended.c.is_now)
        query = select(ended.c.stage, now, func.count() - now).group_by(ended.c.stage)
        return [FormCount(*row) for row in session.execute(query)]

    def feedback(self, session: Session) -> list[FeedbackCount]:
        kind = (LoggedTurn.label, Feedback.helpful)
        same_message = and_(
            LoggedTurn.conversation_id == Feedback.conversation_id,
            LoggedTurn.message_id == Feedback.message_id,
            *self.of_channel(LoggedTurn.channel),
        )
        # An outer join, and what is not in the log left out below: SQLite would else read the whole log first.
        query = (
            select(*kind, *self._sums(Feedback.given_at))
            .select_from(Feedback)
            .outerjoin(LoggedTurn, same_message)
            .where(*self._either(Feedback.given_at))
            .group_by(*kind)
        )
        return [FeedbackCount(*row) for row in session.execute(query) if row.label is not None]

    def _is_sent(self, is_now: Any) -> Any:
        """A request counts for the stretch in which the form was open, if it was stored in it or in the day after."""
        before_start, before_end, start, end = self._moments
        created = AppointmentRequest.created_at
        now = and_(is_now == 1, created >= start, created < end + LATEST_SENDING)
        before = and_(is_now == 0, created >= before_start, created < before_end + LATEST_SENDING)
        return or_(now, before)

    def _either(self, column: Any, channel: Any = None) -> list[Any]:
        """In the period or in the days before, and of the channel where its column is given."""
        before_start, before_end, start, end = self._limits(column)
        conditions = [column >= before_start, column < end]
        if before_end != start:
            conditions.append(or_(column < before_end, column >= start))
        return conditions if channel is None else [*conditions, *self.of_channel(channel)]

    def of_channel(self, column: Any) -> list[Any]:
        return [column == self._channel] if self._channel else []

    def _first_to_last(self, column: Any, channel: Any) -> list[Any]:
        """From the first hour of the days before to the last of the period, with what may lie between the two."""
        before_start, _, _, end = self._limits(column)
        return [column >= before_start, column < end, *self.of_channel(channel)]

    def _now(self, column: Any, channel: Any) -> list[Any]:
        _, _, start, end = self._limits(column)
        return [column >= start, column < end, *self.of_channel(channel)]

    def _before(self, column: Any, channel: Any) -> list[Any]:
        before_start, before_end, _, _ = self._limits(column)
        return [column >= before_start, column < before_end, *self.of_channel(channel)]

    def _is_now(self, column: Any) -> Any:
        return column >= self._limits(column)[2]

    def _sums(self, column: Any) -> tuple[Any, Any]:
        """How many in the period and how many in the days before; `FILTER` takes a third less time than `CASE`."""
        return func.count().filter(self._is_now(column)), func.count().filter(column < self._limits(column)[1])

    def _limits(self, column: Any) -> tuple[Any, ...]:
        return self._hours if column is LoggedTurn.hour else self._moments


def _work(status: str, created_at: datetime, contacted_at: datetime | None) -> Work:
    # The clocks of two machines may differ by a little; nobody is contacted before they write.
    waited = None if contacted_at is None else max((contacted_at - created_at).total_seconds(), 0.0)
    return Work(status, int(in_utc(created_at).timestamp() // HOUR_SECONDS), waited)
