"""What a figure is: a drawing, the table that says the same, and the sentence that says what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.chart_shapes import Bar, Chart, Series
from console.charts import bar_chart, column_chart
from console.insight_words import Change, percent_in_words, share

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """The numbers of a figure; the first column names the row. None is a number that there is nothing to count from."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Figure:
    """One figure. `key` is its name in addresses; `chart` is None where there is nothing to draw.

    `definition` says in a sentence what is counted, `summary` what came out.
    """

    key: str
    title: str
    definition: str
    table: Table
    chart: Chart | None
    summary: str = ""

    @property
    def is_over_time(self) -> bool:
        """Whether the drawing has a time axis, for which there should be room."""
        return self.chart is not None and bool(self.chart.grid)


@dataclass(frozen=True)
class Tile:
    """One number above the figures and how it moved; without a change there is nothing to compare."""

    name: str
    value: str
    change: Change | None


@dataclass(frozen=True)
class CountRow:
    """One row of a bar figure: its name, how many now and before, and what else its table tells."""

    name: str
    now: int
    before: int
    more: tuple[Cell, ...] = ()


def bar_figure(
    key: str,
    title: str,
    definition: str,
    *,
    columns: tuple[str, ...],
    rows: Sequence[CountRow],
    most: int | None = None,
    summary: str = "",
) -> Figure:
    """Counts as bars, each with its share of the sum; the table has every row, the drawing the first `most`.

    Args:
        key: the figure's name in addresses.
        title: what stands above it.
        definition: the sentence that says what is counted.
        columns: titles for the name, the count, the count before, the share, and for `more` of the rows.
        rows: what was counted.
        most: how many bars are drawn.
        summary: what came out; the largest row is named where it is left out.
    """
    whole = sum(row.now for row in rows)
    shares = [share(row.now, whole) for row in rows]
    cells = tuple(
        (row.name, row.now, row.before, points(each), *row.more) for row, each in zip(rows, shares, strict=True)
    )
    bars = [
        Bar(row.name, (row.now,), f"{row.now:,} · {percent_in_words(each)}")
        for row, each in zip(rows[:most], shares, strict=False)
    ]
    if not summary and whole:
        largest = max(rows, key=lambda row: row.now)
        summary = f"Most: {largest.name}, {largest.now:,} of {whole:,}."
    chart = bar_chart(key, title, summary, bars) if whole else None
    return Figure(key, title, definition, Table(columns, cells), chart, summary)


def column_figure(
    key: str, title: str, definition: str, *, steps: Sequence[str], series: Sequence[Series], summary: str
) -> Figure:
    """Counts over time as columns; the table has their sum where there is more than one kind."""
    values = list(zip(*(each.values for each in series), strict=True)) or [()] * len(steps)
    sums = [int(sum(value or 0 for value in column)) for column in values]
    several = len(series) > 1
    rows = tuple(
        (step, *column, *([whole] if several else [])) for step, column, whole in zip(steps, values, sums, strict=True)
    )
    columns = ("When", *(each.name for each in series), *(["All"] if several else []))
    chart = column_chart(key, title, summary, steps, series) if any(sums) else None
    return Figure(key, title, definition, Table(columns, rows), chart, summary)


def points(value: float | None) -> float | None:
    """A share between 0 and 1 in per cent with one decimal, for a table."""
    return None if value is None else round(value * 100, 1)
