"""The geometry of charts. The templates draw it as SVG (templates/charts.html); colours and textures are CSS classes.

Across, everything is in per cent of the width, down in `em`: a chart fills its place, and its words keep the size of
the page's text on a phone and for those who have set their text larger.
"""

import math
from collections.abc import Sequence
from itertools import groupby

from console.chart_shapes import Bar, Chart, Column, Line, Place, Rectangle, Series, Words

AXIS_SHARE = 12.0
"""How much of the width the numbers beside the axis take, in per cent."""
PLOT_TOP, PLOT_HEIGHT, BELOW_PLOT = 1.4, 11.0, 1.6
ROW_HEIGHT, BAR_HEIGHT = 2.9, 0.9
LONGEST_BAR = 62.0
"""How much of the width the longest bar takes, in per cent: the words at its end need the rest on a phone."""
GAP_SHARE = 0.25
MOST_STEPS_NAMED = 4
MOST_STEPS_MARKED = 31
LONGEST_NAME = 30
LONGEST_DESCRIPTION = 300
LARGEST = 1e15
"""More than anybody counts; beyond it floats are no longer whole numbers."""


def column_chart(key: str, title: str, description: str, steps: Sequence[str], series: Sequence[Series]) -> Chart:
    """Columns over time, the series on top of one another.

    Raises:
        ValueError: a value is negative, no number or beyond all counting, or a series has not one value for each step.
    """
    values = [_checked(each, len(steps)) for each in series]
    stacks = list(zip(*values, strict=True)) or [()] * len(steps)
    plot = _Plot(max(map(sum, stacks), default=0.0), len(steps))
    columns = []
    for number, (step, stack) in enumerate(zip(steps, stacks, strict=True)):
        told = ", ".join(f"{each.name} {_number(each.values[number])}" for each in series)
        columns.append(Column(f"{step}: {told}", plot.stacked(number, stack)))
    return Chart(
        key=key,
        title=title,
        description=_cut(description, LONGEST_DESCRIPTION),
        height=PLOT_TOP + PLOT_HEIGHT + BELOW_PLOT,
        legend=_legend(series),
        columns=tuple(columns),
        words=(*plot.axis(""), *plot.step_names(steps)),
        grid=plot.grid,
    )


def line_chart(key: str, title: str, description: str, steps: Sequence[str], series: Sequence[Series]) -> Chart:
    """Shares over time, in per cent; a step without a value is a gap.

    Raises:
        ValueError: a value is negative, no number or beyond all counting, or a series has not one value for each step.
    """
    most = max((max(_checked(each, len(steps)), default=0.0) for each in series), default=0.0)
    plot = _Plot(most, len(steps))
    return Chart(
        key=key,
        title=title,
        description=_cut(description, LONGEST_DESCRIPTION),
        height=PLOT_TOP + PLOT_HEIGHT + BELOW_PLOT,
        legend=_legend(series),
        lines=tuple(plot.line(number, each.values) for number, each in enumerate(series, 1)),
        words=(*plot.axis(" %"), *plot.step_names(steps)),
        grid=plot.grid,
        plot=Place(AXIS_SHARE, PLOT_TOP, 100 - AXIS_SHARE, PLOT_HEIGHT),
    )


def bar_chart(key: str, title: str, description: str, bars: Sequence[Bar], series: Sequence[str] = ()) -> Chart:
    """Bars beneath one another, each with its name above it and its numbers at its end.

    Args:
        key: makes the ids within the page.
        title: what the chart shows.
        description: what there is to see, for those who cannot.
        bars: the rows.
        series: what the parts of a bar are, where it has more than one.

    Raises:
        ValueError: a value is negative, no number or beyond all counting.
    """
    parts = [_checked(Series(bar.name, bar.parts), len(bar.parts)) for bar in bars]
    most = max(map(sum, parts), default=0.0) or 1.0
    words, columns = [], []
    for row, (bar, values) in enumerate(zip(bars, parts, strict=True)):
        y = _rounded(row * ROW_HEIGHT + 1.0)
        end = LONGEST_BAR * sum(values) / most
        words.append(Words(_cut(bar.name, LONGEST_NAME), 0.0, y, "start"))
        words.append(Words(bar.shown, _rounded(end + (1.5 if end else 0.0)), _rounded(y + 1.2), "start"))
        columns.append(Column(f"{bar.name}: {bar.shown}", _side_by_side(values, most, y + 0.4)))
    return Chart(
        key=key,
        title=title,
        description=_cut(description, LONGEST_DESCRIPTION),
        height=_rounded(len(bars) * ROW_HEIGHT),
        legend=tuple(series),
        columns=tuple(columns),
        words=tuple(words),
    )


class _Plot:
    """The field over a time axis: where a step is across, and a value down."""

    def __init__(self, most: float, steps: int) -> None:
        self._top = _round_number_above(most)
        self._steps = steps
        self._width = (100 - AXIS_SHARE) / max(steps, 1)
        self._marks = (0.0, self._top / 2, self._top)
        self.grid = tuple(self._down(mark) for mark in self._marks)

    def stacked(self, step: int, values: Sequence[float]) -> tuple[Rectangle, ...]:
        """The values of one step on top of one another; nothing is drawn of nothing."""
        x = _rounded(AXIS_SHARE + self._width * (step + GAP_SHARE / 2))
        width = _rounded(self._width * (1 - GAP_SHARE))
        rectangles, below = [], 0.0
        for series, value in enumerate(values, 1):
            if value:
                high = self._down(below + value)
                rectangles.append(Rectangle(series, Place(x, high, width, _rounded(self._down(below) - high))))
            below += value
        return tuple(rectangles)

    def line(self, series: int, values: Sequence[float | None]) -> Line:
        """A line through the steps, in pieces where a value is missing; few points are marked, a lone one always."""
        numbered = [(step, value) for step, value in enumerate(values)]
        pieces = [list(run) for present, run in groupby(numbered, lambda each: each[1] is not None) if present]
        marked = [
            (self._middle_of(step), self._down(value or 0.0))
            for piece in pieces
            for step, value in piece
            if self._steps <= MOST_STEPS_MARKED or len(piece) == 1
        ]
        drawn = (
            " ".join(
                f"{_rounded(100 * (step + 0.5) / self._steps)},{_rounded(100 - 100 * (value or 0.0) / self._top)}"
                for step, value in piece
            )
            for piece in pieces
        )
        return Line(series, tuple(drawn), tuple(marked))

    def axis(self, unit: str) -> list[Words]:
        """The numbers beside the lines across."""
        return [Words(f"{_short(mark)}{unit}", 0.0, _rounded(self._down(mark) - 0.3), "start") for mark in self._marks]

    def step_names(self, steps: Sequence[str]) -> list[Words]:
        """The names of some steps beneath the axis: as many as there is room for on a phone."""
        apart = max(1, math.ceil(len(steps) / MOST_STEPS_NAMED))
        y = PLOT_TOP + PLOT_HEIGHT + 1.2
        return [
            Words(steps[step].split(" – ")[0], self._middle_of(step), y, "middle")
            for step in range(0, len(steps), apart)
        ]

    def _middle_of(self, step: int) -> float:
        return _rounded(AXIS_SHARE + self._width * (step + 0.5))

    def _down(self, value: float) -> float:
        """How far below the chart's upper edge a value lies, in em."""
        return _rounded(PLOT_TOP + PLOT_HEIGHT * (1 - value / self._top))


def _side_by_side(values: Sequence[float], most: float, y: float) -> tuple[Rectangle, ...]:
    rectangles, x = [], 0.0
    for series, value in enumerate(values, 1):
        width = LONGEST_BAR * value / most
        if value:
            rectangles.append(Rectangle(series, Place(_rounded(x), _rounded(y), _rounded(width), BAR_HEIGHT)))
        x += width
    return tuple(rectangles)


def _round_number_above(most: float) -> float:
    """The next of 2, 4, 6, 8, 10, 20, 40 ... whose half is a whole number too."""
    if most <= 2:
        return 2.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(factor * power for factor in (1, 2, 4, 6, 8, 10) if factor * power >= max(most, 2))


def _checked(series: Series, steps: int) -> list[float]:
    if len(series.values) != steps:
        raise ValueError(f"the series {series.name} has {len(series.values)} values for {steps} steps")
    values = [0.0 if value is None else float(value) for value in series.values]
    if not all(0 <= value <= LARGEST for value in values):
        raise ValueError(f"the series {series.name} has a value that cannot be drawn")
    return values


def _legend(series: Sequence[Series]) -> tuple[str, ...]:
    return tuple(each.name for each in series) if len(series) > 1 else ()


def _short(value: float) -> str:
    """A number that fits beside an axis: 950, 1.2k, 3M."""
    for size, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.10g}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _rounded(value: float) -> float:
    return round(value, 3)
