"""The figures about the clinic's work: requests and messages taken, time to the first contact, the form's funnel."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from console.chart_shapes import Bar, Series
from console.charts import bar_chart
from console.figure import CountRow, Figure, Table, bar_figure, column_figure, points
from console.insight_counts import Work
from console.insight_period import HOUR_SECONDS
from console.insight_view import InsightView
from console.insight_words import count_change, duration_in_words, number_of, percent_in_words, percentile, share

OPEN = "open"
STAGES = ("Started the form", "Gave a name", "Gave a phone or e-mail", "Said when", "Sent the request")
# In hours; each step runs from the one before it.
WAITING_STEPS = ((1, "Within 1 hour"), (4, "Within 4 hours"), (24, "Within a day"), (72, "Within 3 days"))
LATER, WAITING, NO_CONTACT = "After more than 3 days", "Still waiting", "Ended without contact"


def work_taken(view: InsightView) -> Figure:
    """Requests and messages for the staff, over time."""
    series = [
        Series("Appointment requests", view.over_time(view.requests.now)),
        Series("Messages for the staff", view.over_time(view.messages.now)),
    ]
    counted = (("request", "requests", requests_taken(view)), ("message", "messages", messages_left(view)))
    summary = "; ".join(
        f"{number_of(now, one, many)}, {count_change(now, before, view.than).words}"
        for one, many, (now, before) in counted
    )
    definition = "Appointment requests that visitors confirmed, and messages that were left for the staff."
    title = "Requests and messages taken"
    return column_figure("work-taken", title, definition, steps=view.steps, series=series, summary=f"{summary}.")


def first_contact(view: InsightView) -> Figure:
    """How long people wait until somebody of the staff gets in touch."""
    now = Counter(map(_waiting, (*view.requests.now, *view.messages.now)))
    before = Counter(map(_waiting, (*view.requests.before, *view.messages.before)))
    names = (*(name for _, name in WAITING_STEPS), LATER, WAITING, NO_CONTACT)
    rows = [CountRow(name, now[name], before[name]) for name in names]
    kinds = (("Requests", view.requests.now), ("Messages", view.messages.now))
    summary = " ".join(_contact_words(kind, work) for kind, work in kinds if work)
    definition = (
        "From the moment a request or message came in until the staff noted the first contact, in all hours, not only "
        "the clinic's. Median and 90th percentile are of those with a first contact. Ended without contact are those "
        "that were taken back or closed before."
    )
    columns = ("First contact", "Requests and messages", view.before_column, "Share (%)")
    return bar_figure("first-contact", "Time to first contact", definition, columns=columns, rows=rows, summary=summary)


def form_funnel(view: InsightView) -> Figure:
    """How far people got in the appointment form."""
    now = [sum(each.now for each in view.counts.form if each.stage >= stage) for stage in range(len(STAGES))]
    before = [sum(each.before for each in view.counts.form if each.stage >= stage) for stage in range(len(STAGES))]
    left = [0, *(earlier - later for earlier, later in pairwise(now))]
    shares = [points(share(count, now[0])) for count in now]
    rows = tuple(zip(STAGES, now, before, shares, left, strict=True))
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
    definition = (
        "Conversations in which the form was open in these days, each counted once, by the furthest it got. The form "
        "asks for name, phone or e-mail, and time in this order and skips what it knows, so whoever is asked for one "
        "has given those before it. Sent means that a request of the conversation was stored in these days or in the "
        "day after."
    )
    columns = ("Step", "Conversations", view.before_column, "Share of those who started (%)", "Left before it")
    return Figure("form", title, definition, Table(columns, rows), chart, summary)


def requests_taken(view: InsightView) -> tuple[int, int]:
    """How many requests came in the period and before."""
    return len(view.requests.now), len(view.requests.before)


def messages_left(view: InsightView) -> tuple[int, int]:
    """How many messages for the staff came in the period and before."""
    return len(view.messages.now), len(view.messages.before)


def median_contact(view: InsightView) -> tuple[float | None, float | None]:
    """The median seconds from a request to its first contact, in the period and before."""
    return percentile(_waits(view.requests.now), 0.5), percentile(_waits(view.requests.before), 0.5)


def share_waiting(view: InsightView) -> tuple[float | None, float | None]:
    """The share of the requests that still wait for a first contact, of the period and of the days before."""
    return _share_waiting(view.requests.now), _share_waiting(view.requests.before)


def _contact_words(kind: str, work: Sequence[Work]) -> str:
    waits, waiting = _waits(work), f"{percent_in_words(_share_waiting(work))} still wait."
    if not waits:
        return f"{kind}: no contact yet, {waiting}"
    median, most = duration_in_words(percentile(waits, 0.5)), duration_in_words(percentile(waits, 0.9))
    return f"{kind}: median {median}, 90th percentile {most}, {waiting}"


def _share_waiting(work: Sequence[Work]) -> float | None:
    return share(sum(_waiting(each) == WAITING for each in work), len(work))


def _waiting(work: Work) -> str:
    """The step of waiting that a request or message is counted in."""
    waited = work.waited
    if waited is None:
        return WAITING if work.status == OPEN else NO_CONTACT
    return next((name for most, name in WAITING_STEPS if waited <= most * HOUR_SECONDS), LATER)


def _waits(work: Sequence[Work]) -> list[float]:
    return [each.waited for each in work if each.waited is not None]
