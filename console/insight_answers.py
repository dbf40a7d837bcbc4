"""The figures about answers: what was asked, what came of it, how fast it was answered and whether it helped."""

import math

from console.chart_shapes import Bar, Series
from console.charts import bar_chart, line_chart
from console.figure import CountRow, Figure, Table, bar_figure, column_figure, points
from console.insight_counts import FeedbackCount
from console.insight_view import InsightView, in_order
from console.insight_words import counted_percentile, duration_change, duration_in_words, percent_in_words, share
from console.label_groups import CONVERSATION, OUT_OF_SCOPE, group_of_label
from console.names import OUTCOMES, label_name, outcome_name
from console.turn_tally import counted_by, number_of, outcome_of

MOST_TOPICS = 15
SAFETY = frozenset({"safety"})
NOT_COVERED = frozenset({"uncovered"})
NOT_UNDERSTOOD = frozenset({"fallback", "failed"})
ANSWERED = frozenset(OUTCOMES) - SAFETY - NOT_COVERED - NOT_UNDERSTOOD
OUTCOME_GROUPS = (
    ("Answered or done", ANSWERED),
    ("Not covered", NOT_COVERED),
    ("Not understood or failed", NOT_UNDERSTOOD),
    ("Safety", SAFETY),
)
# In seconds; each step runs from the one before it, and the last from the last.
LATENCY_STEPS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, math.inf)


def outcomes(view: InsightView) -> Figure:
    """What came of messages."""
    now = counted_by(outcome_of, view.turns.now)
    before = counted_by(outcome_of, view.turns.before)
    rows = [CountRow(outcome_name(name), now[name], before[name]) for name in in_order({*now, *before}, OUTCOMES)]
    definition = "What came of each message; a message has one outcome."
    columns = ("Outcome", "Messages", view.before_column, "Share (%)")
    return bar_figure("outcomes", "What came of messages", definition, columns=columns, rows=rows)


def outcomes_over_time(view: InsightView) -> Figure:
    """What came of messages, over time."""
    series = [Series(name, view.turns.over_time(outcome_of, members)) for name, members in OUTCOME_GROUPS]
    answered = share(number_of(view.turns.now, outcome_of, ANSWERED), sum(view.turns.now.values()))
    summary = "" if answered is None else f"Answered or done: {percent_in_words(answered)} of all messages."
    definition = (
        "The same over time. Answered or done are answers, questions back, requests, messages for the staff and small "
        "talk."
    )
    title = "What came of messages, over time"
    return column_figure("outcomes-over-time", title, definition, steps=view.steps, series=series, summary=summary)


def rates(view: InsightView) -> Figure:
    """The shares of messages that were not understood, and that got the safety wording, over time."""
    every = [sum(step.values()) for step in view.turns.steps]
    missed = view.turns.over_time(outcome_of, NOT_UNDERSTOOD)
    danger = view.turns.over_time(outcome_of, SAFETY)
    shares = [
        Series("Not understood (%)", [points(share(*each)) for each in zip(missed, every, strict=True)]),
        Series("Safety (%)", [points(share(*each)) for each in zip(danger, every, strict=True)]),
    ]
    definition = (
        "Of all messages, the share that was not understood or failed, and the share that got the safety wording. "
        "A gap is a time without any message."
    )
    columns = ("When", "Messages", "Not understood or failed", "Safety", *(each.name for each in shares))
    rows = zip(view.steps, every, missed, danger, *(each.values for each in shares), strict=True)
    title, summary, chart = "Not understood, and safety", "", None
    if any(every):
        missed_share, danger_share = (percent_in_words(share(sum(each), sum(every))) for each in (missed, danger))
        summary = f"Not understood or failed: {missed_share} of all messages. Safety: {danger_share}."
        chart = line_chart("rates", title, summary, view.steps, shares)
    return Figure("rates", title, definition, Table(columns, tuple(rows)), chart, summary)


def topics(view: InsightView) -> Figure:
    """What people ask about most."""
    asked = [topic for topic in view.counts.topics if _is_a_question(topic.label)]
    rows = [
        CountRow(label_name(topic.label), topic.now, topic.before, (points(topic.confidence),))
        for topic in sorted(asked, key=lambda topic: (-topic.now, topic.label))
    ]
    definition = (
        "Messages by what they were understood as, without small talk and answers to the assistant's own questions. "
        "Confidence, in the table, is how sure the assistant was on average."
    )
    columns = ("Topic", "Messages", view.before_column, "Share (%)", "Mean confidence (%)")
    return bar_figure("topics", "What people ask about", definition, columns=columns, rows=rows, most=MOST_TOPICS)


def response_times(view: InsightView) -> Figure:
    """How long visitors waited for the answer."""
    now = [(each.milliseconds / 1_000, each.now) for each in view.counts.latencies]
    before = [(each.milliseconds / 1_000, each.before) for each in view.counts.latencies]
    rows, low = [], -1.0
    for high in LATENCY_STEPS:
        rows.append(CountRow(_step_name(low, high), _within(now, low, high), _within(before, low, high)))
        low = high
    median, slow = counted_percentile(now, 0.5), counted_percentile(now, 0.95)
    change = duration_change(median, counted_percentile(before, 0.5), view.than)
    summary = ""
    if change is not None:
        half = f"Half of the messages were answered within {duration_in_words(median)} ({change.words})"
        summary = f"{half}, and 95 of 100 within {duration_in_words(slow)}."
    definition = "The time from a message to the assistant's last reply to it, on our own machine."
    columns = ("Answered", "Messages", view.before_column, "Share (%)")
    return bar_figure("response-times", "Response time", definition, columns=columns, rows=rows, summary=summary)


def feedback(view: InsightView) -> Figure:
    """Whether visitors called answers helpful, by topic."""
    counted = view.counts.feedback
    labels = {each.label: sum(one.now for one in counted if one.label == each.label) for each in counted}
    rows = []
    for label in sorted(labels, key=lambda label: (-labels[label], label)):
        own = [each for each in counted if each.label == label]
        yes, no = _verdicts(own, True), _verdicts(own, False)
        rows.append((label_name(label), yes, no, points(share(yes, yes + no)), sum(each.before for each in own)))
    yes, no = _verdicts(counted, True), _verdicts(counted, False)
    title, summary, chart = "Was it helpful?", "", None
    if yes or no:
        summary = f"Helpful: {yes:,} of {yes + no:,} ({percent_in_words(share(yes, yes + no))})."
        bars = [
            Bar(row[0], row[1:3], f"{row[1]:,} yes, {row[2]:,} no") for row in rows[:MOST_TOPICS] if row[1] or row[2]
        ]
        chart = bar_chart("feedback", title, summary, bars, ("Helpful", "Not helpful"))
    definition = "The verdicts that visitors gave in these days on answers, by what their message was understood as."
    table = Table(("Topic", "Helpful", "Not helpful", "Helpful (%)", f"Verdicts in {view.than}"), tuple(rows))
    return Figure("feedback", title, definition, table, chart, summary)


def helpful_share(view: InsightView) -> tuple[float | None, float | None]:
    """The share of verdicts that say an answer helped, in the period and before."""
    yes = [each for each in view.counts.feedback if each.helpful]
    now, before = (sum(each.now for each in view.counts.feedback), sum(each.before for each in view.counts.feedback))
    return share(sum(each.now for each in yes), now), share(sum(each.before for each in yes), before)


def _verdicts(counted: list[FeedbackCount], helpful: bool) -> int:
    return sum(each.now for each in counted if each.helpful is helpful)


def not_understood_share(view: InsightView) -> tuple[float | None, float | None]:
    """The share of messages that were not understood or failed, in the period and before."""
    return _share_of(view, NOT_UNDERSTOOD)


def safety_share(view: InsightView) -> tuple[float | None, float | None]:
    """The share of messages that got the safety wording, in the period and before."""
    return _share_of(view, SAFETY)


def _share_of(view: InsightView, wanted: frozenset[str]) -> tuple[float | None, float | None]:
    now, before = view.turns.now, view.turns.before
    return (
        share(number_of(now, outcome_of, wanted), sum(now.values())),
        share(number_of(before, outcome_of, wanted), sum(before.values())),
    )


def _within(counts: list[tuple[float, int]], low: float, high: float) -> int:
    return sum(count for seconds, count in counts if low < seconds <= high)


def _step_name(low: float, high: float) -> str:
    if math.isinf(high):
        return f"After more than {low:g} s"
    return f"Within {high:g} s" if low < 0 else f"After {low:g} to {high:g} s"


def _is_a_question(label: str) -> bool:
    return group_of_label().get(label) not in (CONVERSATION, OUT_OF_SCOPE)
