"""Charts: right sizes, well-formed SVG for any numbers, nothing told by colour alone, and no text becomes markup."""

import math
import xml.etree.ElementTree as ElementTree
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console.chart_shapes import Bar, Chart, Series
from console.charts import LONGEST_BAR, PLOT_HEIGHT, bar_chart, column_chart, line_chart
from console.templating import environment_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&]]>{{ 7*7 }}"
MANY = [f"day {number}" for number in range(366)]


def columns(*values: float | None) -> Chart:
    return column_chart("k", "t", "d", [f"s{place}" for place in range(len(values))], [Series("one", values)])


def lines(*values: float | None) -> Chart:
    return line_chart("k", "t", "d", [f"s{place}" for place in range(len(values))], [Series("one", values)])


def bars(*values: float) -> Chart:
    return bar_chart("k", "t", "d", [Bar(f"s{place}", (value,), str(value)) for place, value in enumerate(values)])


def drawn(chart: Chart) -> ElementTree.Element:
    """The SVG, read as XML."""
    module: Any = environment_of(ZoneInfo("UTC")).get_template("charts.html").module
    return ElementTree.fromstring(str(module.drawing(chart)))


def lengths(svg: ElementTree.Element) -> list[float]:
    """Every number that places something."""
    names = ("x", "y", "x1", "x2", "y1", "y2", "width", "height")
    found = [each.get(name) for each in svg.iter() for name in names]
    return [float(value.rstrip("%em")) for value in found if value is not None]


@pytest.mark.parametrize("make", [columns, lines, bars])
@pytest.mark.parametrize(
    "values", [(), (0,), (1,), (1e15,), (0, 1e15, 1), (1e-9, 3), tuple(range(1, 367)), (0,) * 366, (2.5, 99.9)]
)
def test_any_numbers_give_well_formed_svg_within_its_place(make: Any, values: tuple[float, ...]) -> None:
    svg = drawn(make(*values))
    assert svg.tag == f"{SVG}svg"
    assert svg.get("role") == "img"
    assert all(math.isfinite(length) and length >= 0 for length in lengths(svg))
    assert max((float(str(each.get("width")).rstrip("%em")) for each in svg.iter(f"{SVG}rect")), default=0) <= 100


@pytest.mark.parametrize("value", [-1, math.nan, math.inf, -math.inf, 2e15])
@pytest.mark.parametrize("make", [columns, lines, bars])
def test_what_is_no_count_is_refused(make: Any, value: float) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        make(1, value)


@pytest.mark.parametrize("make", [column_chart, line_chart])
def test_a_series_needs_a_value_for_each_step(make: Any) -> None:
    with pytest.raises(ValueError, match="2 values for 1 steps"):
        make("k", "t", "d", ["only"], [Series("one", (1, 2))])


def test_columns_stand_on_one_another_and_are_as_high_as_their_values() -> None:
    chart = column_chart("k", "t", "d", ["a", "b"], [Series("low", (30, 0)), Series("high", (10, 20))])
    low, high = chart.columns[0].rectangles
    assert (low.series, high.series) == (1, 2)
    assert high.place.y + high.place.height == pytest.approx(low.place.y)
    assert low.place.height == pytest.approx(3 * high.place.height)
    assert low.place.height + high.place.height == pytest.approx(PLOT_HEIGHT)
    assert [part.series for part in chart.columns[1].rectangles] == [2]
    assert chart.columns[0].hint == "a: low 30, high 10"


def test_bars_are_as_long_as_their_values_and_say_them() -> None:
    chart = bar_chart("k", "t", "d", [Bar("a", (3, 1), "4 in all"), Bar("b", (2,), "2 in all")], ("yes", "no"))
    first, second = chart.columns[0].rectangles
    assert first.place.width + second.place.width == pytest.approx(LONGEST_BAR)
    assert second.place.x == pytest.approx(first.place.width)
    assert chart.columns[1].rectangles[0].place.width == pytest.approx(LONGEST_BAR / 2)
    assert [words.text for words in chart.words] == ["a", "4 in all", "b", "2 in all"]


def test_a_line_breaks_where_there_is_no_value_and_a_lone_point_is_marked() -> None:
    values = [1.0, 2.0, None, 4.0, None, *[1.0] * 60]
    chart = line_chart("k", "t", "d", [str(step) for step in range(len(values))], [Series("one", values)])
    pieces = chart.lines[0].pieces
    assert [len(piece.split()) for piece in pieces] == [2, 1, 60]
    assert len(chart.lines[0].marks) == 1
    assert pieces[1].split(",")[1] == "0.0"


def test_every_point_is_marked_where_there_are_few() -> None:
    assert len(lines(1, None, 2, 3).lines[0].marks) == 3


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, "2"), (1, "2"), (3, "4"), (7, "8"), (10, "10"), (11, "20"), (999, "1k"), (1_001, "2k"), (5e6, "6M")],
)
def test_the_axis_ends_at_a_round_number(most: float, top: str) -> None:
    assert [words.text for words in columns(most).words][2] == top


def test_as_many_steps_are_named_as_a_phone_has_room_for() -> None:
    chart = column_chart("k", "t", "d", MANY, [Series("one", [1] * 366)])
    named = [words.text for words in chart.words if words.text.startswith("day")]
    assert named == ["day 0", "day 92", "day 184", "day 276"]


def test_each_series_but_the_first_has_a_texture_of_its_own() -> None:
    series = [Series(f"s{number}", (1,)) for number in range(8)]
    svg = drawn(column_chart("k", "t", "d", ["a"], series))
    textures = [each.get("id") for each in svg.iter(f"{SVG}pattern")]
    used = [str(each.get("fill")) for each in svg.iter(f"{SVG}rect") if each.get("fill")]
    assert used == [f"url(#{texture})" for texture in textures]
    assert len(set(textures)) == 7


def test_colours_come_from_the_style_sheet_alone() -> None:
    series = [Series("a", (1, 2)), Series("b", (3, None))]
    for svg in (
        drawn(column_chart("k", "t", "d", ["a", "b"], series)),
        drawn(line_chart("k", "t", "d", ["a", "b"], series)),
    ):
        for each in svg.iter():
            assert each.get("style") is None
            assert each.get("stroke") is None
            assert (each.get("fill") or "url(").startswith("url(")


def test_the_drawing_is_named_and_described() -> None:
    svg = drawn(column_chart("volume", "Messages", "12 in all", ["a"], [Series("one", (12,))]))
    by_id = {each.get("id"): each.text for each in svg.iter() if each.get("id")}
    assert [by_id[name] for name in str(svg.get("aria-labelledby")).split()] == ["Messages", "12 in all"]


def test_hostile_names_stay_text() -> None:
    chart = column_chart("k", HOSTILE, HOSTILE, [HOSTILE], [Series(HOSTILE, (1,)), Series("b", (1,))])
    texts = [each.text or "" for each in drawn(chart).iter()]
    assert not [each for each in drawn(chart).iter() if each.tag.endswith("script")]
    assert texts.count(HOSTILE) >= 2
    by_name = drawn(bar_chart("k", "t", "d", [Bar("<b>", (1,), "<i>")]))
    assert {"<b>", "<i>"} <= {each.text for each in by_name.iter()}


def test_a_long_name_is_cut_in_the_drawing() -> None:
    chart = bar_chart("k", "t", "d", [Bar("x" * 300, (1,), "1")])
    assert chart.words[0].text == "x" * 29 + "…"
    assert "x" * 300 in chart.columns[0].hint
