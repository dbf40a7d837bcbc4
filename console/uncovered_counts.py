"""What the page of uncovered topics counts and quotes: one query each, however long the log is."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import and_, case, func, or_, select, union_all
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic.database import transaction
from console.insight_period import Comparison, Span
from console.label_groups import OUT_OF_SCOPE, UNCOVERED, labels_of_group
from conversations.turn_log import LoggedTurn
from conversations.turn_outcomes import FALLBACK

EXAMPLES_OF_TOPIC = 5
MOST_MISSED = 300


@dataclass(frozen=True)
class AskedText:
    """A redacted text, how many messages of the period say the same, and where the newest of them stands."""

    text: str
    count: int
    conversation_id: str
    ordinal: int

    @property
    def address(self) -> str:
        """The page on which the newest of them stands."""
        return f"/conversations/{quote(self.conversation_id, safe='')}#turn-{self.ordinal}"


@dataclass(frozen=True)
class TopicOverTime:
    """How often a topic was asked about: in each step of the period, and in the days before."""

    label: str
    steps: tuple[int, ...]
    before: int

    @property
    def now(self) -> int:
        """How often in the period."""
        return sum(self.steps)


@dataclass(frozen=True)
class Uncovered:
    """All that the page shows. `examples` are by label; `missed` are the most frequent messages without an answer."""

    topics: list[TopicOverTime]
    examples: dict[str, list[AskedText]]
    missed_now: int
    missed_before: int
    missed: list[AskedText]


def read_uncovered(engine: Engine, comparison: Comparison, channel: str, steps: list[Span]) -> Uncovered:
    """Count and quote with four queries.

    Args:
        engine: the database.
        comparison: the period and what it is compared with.
        channel: `web` or `sms`; empty for all.
        steps: the steps of the period, for the trend.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    reader = _Reader(comparison, channel)
    with transaction(engine) as session:
        missed_now, missed_before = reader.missed_counts(session)
        return Uncovered(
            topics=reader.topics(session, steps),
            examples=reader.examples(session),
            missed_now=missed_now,
            missed_before=missed_before,
            missed=reader.missed(session),
        )


class _Reader:
    def __init__(self, comparison: Comparison, channel: str) -> None:
        period = comparison.period
        self._channel = [LoggedTurn.channel == channel] if channel else []
        self._start, self._end = period.start_hour, period.end_hour
        self._before_start, self._before_end = comparison.before_start, comparison.before_end

    def topics(self, session: Session, steps: list[Span]) -> list[TopicOverTime]:
        asked = self._asked(LoggedTurn.hour, since=self._before_start)
        in_step = [and_(asked.c.hour >= step.start, asked.c.hour < step.end) for step in steps]
        sums = [_sum(condition) for condition in (*in_step, asked.c.hour < self._before_end)]
        query = select(asked.c.topic, *sums).group_by(asked.c.topic)
        return [TopicOverTime(row[0], tuple(row[1:-1]), row[-1]) for row in session.execute(query)]

    def examples(self, session: Session) -> dict[str, list[AskedText]]:
        asked = self._asked(LoggedTurn.text_digest, LoggedTurn.id, since=self._start, with_text=True)
        same = (
            select(asked.c.topic, func.count().label("repeats"), func.max(asked.c.id).label("newest"))
            .group_by(asked.c.topic, asked.c.text_digest)
            .subquery()
        )
        place = func.row_number().over(
            partition_by=same.c.topic, order_by=(same.c.repeats.desc(), same.c.newest.desc())
        )
        placed = select(same, place.label("place")).subquery()
        query = (
            select(placed.c.topic, *_quoted(placed))
            .join(placed, LoggedTurn.id == placed.c.newest)
            .where(placed.c.place <= EXAMPLES_OF_TOPIC)
            .order_by(placed.c.topic, placed.c.place)
        )
        examples: dict[str, list[AskedText]] = {}
        for topic, *quoted in session.execute(query):
            examples.setdefault(topic, []).append(AskedText(*quoted))
        return examples

    def missed_counts(self, session: Session) -> tuple[int, int]:
        now, before = _sum(LoggedTurn.hour >= self._start), _sum(LoggedTurn.hour < self._before_end)
        query = select(now, before).where(_was_missed(), *self._between(self._before_start))
        row = session.execute(query).one()
        return row[0] or 0, row[1] or 0

    def missed(self, session: Session) -> list[AskedText]:
        same = (
            select(func.count().label("repeats"), func.max(LoggedTurn.id).label("newest"))
            .where(_was_missed(), *self._between(self._start), LoggedTurn.text.isnot(None))
            .group_by(LoggedTurn.text_digest)
            .order_by(func.count().desc(), func.max(LoggedTurn.id).desc())
            .limit(MOST_MISSED)
            .subquery()
        )
        query = (
            select(*_quoted(same))
            .join(same, LoggedTurn.id == same.c.newest)
            .order_by(same.c.repeats.desc(), same.c.newest.desc())
        )
        return [AskedText(*row) for row in session.execute(query)]

    def _asked(self, *columns: Any, since: int, with_text: bool = False) -> Any:
        """The turns about uncovered topics, each once for its label and once for a further question of its own."""
        conditions = self._between(since)
        if with_text:
            conditions.append(LoggedTurn.text.isnot(None))
        labels = labels_of_group(UNCOVERED)
        first = select(LoggedTurn.label.label("topic"), *columns).where(LoggedTurn.label.in_(labels), *conditions)
        further = select(LoggedTurn.second_label.label("topic"), *columns).where(
            LoggedTurn.second_label.in_(labels), LoggedTurn.second_label != LoggedTurn.label, *conditions
        )
        return union_all(first, further).subquery()

    def _between(self, since: int) -> list[Any]:
        return [LoggedTurn.hour >= since, LoggedTurn.hour < self._end, *self._channel]


def _was_missed() -> Any:
    return or_(LoggedTurn.outcome == FALLBACK, LoggedTurn.label == OUT_OF_SCOPE)


def _quoted(same: Any) -> tuple[Any, ...]:
    return LoggedTurn.text, same.c.repeats, LoggedTurn.conversation_id, LoggedTurn.ordinal


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
