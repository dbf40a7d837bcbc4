"""What people ask that the clinic's page does not cover, ready to be shown: topics, examples, and what was missed."""

from dataclasses import dataclass

from sqlalchemy.engine import Engine

from console.chart_shapes import Chart, Series
from console.charts import column_chart
from console.figure import Cell, Table, points
from console.insight_period import Comparison, Span
from console.insight_words import Change, count_change, share
from console.label_groups import UNCOVERED, labels_of_group
from console.message_groups import MessageGroup, group_messages
from console.names import label_name
from console.uncovered_counts import MOST_MISSED, AskedText, TopicOverTime, read_uncovered

DAYS_SHOWN_BY_DAY = 14
DAYS_SHOWN_BY_WEEK = 98


@dataclass(frozen=True)
class UncoveredTopic:
    """One topic: how often it was asked about, how that moved, and examples in visitors' (redacted) words."""

    label: str
    name: str
    count: int
    before: int
    share: float | None
    change: Change
    chart: Chart | None
    trend: Table
    examples: tuple[AskedText, ...]


@dataclass(frozen=True)
class UncoveredPage:
    """The page: topics by count, and the messages without an answer by a word that they share."""

    topics: list[UncoveredTopic]
    count: int
    change: Change
    missed: int
    missed_change: Change
    groups: list[MessageGroup]
    is_cut: bool
    before_column: str


def read_uncovered_page(engine: Engine, comparison: Comparison, channel: str) -> UncoveredPage:
    """Read what is not covered.

    Args:
        engine: the database.
        comparison: the period and what it is compared with.
        channel: `web` or `sms`; empty for all.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
    """
    steps, than = trend_steps(comparison), comparison.words
    found = read_uncovered(engine, comparison, channel, steps)
    counted = {topic.label: topic for topic in found.topics}
    nothing = (0,) * len(steps)
    every = [counted.get(label, TopicOverTime(label, nothing, 0)) for label in labels_of_group(UNCOVERED)]
    whole = sum(topic.now for topic in every)
    return UncoveredPage(
        topics=[
            _topic(topic, steps, whole, than, tuple(found.examples.get(topic.label, ())))
            for topic in sorted(every, key=lambda topic: -topic.now)
        ],
        count=whole,
        change=count_change(whole, sum(topic.before for topic in every), than),
        missed=found.missed_now,
        missed_change=count_change(found.missed_now, found.missed_before, than),
        groups=group_messages(found.missed),
        is_cut=len(found.missed) == MOST_MISSED,
        before_column=than.capitalize(),
    )


def trend_steps(comparison: Comparison) -> list[Span]:
    """At most fourteen steps: days, weeks or four weeks."""
    days = comparison.period.days
    if days <= DAYS_SHOWN_BY_DAY:
        return comparison.period.spans_of(1)
    return comparison.period.spans_of(7 if days <= DAYS_SHOWN_BY_WEEK else 28)


def topics_table(page: UncoveredPage) -> Table:
    """How often each topic was asked about."""
    rows = tuple((topic.name, topic.count, topic.before, points(topic.share)) for topic in page.topics)
    return Table(("Topic", "Messages", page.before_column, "Share (%)"), rows)


def examples_table(page: UncoveredPage) -> Table:
    """The examples of each topic, in redacted words."""
    rows = [(topic.name, example.text, example.count) for topic in page.topics for example in topic.examples]
    return Table(("Topic", "Redacted message", "Messages that say the same"), tuple(rows))


def missed_table(page: UncoveredPage) -> Table:
    """The messages that were not understood or off topic, in redacted words."""
    rows: list[tuple[Cell, ...]] = [
        (group.word, message.text, message.count) for group in page.groups for message in group.messages
    ]
    return Table(("Word they share", "Redacted message", "Messages that say the same"), tuple(rows))


def _topic(
    topic: TopicOverTime, steps: list[Span], whole: int, than: str, examples: tuple[AskedText, ...]
) -> UncoveredTopic:
    name, names = label_name(topic.label), [step.name for step in steps]
    change = count_change(topic.now, topic.before, than)
    key = f"trend-{topic.label.replace('/', '-').replace('_', '-')}"
    title = f"{name} over time"
    description = f"{topic.now:,} in all, {change.words}."
    drawn = column_chart(key, title, description, names, [Series("Messages", topic.steps)]) if topic.now else None
    trend = Table(("When", "Messages"), tuple(zip(names, topic.steps, strict=True)))
    part = share(topic.now, whole)
    return UncoveredTopic(topic.label, name, topic.now, topic.before, part, change, drawn, trend, examples)
