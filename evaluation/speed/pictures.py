"""Pictures of a measurement as plain SVG: what a turn takes as a conversation grows, and as load rises."""

import math
import statistics
from collections.abc import Sequence
from xml.sax.saxutils import escape

from evaluation.speed.open_loop import LoadStep

WIDTH, HEIGHT = 640, 320
LEFT, TOP = 70, 50
FONT = "font-family='sans-serif' font-size='11'"
SMOOTHED_TURNS = 21
DOT, LINE, SATURATED = "#9db8d9", "#1f6feb", "#b42318"
COLOURS = {"median": "#1f6feb", "90th percentile": "#9a6700", "99th percentile": "#b42318"}


class _Plot:
    """Places values on the drawing area; across is linear, up is linear or logarithmic."""

    def __init__(self, across: float, bottom: float, top: float, logarithmic: bool = False) -> None:
        self._across = across
        self._place = math.log10 if logarithmic else float
        self._bottom, self._top = self._place(bottom), self._place(top)

    def x(self, value: float) -> float:
        return LEFT + WIDTH * value / self._across

    def y(self, value: float) -> float:
        return TOP + HEIGHT * (1 - (self._place(value) - self._bottom) / (self._top - self._bottom))


def turns_svg(seconds: Sequence[float]) -> str:
    """Latency over turn number of one conversation: every turn a dot, and the median of its neighbours a line."""
    times = [1000 * each for each in seconds]
    # A few outliers would squeeze everything else to the bottom; they are drawn at the upper edge.
    top = max(3 * statistics.median(times), 1.0)
    plot = _Plot(len(times), 0.0, top)
    smooth = [statistics.median(_neighbours(times, place)) for place in range(len(times))]
    parts = [
        _text(LEFT, 24, "Latency over turn number, one conversation"),
        *_frame("turn", "ms"),
        *(_tick_across(plot, turn, f"{turn}") for turn in _round_steps(len(times))),
        *(_tick_up(plot, value, f"{value:g}") for value in _round_steps(top)),
        *(_dot(plot.x(place + 1), plot.y(min(time, top)), 1.5, DOT) for place, time in enumerate(times)),
        _line([(plot.x(place + 1), plot.y(min(time, top))) for place, time in enumerate(smooth)], LINE),
    ]
    return _document(parts)


def load_svg(steps: Sequence[LoadStep]) -> str:
    """Latency over offered load, with the points where the bot could not keep up in a ring."""
    lowest, highest = (1000 * bound for bound in (min(s.median for s in steps), max(s.ninety_ninth for s in steps)))
    bottom, top = 10 ** math.floor(math.log10(lowest)), 10 ** math.ceil(math.log10(highest) + 1e-9)
    plot = _Plot(max(step.offered for step in steps) * 1.05, bottom, max(top, 10 * bottom), logarithmic=True)
    series = {
        "median": [step.median for step in steps],
        "90th percentile": [step.ninetieth for step in steps],
        "99th percentile": [step.ninety_ninth for step in steps],
    }
    parts = [
        _text(LEFT, 24, "Latency over offered load, from the moment each message was meant to be sent"),
        *_frame("messages a second offered (ringed: the bot could not keep up)", "ms"),
        *(_tick_across(plot, step.offered, f"{step.offered:g}") for step in steps),
        *(_tick_up(plot, value, f"{value:g}") for value in _decades(bottom, max(top, 10 * bottom))),
    ]
    for row, (name, values) in enumerate(series.items()):
        points = [(plot.x(step.offered), plot.y(1000 * value)) for step, value in zip(steps, values, strict=True)]
        parts += [_line(points, COLOURS[name]), *(_dot(x, y, 3, COLOURS[name]) for x, y in points)]
        parts.append(_text(LEFT + 12, TOP + 18 + 16 * row, name, f" fill='{COLOURS[name]}'"))
        parts += [_ring(*point) for point, step in zip(points, steps, strict=True) if step.saturated]
    return _document(parts)


def _neighbours(times: Sequence[float], place: int) -> Sequence[float]:
    return times[max(0, place - SMOOTHED_TURNS // 2) : place + SMOOTHED_TURNS // 2 + 1]


def _round_steps(top: float) -> list[float]:
    """About five round numbers up to `top`, without zero."""
    rough = max(top, 1e-9) / 5
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return [round(step * count, 9) for count in range(1, int(top / step + 1e-9) + 1)]


def _decades(bottom: float, top: float) -> list[float]:
    first, last = round(math.log10(bottom)), round(math.log10(top))
    return [10.0**power for power in range(first, last + 1)]


def _frame(across: str, up: str) -> list[str]:
    return [
        f"<rect x='{LEFT}' y='{TOP}' width='{WIDTH}' height='{HEIGHT}' fill='none' stroke='#888'/>",
        _text(LEFT + WIDTH / 2 - 3 * len(across), TOP + HEIGHT + 40, across),
        _text(LEFT - 30, TOP - 10, up),
    ]


def _tick_across(plot: _Plot, value: float, words: str) -> str:
    return _text(plot.x(value) - 3 * len(words), TOP + HEIGHT + 18, words)


def _tick_up(plot: _Plot, value: float, words: str) -> str:
    height = plot.y(value)
    rule = f"<line x1='{LEFT}' y1='{height:.1f}' x2='{LEFT + WIDTH}' y2='{height:.1f}' stroke='#ddd'/>"
    return rule + _text(LEFT - 8 - 6 * len(words), height + 4, words)


def _dot(x: float, y: float, radius: float, colour: str) -> str:
    return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{colour}'/>"


def _ring(x: float, y: float) -> str:
    return f"<circle class='saturated' cx='{x:.1f}' cy='{y:.1f}' r='7' fill='none' stroke='{SATURATED}'/>"


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f"<polyline points='{drawn}' fill='none' stroke='{colour}' stroke-width='1.5'/>"


def _text(x: float, y: float, words: str, attributes: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' {FONT}{attributes}>{escape(words)}</text>"


def _document(parts: Sequence[str]) -> str:
    width, height = LEFT + WIDTH + 30, TOP + HEIGHT + 60
    head = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>"
    return "\n".join([head, f"<rect width='{width}' height='{height}' fill='#fff'/>", *parts, "</svg>", ""])
