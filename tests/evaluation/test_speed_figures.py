"""The figures of speed and size, their floors, the table and the pictures, on numbers that can be checked by hand."""

import sqlite3
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from evaluation.speed.chat_times import ChatTimes
from evaluation.speed.console_times import PageTimes
from evaluation.speed.conversations import LongConversation, Throughput
from evaluation.speed.figures import speed_figures
from evaluation.speed.pictures import load_svg, turns_svg
from evaluation.speed.plan import FULL, QUICK
from evaluation.speed.storage import storage_of
from evaluation.speed.table import below_floor, closing_line, table_lines
from evaluation.speed.workers_time import WorkersTime
from evaluation.understanding.floors import Figure
from tests.evaluation.speed_numbers import load_step, measured

SLOW_PAGE = PageTimes("/insights", is_file=False, seconds=[0.1, 0.301, 0.302])
A_FILE = PageTimes("/audit.csv", is_file=True, seconds=[2.0])


def figures(talked: dict[str, Any] | None = None, **changes: Any) -> dict[str, Figure]:
    return {figure.name: figure for figure in speed_figures(measured(talked, **changes), FULL)}


def test_every_figure_that_has_a_floor() -> None:
    bounds = {name: (each.floor, each.aim) for name, each in figures().items() if each.floor is not None}
    assert bounds == {
        "start to first answer": (12, 7),
        "memory of the bot": (350, 250),
        "question, median": (15, 8),
        "question, 99th percentile": (40, 20),
        "8 conversations at once": (60, 120),
        "turn 400 against turn 5": (1.3, 1.1),
        "form turn, median": (25, 15),
        "two workers against one": (1.7, 2),
        "chat opened and painted": (50, 35),
        "understanding, mean": (12, 6),
        "projection: turns a second": (2_000, 4_000),
        "slowest page of the console": (300, 150),
        "installed environment": (1.1, 0.8),
        "training": (90, 30),
    }


def test_figures_that_reach_their_aims_say_so() -> None:
    assert {each.verdict for each in figures().values() if each.floor is not None} == {"aim"}


@pytest.mark.parametrize(
    ("name", "talked", "changes", "value"),
    [
        ("start to first answer", {"start": 12.1}, {}, 12.1),
        ("memory of the bot", {"bot_memory": 350.5}, {}, 350.5),
        ("question, median", {"one_client": [0.001, 0.016, 0.017]}, {}, 16.0),
        ("question, 99th percentile", {"one_client": [0.001] * 98 + [0.041] * 2}, {}, 41.0),
        ("8 conversations at once", {"many": Throughput(59.0, [0.1])}, {}, 59.0),
        ("turn 400 against turn 5", {"long": LongConversation([], [0.010, 0.010], [0.014, 0.014])}, {}, 1.4),
        ("form turn, median", {"forms": [0.001, 0.026, 0.027]}, {}, 26.0),
        ("chat opened and painted", {}, {"chat": ChatTimes([0.001, 0.051, 0.052], [0.1])}, 51.0),
        ("understanding, mean", {}, {"parsing": [1.0, 24.0]}, 12.5),
        ("projection: turns a second", {}, {"projection": 1_999.0}, 1_999.0),
        ("slowest page of the console", {}, {"console": [SLOW_PAGE, A_FILE]}, 301.0),
        ("installed environment", {}, {"environment_of_bot": 1.11}, 1.11),
        ("two workers against one", {}, {"workers": WorkersTime(60.0, 90.0, 99.0)}, 1.65),
        ("training", {}, {"training": 91.0}, 91.0),
    ],
)
def test_each_figure_is_worked_out_and_held_to_its_floor(
    name: str, talked: dict[str, Any], changes: dict[str, Any], value: float
) -> None:
    all_figures = figures(talked, **changes)
    assert all_figures[name].value == pytest.approx(value)
    assert below_floor(list(all_figures.values())) == [name]
    assert closing_line(list(all_figures.values())) == f"BELOW FLOOR: {name}."


def test_memory_of_the_action_server_and_the_spread_under_load_hold_nothing_up() -> None:
    talked = {"actions_memory": 5000.0, "many": Throughput(130.0, [9.0]), "load": [load_step(5.0, failed=3)]}
    assert below_floor(list(figures(talked).values())) == []


def test_processor_time_is_shown_for_each_question_where_the_system_tells_it() -> None:
    assert figures({"processor": 0.5})["question, processor time of the bot"].value == pytest.approx(5.0)
    assert figures({"processor": None})["question, processor time of the bot"].value is None


def test_without_a_browser_the_chat_is_not_judged() -> None:
    opened = figures(chat=None)["chat opened and painted"]
    assert (opened.value, opened.verdict, opened.detail) == (None, "", "no Chromium here")


def test_without_servers_or_cores_for_it_a_second_worker_is_not_judged() -> None:
    shown = figures(workers=None)["two workers against one"]
    assert (shown.value, shown.verdict) == (None, "")


def test_rows_and_bytes_of_a_turn_are_counted_over_all_tables(tmp_path: Path) -> None:
    path = tmp_path / "some.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE turns (id INTEGER); CREATE TABLE events (id INTEGER, data TEXT)")
        connection.executemany("INSERT INTO turns VALUES (?)", [(1,), (2,)])
        connection.executemany("INSERT INTO events VALUES (?, 'x')", [(number,) for number in range(9)])
        connection.commit()
    storage = storage_of(path)
    assert (storage.turns, storage.rows_a_turn) == (2, 5.5)
    assert storage.bytes_a_turn == path.stat().st_size / 2


def test_a_database_without_a_turn_has_no_bytes_a_turn(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "some.sqlite3")) as connection:
        connection.execute("CREATE TABLE turns (id INTEGER)")
    with pytest.raises(ValueError, match="no turn"):
        storage_of(tmp_path / "some.sqlite3")


def test_the_load_carried_is_the_highest_rate_before_saturation() -> None:
    carried = figures({"load": [load_step(5.0), load_step(10.0, 0.2), load_step(20.0, 3.0)]})["load carried, open loop"]
    assert (carried.value, carried.detail) == (10.0, "99th percentile there 200 ms")
    assert "no higher rate was offered" in figures()["load carried, open loop"].detail
    assert figures({"load": [load_step(5.0, 3.0)]})["load carried, open loop"].value == 0.0


def test_training_that_nobody_noted_is_shown_without_a_verdict() -> None:
    training = figures(training=None)["training"]
    assert (training.verdict, training.detail) == ("", "not noted beside the model")
    assert any(line.startswith("training") and " none " in line for line in table_lines([training], {}))


def test_the_table_shows_figure_floor_aim_verdict_and_the_ratio_to_the_previous_run() -> None:
    shown = figures({"one_client": [0.009]})
    lines = table_lines([shown["question, median"], shown["8 conversations at once"]], {"question, median": 6.0})
    assert " ".join(lines[1].split()) == "question, median 9.0 ms <= 15 <= 8 ok x 1.50 1 turns"
    assert " ".join(lines[2].split()) == "8 conversations at once 130 /s >= 60 >= 120 aim 2 turns"


def test_the_columns_of_the_table_are_aligned() -> None:
    shown = speed_figures(measured(), FULL)
    lines = table_lines(shown, {figure.name: 1.0 for figure in shown})
    places = {line.index(figure.detail) for figure, line in zip(shown, lines[1:], strict=True)}
    assert places == {lines[0].index("counted")}


def test_a_previous_value_of_zero_gives_no_ratio() -> None:
    (_, row) = table_lines([figures()["load carried, open loop"]], {"load carried, open loop": 0.0})
    assert " x " not in row


def test_the_full_plan_has_the_turns_that_the_figures_ask_for() -> None:
    assert FULL.sessions * FULL.turns_in_session >= 200
    assert (FULL.clients, FULL.early_turn, FULL.late_turn) == (8, 5, 400)
    assert list(FULL.rates) == sorted(FULL.rates)
    assert list(QUICK.rates) == sorted(QUICK.rates)


def parts(picture: str, kind: str) -> list[ElementTree.Element]:
    return [part for part in ElementTree.fromstring(picture).iter() if part.tag.endswith(kind)]


def test_the_picture_of_turns_has_a_dot_for_each_turn_inside_its_frame() -> None:
    picture = turns_svg([0.01] * 20 + [5.0])
    dots = parts(picture, "circle")
    frame = parts(picture, "rect")[1]
    top = float(frame.attrib["y"])
    assert len(dots) == 21
    assert all(top <= float(dot.attrib["cy"]) <= top + float(frame.attrib["height"]) for dot in dots)
    assert float(dots[-1].attrib["cy"]) == top


def test_the_picture_of_load_has_three_lines_and_rings_where_the_bot_could_not_keep_up() -> None:
    steps = [load_step(5.0), load_step(10.0), load_step(20.0, 3.0)]
    picture = load_svg(steps)
    assert [len(line.attrib["points"].split()) for line in parts(picture, "polyline")] == [3, 3, 3]
    rings = [part for part in parts(picture, "circle") if part.attrib.get("class") == "saturated"]
    assert len(rings) == 3
    slow, fast = float(rings[2].attrib["cy"]), float(rings[0].attrib["cy"])
    assert slow < fast


def test_the_picture_of_a_single_step_can_be_drawn() -> None:
    assert len(parts(load_svg([load_step(5.0, 0.005)]), "polyline")) == 3
