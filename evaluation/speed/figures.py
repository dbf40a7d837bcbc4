"""The figures that speed and size are held to: a floor, and an aim to work towards."""

import statistics
from collections.abc import Sequence

from evaluation.speed.chat_times import ChatTimes
from evaluation.speed.console_times import PageTimes
from evaluation.speed.measurement import Measured, Talked
from evaluation.speed.plan import Plan
from evaluation.speed.storage import Storage
from evaluation.speed.workers_time import WorkersTime
from evaluation.understanding.floors import Figure, percentile

MILLISECONDS = "ms"
SECONDS = "s"
MEGABYTES = "MB"
GIGABYTES = "GB"
A_SECOND = "/s"
TIMES = "x"
BYTES = "B"


def speed_figures(measured: Measured, plan: Plan) -> list[Figure]:
    """Every figure, in the order of the table."""
    talked = measured.talked
    return [
        _at_most(
            "start to first answer", talked.start, SECONDS, 12, 7, counted="bot and action server started together"
        ),
        *_memory(talked),
        *_one_client(talked),
        *_many(talked, plan),
        *_long(talked, plan),
        *_forms(talked),
        *_load(talked),
        *_workers(measured.workers),
        *_chat(measured.chat),
        *_parsing(measured.parsing),
        Figure("projection: turns a second", measured.projection, A_SECOND, 2_000, 4_000, True, "into the turn log"),
        *_console(measured.console, plan),
        *_storage(measured.storage),
        *_size(measured),
    ]


def _memory(talked: Talked) -> list[Figure]:
    counted = f"resident, under load; {talked.memory_at_start:.0f} MB after the first answer"
    return [
        _at_most("memory of the bot", talked.bot_memory, MEGABYTES, 350, 250, counted=counted),
        _shown("memory of the action server", talked.actions_memory, MEGABYTES, "resident"),
    ]


def _one_client(talked: Talked) -> list[Figure]:
    times = _milliseconds(talked.one_client)
    processor = None if talked.processor is None else 1000 * talked.processor / len(times)
    counted = f"{len(times)} turns"
    return [
        _at_most("question, median", statistics.median(times), MILLISECONDS, 15, 8, counted=counted),
        _at_most("question, 99th percentile", percentile(times, 0.99), MILLISECONDS, 40, 20, counted=counted),
        _shown("question, processor time of the bot", processor, MILLISECONDS, "mean; says most on a busy machine"),
    ]


def _many(talked: Talked, plan: Plan) -> list[Figure]:
    times = _milliseconds(talked.many.latencies)
    name = f"{plan.clients} conversations at once"
    counted = f"{len(times)} turns"
    return [
        Figure(name, talked.many.messages_a_second, A_SECOND, 60, 120, True, counted),
        _shown(f"{name}, 99th percentile", percentile(times, 0.99), MILLISECONDS, counted),
    ]


def _long(talked: Talked, plan: Plan) -> list[Figure]:
    early, late = (statistics.median(_milliseconds(times)) for times in (talked.long.early, talked.long.late))
    name = f"turn {plan.late_turn} against turn {plan.early_turn}"
    counted = f"medians of {plan.compared_turns}: {late:.1f} and {early:.1f} ms"
    return [_at_most(name, talked.long.growth, TIMES, 1.3, 1.1, counted=counted)]


def _forms(talked: Talked) -> list[Figure]:
    times = _milliseconds(talked.forms)
    counted = f"{len(times)} turns"
    return [
        _at_most("form turn, median", statistics.median(times), MILLISECONDS, 25, 15, counted=counted),
        _shown("form turn, 99th percentile", percentile(times, 0.99), MILLISECONDS, counted),
    ]


def _load(talked: Talked) -> list[Figure]:
    carried = [step for step in talked.load if not step.saturated]
    if not carried:
        return [_shown("load carried, open loop", 0.0, A_SECOND, "not even the lowest rate that was offered")]
    best = carried[-1]
    counted = f"99th percentile there {best.ninety_ninth * 1000:.0f} ms"
    if len(carried) == len(talked.load):
        counted += "; no higher rate was offered"
    return [_shown("load carried, open loop", best.offered, A_SECOND, counted)]


def _workers(workers: WorkersTime | None) -> list[Figure]:
    name, freely = "two workers against one", "two workers against one on both cores"
    if workers is None:
        missing = "no PostgreSQL, no Redis or one core only"
        return [Figure(name, None, TIMES, 1.7, 2, True, missing), _shown(freely, None, TIMES, missing)]
    one, two = workers.one_on_one_core, workers.two_on_two_cores
    counted = f"{two:.0f} and {one:.0f} messages a second; a core for each worker"
    rest = f"{workers.one_on_two_cores:.0f} messages a second of the one"
    return [
        Figure(name, two / one, TIMES, 1.7, 2, True, counted),
        _shown(freely, two / workers.one_on_two_cores, TIMES, rest),
    ]


def _storage(storage: Storage) -> list[Figure]:
    counted = f"{storage.rows_a_turn:.1f} rows; {storage.turns} turns, indexes included, without the turn log"
    return [_shown("database, bytes a turn", storage.bytes_a_turn, BYTES, counted)]


def _chat(chat: ChatTimes | None) -> list[Figure]:
    opened = _milliseconds(chat.opened) if chat else []
    answered = _milliseconds(chat.answered) if chat else []
    counted = "no Chromium here" if chat is None else f"median of {len(opened)}, in Chromium"
    answers = "no Chromium here" if chat is None else f"median of {len(answered)}, in Chromium"
    return [
        _at_most("chat opened and painted", _median(opened), MILLISECONDS, 50, 35, counted=counted),
        _shown("question sent, reply painted", _median(answered), MILLISECONDS, answers),
    ]


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _parsing(times: Sequence[float]) -> list[Figure]:
    counted = f"{len(times)} messages, one core"
    return [
        _at_most("understanding, mean", statistics.fmean(times), MILLISECONDS, 12, 6, counted=counted),
        _shown("understanding, 99th percentile", percentile(times, 0.99), MILLISECONDS, counted),
    ]


def _console(console: Sequence[PageTimes], plan: Plan) -> list[Figure]:
    pages = [each for each in console if not each.is_file]
    slowest = max(pages, key=lambda each: each.median)
    slowest_file = max((each for each in console if each.is_file), key=lambda each: each.median)
    counted = f"{slowest.name}; medians of {len(pages)} pages, {plan.console_turns} turns in the log"
    return [
        _at_most("slowest page of the console", slowest.median, MILLISECONDS, 300, 150, counted=counted),
        _shown("console page, median", statistics.median(each.median for each in pages), MILLISECONDS, "of the same"),
        _shown("slowest file of the console", slowest_file.median, MILLISECONDS, slowest_file.name),
    ]


def _size(measured: Measured) -> list[Figure]:
    whole = f"what make run installs; .venv with the gate's tools {measured.environment:.2f} GB"
    noted = "from clean" if measured.training is not None else "not noted beside the model"
    return [
        _at_most("installed environment", measured.environment_of_bot, GIGABYTES, 1.1, 0.8, counted=whole),
        _at_most("training", measured.training, SECONDS, 90, 30, counted=noted),
    ]


def _at_most(name: str, value: float | None, unit: str, floor: float, aim: float, *, counted: str) -> Figure:
    return Figure(name, value, unit, floor, aim, False, counted)


def _shown(name: str, value: float | None, unit: str, counted: str) -> Figure:
    return Figure(name, value, unit, None, None, False, counted)


def _milliseconds(seconds: Sequence[float]) -> list[float]:
    return [1000 * each for each in seconds]
