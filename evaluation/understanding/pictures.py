"""Pictures of a measurement as plain SVG: how far confidence can be trusted, and what is taken for what."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from evaluation.understanding.calibration import Bin
from evaluation.understanding.scoring import Confusion

PLOT = 320
MARGIN = 60
CELL = 14
NAME_WIDTH = 230
FONT = "font-family='sans-serif' font-size='11'"


def reliability_svg(bins: Sequence[Bin], error: float) -> str:
    """The share of right ones over confidence; a point on the diagonal means what it says."""
    size = PLOT + 2 * MARGIN
    corner = MARGIN + PLOT
    ticks = [tick / 5 for tick in range(6)]
    parts = [
        _text(MARGIN, 24, f"Reliability, expected calibration error {error:.3f}"),
        f"<rect x='{MARGIN}' y='{MARGIN}' width='{PLOT}' height='{PLOT}' fill='none' stroke='#888'/>",
        f"<line x1='{MARGIN}' y1='{corner}' x2='{corner}' y2='{MARGIN}' stroke='#888' stroke-dasharray='4 4'/>",
        *(_text(MARGIN + tick * PLOT - 8, corner + 18, f"{tick:.1f}") for tick in ticks),
        *(_text(MARGIN - 26, corner - tick * PLOT + 4, f"{tick:.1f}") for tick in ticks),
        _text(MARGIN + PLOT / 2 - 40, corner + 40, "mean confidence"),
        _text(8, MARGIN - 12, "share right"),
        *(_reliability_point(each, corner) for each in bins),
    ]
    return _document(size, size, parts)


def confusion_svg(confusions: Sequence[Confusion], totals: dict[str, int]) -> str:
    """A square for each pair of labels that was confused, darker where it happened to a larger share of the messages.

    Args:
        confusions: the wrong predictions by pair.
        totals: the number of messages of each true label.
    """
    names = sorted({name for confusion in confusions for name in (confusion.label, confusion.predicted)})
    side = CELL * len(names)
    places = {name: index for index, name in enumerate(names)}
    parts = [_text(8, 20, "Wrong predictions: true label in rows, predicted label in columns")]
    for name, index in places.items():
        parts.append(_text(8, NAME_WIDTH + CELL * index + 11, name))
        column = NAME_WIDTH + CELL * index + 11
        parts.append(_text(column, NAME_WIDTH - 6, name, f" transform='rotate(-90 {column} {NAME_WIDTH - 6})'"))
    parts.append(f"<rect x='{NAME_WIDTH}' y='{NAME_WIDTH}' width='{side}' height='{side}' fill='none' stroke='#bbb'/>")
    parts += [_confusion_cell(each, places, totals) for each in confusions]
    return _document(NAME_WIDTH + side + 20, NAME_WIDTH + side + 20, parts)


def _reliability_point(each: Bin, corner: int) -> str:
    across, up = MARGIN + each.mean_confidence * PLOT, corner - each.share_right * PLOT
    told = f"{each.size} messages, confidence {each.mean_confidence:.3f}, right {each.share_right:.3f}"
    return f"<circle cx='{across:.1f}' cy='{up:.1f}' r='5' fill='#1f6feb'><title>{told}</title></circle>"


def _confusion_cell(confusion: Confusion, places: dict[str, int], totals: dict[str, int]) -> str:
    count, total = len(confusion.messages), totals[confusion.label]
    across, down = NAME_WIDTH + CELL * places[confusion.predicted], NAME_WIDTH + CELL * places[confusion.label]
    told = escape(f"{confusion.label} taken for {confusion.predicted}: {count} of {total}")
    strength = 0.25 + 0.75 * count / total
    return (
        f"<rect x='{across}' y='{down}' width='{CELL}' height='{CELL}' fill='#b42318' fill-opacity='{strength:.2f}'>"
        f"<title>{told}</title></rect>"
    )


def _text(across: float, down: float, words: str, attributes: str = "") -> str:
    return f"<text x='{across:.1f}' y='{down:.1f}' {FONT}{attributes}>{escape(words)}</text>"


def _document(width: int, height: int, parts: Sequence[str]) -> str:
    head = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>"
    return "\n".join([head, f"<rect width='{width}' height='{height}' fill='#fff'/>", *parts, "</svg>", ""])
