"""What a chart is made of, as the templates draw it: across in per cent of the width, down in `em`."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """`x` and `width` in per cent, `y` and `height` in em."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Rectangle:
    """A part of a column or bar; `series` counts from 1."""

    series: int
    place: Place


@dataclass(frozen=True)
class Words:
    """A piece of text at a place; `anchor` is SVG's `start`, `middle` or `end`."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Column:
    """The rectangles over one step of the axis, and what a pointer on them is told."""

    hint: str
    rectangles: tuple[Rectangle, ...]


@dataclass(frozen=True)
class Line:
    """One line in pieces: `points` is SVG's list within 100 by 100, `marks` are places in per cent and em."""

    series: int
    pieces: tuple[str, ...]
    marks: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Chart:
    """One drawing. `key` makes the ids within the page, `legend` is empty where there is only one series.

    `grid` are the heights of the lines across, `plot` is where `lines` are drawn.
    """

    key: str
    title: str
    description: str
    height: float
    legend: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    words: tuple[Words, ...] = ()
    grid: tuple[float, ...] = ()
    plot: Place | None = None


@dataclass(frozen=True)
class Series:
    """The values of one kind, one for each step; None where there is nothing to count from."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart: its parts side by side, and the words at its end."""

    name: str
    parts: tuple[float, ...]
    shown: str
