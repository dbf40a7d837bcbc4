"""The figures about the clinic's work: requests and messages taken, time to the first contact, the form's funnel."""

import math
from collections.abc import Sequence
from datetime import datetime

from clinic.clock import in_utc
from console.chart_shapes import Bar, Series
from console.charts import bar_chart
from console.figure import CountRow, Figure, Table, bar_figure, column_figure, points
from console.insight_counts import Work
from console.insight_period import HOUR_SECONDS, moment_of
from console.insight_view import InsightView
from console.insight_words import count_change, duration_in_words, percent_in_words, percentile, share

OPEN = "open"
STAGES = ("Started the form", "Gave a name", "Gave a phone or e-mail", "Said when", "Sent the request")
# In hours; each step runs from the one before it, and the last from the last.
WAITING_STEPS = ((1, "Within 1 hour"), (4, "Within 4 hours"), (24, "Within a day"), (72, "Within 3 days"))
LATER, WAITING, NO_CONTACT = "After more than 3 days", "Still waiting", "Closed or taken back without contact"


def work_taken(view: InsightView) -> Figure:
    """Requests and messages for the staff, over time."""
    requests, messages = (_in_period(view, work) for work in (view.counts.requests, view.counts.messages))
    series = [
        Series("Appointment requests", view.over_time((_hour(each), 1) for each in requests)),
        Series("Messages for the staff", view.over_time((_hour(each), 1) for each in messages)),
    ]
    changes = (
        (len(now), kind, count_change(len(now), len(_before(view, work)), view.than).words)
        for kind, now, work in (
            ("requests", requests, view.counts.requests),
            ("messages", messages, view.counts.messages),
        )
    )
    summary = "; ".join(f"{count:,} {kind}, {words}" for count, kind, words in changes) + "."
    definition = "Appointment requests that visitors confirmed, and messages that were left for the staff."
    title = "Requests and messages taken"
    return column_figure("work-taken", title, definition, steps=view.steps, series=series, summary=summary)


def first_contact(view: InsightView) -> Figure:
    """How long people wait until somebody of the staff gets in touch."""
    requests, messages = (_in_period(view, work) for work in (view.counts.requests, view.counts.messages))
    now, before = [*requests, *messages], [*_before(view, view.counts.requests), *_before(view, view.counts.messages)]
    names = (*(name for _, name in WAITING_STEPS), LATER, WAITING, NO_CONTACT)
    rows = [CountRow(name, _count_of(now, name), _count_of(before, name)) for name in names]
    summary = "; ".join(
        _contact_words(kind, work) for kind, work in (("Requests", requests), ("Messages", messages)) if work
    )
    definition = (
        "From the moment a request or message came in until the staff noted the first contact, in all hours, not only "
        "the clinic's. Median and 90th percentile are of those with a first contact."
    )
    columns = ("First contact", "Requests and messages", view.before_column, "Share (%)")
    title = "Time to first contact"
    return bar_figure("first-contact", title, definition, columns=columns, rows=rows, summary=summary)


def form_funnel(view: InsightView) -> Figure:
    """How far people got in the appointment form."""
    now = [sum(each.now for each in view.counts.form if each.stage >= stage) for stage in range(len(STAGES))]
    before = [sum(each.before for each in view.counts.form if each.stage >= stage) for stage in range(len(STAGES))]
    rows = [
        (name, count, earlier, points(share(count, now[0])), 0 if place == 0 else now[place - 1] - count)
        for place, (name, count, earlier) in enumerate(zip(STAGES, now, before, strict=True))
    ]
    definition = (
        "Conversations in which the form was open in these days, each counted once, by the furthest it got: the form "
        "asks for name, phone or e-mail, and time in this order and skips what it knows, so being asked for the next "
        "counts as having given the one before. Sent means that a request of the conversation was stored in these days "
        "or in the day after."
    )
    title, summary, chart = "The appointment form, step by step", "", None
    if now[0]:
        summary = (
            f"{now[-1]:,} of {now[0]:,} conversations sent a request ({percent_in_words(share(now[-1], now[0]))})."
        )
        bars = [
            Bar(name, (count,), f"{count:,} · {percent_in_words(share(count, now[0]))}")
            for name, count in zip(STAGES, now, strict=True)
        ]
        chart = bar_chart("form", title, summary, bars)
    columns = ("Step", "Conversations", view.before_column, "Share of those who started (%)", "Left before it")
    return Figure("form", title, definition, Table(columns, tuple(rows)), chart, summary)


def requests_taken(view: InsightView) -> tuple[int, int]:
    """How many requests came in the period and before."""
    return len(_in_period(view, view.counts.requests)), len(_before(view, view.counts.requests))


def messages_left(view: InsightView) -> tuple[int, int]:
    """How many messages for the staff came in the period and before."""
    return len(_in_period(view, view.counts.messages)), len(_before(view, view.counts.messages))


def median_contact(view: InsightView) -> tuple[float | None, float | None]:
    """The median seconds from a request to its first contact, in the period and before."""
    work = view.counts.requests
    return percentile(_waits(_in_period(view, work)), 0.5), percentile(_waits(_before(view, work)), 0.5)


def share_waiting(view: InsightView) -> tuple[float | None, float | None]:
    """The share of the requests that still wait for a first contact, of the period and of the days before."""
    now, before = (_in_period(view, view.counts.requests), _before(view, view.counts.requests))
    return (
        share(_count_of(now, WAITING), len(now)),
        share(_count_of(before, WAITING), len(before)),
    )


def _contact_words(kind: str, work: Sequence[Work]) -> str:
    waits = _waits(work)
    waiting = f"{percent_in_words(share(_count_of(work, WAITING), len(work)))} still wait"
    if not waits:
        return f"{kind}: no contact yet, {waiting}"
    median, most = duration_in_words(percentile(waits, 0.5)), duration_in_words(percentile(waits, 0.9))
    return f"{kind}: median {median}, 90th percentile {most}, {waiting}"


def _count_of(work: Sequence[Work], waiting: str) -> int:
    return sum(_waiting(each) == waiting for each in work)


def _waiting(work: Work) -> str:
    """The step of waiting that a request or message is counted in."""
    if work.contacted_at is None:
        return WAITING if work.status == OPEN else NO_CONTACT
    hours = _seconds(work.created_at, work.contacted_at) / HOUR_SECONDS
    return next((name for most, name in WAITING_STEPS if hours <= most), LATER)


def _waits(work: Sequence[Work]) -> list[float]:
    return [_seconds(each.created_at, each.contacted_at) for each in work if each.contacted_at is not None]


def _seconds(start: datetime, end: datetime) -> float:
    return max((in_utc(end) - in_utc(start)).total_seconds(), 0.0)


def _hour(work: Work) -> int:
    return math.floor(in_utc(work.created_at).timestamp() / HOUR_SECONDS)


def _in_period(view: InsightView, work: Sequence[Work]) -> list[Work]:
    start = moment_of(view.comparison.period.start_hour)
    return [each for each in work if in_utc(each.created_at) >= start]


def _before(view: InsightView, work: Sequence[Work]) -> list[Work]:
    start = moment_of(view.comparison.period.start_hour)
    return [each for each in work if in_utc(each.created_at) < start]
