"""The printed table: each figure with its floor, aim and verdict, and how it compares with the previous run."""

from collections.abc import Mapping, Sequence

from evaluation.understanding.floors import Figure

DIGITS = {"ms": 1, "s": 1, "MB": 0, "GB": 2, "/s": 0, "x": 2, "B": 0}


def table_lines(figures: Sequence[Figure], previous: Mapping[str, float]) -> list[str]:
    """The table as lines of text.

    Args:
        figures: what was measured.
        previous: the values of the previous run by the figures' names; empty when there is none.
    """
    head = f"{'':<40}{'figure':>10}{'floor':>9}{'aim':>9}  {'':<12}{'previous':>9}  counted"
    return [head, *(_row(figure, previous.get(figure.name)) for figure in figures)]


def below_floor(figures: Sequence[Figure]) -> list[str]:
    """The names of the figures that are below their floors."""
    return [figure.name for figure in figures if figure.verdict == "below floor"]


def closing_line(figures: Sequence[Figure]) -> str:
    """Whether every floor is reached and, if not, which is not."""
    missed = below_floor(figures)
    return f"BELOW FLOOR: {', '.join(missed)}." if missed else "Every floor is reached."


def _row(figure: Figure, before: float | None) -> str:
    return (
        f"{figure.name:<40}{_amount(figure):>10}{_bound(figure.floor, figure):>9}{_bound(figure.aim, figure):>9}"
        f"  {figure.verdict:<12}{_ratio(figure.value, before):>9}  {figure.detail}"
    ).rstrip()


def _amount(figure: Figure) -> str:
    return "none" if figure.value is None else f"{figure.value:.{DIGITS[figure.unit]}f} {figure.unit}"


def _bound(value: float | None, figure: Figure) -> str:
    if value is None:
        return ""
    return f"{'>=' if figure.more_is_better else '<='} {value:g}"


def _ratio(value: float | None, before: float | None) -> str:
    return f"x {value / before:.2f}" if value is not None and before else ""
