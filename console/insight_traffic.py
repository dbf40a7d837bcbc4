"""The figures about traffic: how much is written, when, where and in which language."""

from collections import Counter

from console.chart_shapes import Series
from console.charts import column_chart
from console.figure import CountRow, Figure, Table, bar_figure, column_figure
from console.insight_view import InsightView, in_order
from console.insight_words import count_change
from console.names import CHANNELS, channel_name, language_name
from console.turn_tally import HOURS_OF_DAY, channel_of, counted_by

HOUR_NAMES = tuple(f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}" for hour in range(HOURS_OF_DAY))


def volume(view: InsightView) -> Figure:
    """Messages over time, by channel."""
    names = in_order(counted_by(channel_of, view.turns.now), CHANNELS)
    series = [Series(channel_name(name), view.turns.over_time(channel_of, {name})) for name in names]
    now, before = messages_of_visitors(view)
    summary = f"{now:,} in all, {count_change(now, before, view.than).words}." if now or before else ""
    definition = "Each message that a visitor sent, by channel."
    return column_figure("volume", "Messages over time", definition, steps=view.steps, series=series, summary=summary)


def hours(view: InsightView) -> Figure:
    """Messages by hour of the day."""
    counts = view.turns.hours
    summary, chart, title = "", None, "Messages by hour of the day"
    if any(counts):
        summary = f"Most messages come in the hour from {HOUR_NAMES[counts.index(max(counts))]}."
        chart = column_chart("hours", title, summary, HOUR_NAMES, [Series("Messages", counts)])
    definition = "Messages by the hour in which they came, on the clinic's clock, all days together."
    table = Table(("Hour from", "Messages"), tuple(zip(HOUR_NAMES, counts, strict=True)))
    return Figure("hours", title, definition, table, chart, summary)


def channels(view: InsightView) -> Figure:
    """Messages and conversations by channel."""
    now = counted_by(channel_of, view.turns.now)
    before = counted_by(channel_of, view.turns.before)
    begun: Counter[str] = Counter()
    for each in view.counts.conversations:
        begun[each.channel] += each.now
    rows = [
        CountRow(channel_name(name), now[name], before[name], (begun[name],))
        for name in in_order({*now, *before, *begun}, CHANNELS)
    ]
    definition = "Messages by the way they came, and in the table the conversations that began in these days."
    columns = ("Channel", "Messages", view.before_column, "Share (%)", "Conversations begun")
    return bar_figure("channels", "Channels", definition, columns=columns, rows=rows)


def languages(view: InsightView) -> Figure:
    """The languages of conversations."""
    now: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for each in view.counts.conversations:
        now[each.language] += each.now
        before[each.language] += each.before
    rows = [CountRow(language_name(language), count, before[language]) for language, count in now.most_common()]
    definition = "Conversations that began in these days, by the language that the visitor wrote in."
    columns = ("Language", "Conversations", view.before_column, "Share (%)")
    return bar_figure("languages", "Languages", definition, columns=columns, rows=rows)


def messages_of_visitors(view: InsightView) -> tuple[int, int]:
    """How many messages visitors sent in the period and before."""
    return sum(view.turns.now.values()), sum(view.turns.before.values())


def conversations_begun(view: InsightView) -> tuple[int, int]:
    """How many conversations began in the period and before."""
    begun = view.counts.conversations
    return sum(each.now for each in begun), sum(each.before for each in begun)
