"""One whole measurement: an instance is started, talked with, and ended; then what needs no running bot is measured."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluation.instance import OwnInstance
from evaluation.places import PROJECT_ROOT
from evaluation.speed.chat_times import ChatTimes, chat_times
from evaluation.speed.client import MeasurementError
from evaluation.speed.console_times import PageTimes, console_times
from evaluation.speed.conversations import (
    LongConversation,
    Throughput,
    first_answer,
    form_turns,
    load_steps,
    long_conversation,
    many_at_once,
    one_client,
)
from evaluation.speed.footprint import folder_size, locked_packages_size, processor_seconds, resident_memory
from evaluation.speed.open_loop import LoadStep
from evaluation.speed.parsing_time import parsing_milliseconds
from evaluation.speed.plan import Plan
from evaluation.speed.projection_time import turns_a_second
from evaluation.speed.storage import Storage, storage_of
from evaluation.speed.workers_time import WorkersTime, workers_time
from evaluation.understanding.model import training_seconds

SECONDS_BEFORE_LAST_LOAD = 110.0
SECONDS_TO_TALK = 150.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Talked:
    """What talking with the instance gave; times in seconds, memory in MB."""

    start: float
    memory_at_start: float
    one_client: list[float]
    processor: float | None
    """Processor time of the bot while it answered the one client; None where it cannot be told."""
    forms: list[float]
    long: LongConversation
    many: Throughput
    load: list[LoadStep]
    bot_memory: float
    actions_memory: float


@dataclass(frozen=True)
class Measured:
    """Everything that was measured; sizes in GB, `parsing` in milliseconds, `projection` in turns a second."""

    talked: Talked
    parsing: list[float]
    projection: float
    console: list[PageTimes]
    environment: float
    environment_of_bot: float
    training: float | None
    chat: ChatTimes | None
    """None where there is no browser to measure with."""
    workers: WorkersTime | None
    """None where PostgreSQL, Redis or a second core is missing."""
    storage: Storage


def measure(model: Path, plan: Plan, say: Say) -> Measured:
    """Measure a model.

    Args:
        model: the trained model.
        plan: how much is measured.
        say: told what is being measured, for whoever waits.

    Raises:
        MeasurementError: something did not work, so there are no figures.
        evaluation.instance_processes.InstanceError: the instance did not start or has ended.
    """
    with tempfile.TemporaryDirectory(prefix="milia-bench-") as name:
        folder = Path(name)
        say("starting a bot and an action server of its own")
        talked, chat = _talk_and_chat(model, folder, plan, say)
        storage = storage_of(folder / "milia.sqlite3")
        say("one worker and two, on PostgreSQL and Redis")
        workers = workers_time(model, folder, plan)
        say("understanding alone, on one core")
        parsing = parsing_milliseconds(model, plan.parsed_messages, folder)
        say(f"the turn log, {plan.projected_turns} stored turns")
        projection = turns_a_second(folder, plan.projected_turns)
        say(f"the console's pages, {plan.console_turns} turns in the log")
        console = console_times(folder, plan.console_turns, plan.console_looks)
    say("size of the environment")
    return Measured(
        talked=talked,
        parsing=parsing,
        projection=projection,
        console=console,
        environment=folder_size(PROJECT_ROOT / ".venv"),
        environment_of_bot=locked_packages_size(PROJECT_ROOT / "requirements.lock"),
        training=training_seconds(model),
        chat=chat,
        workers=workers,
        storage=storage,
    )


def _talk_and_chat(model: Path, folder: Path, plan: Plan, say: Say) -> tuple[Talked, ChatTimes | None]:
    with OwnInstance(model, folder) as instance:
        talked = _talk_with(instance, plan, say)
        say("the chat in a browser")
        return talked, chat_times(instance.address)


def _talk_with(instance: OwnInstance, plan: Plan, say: Say) -> Talked:
    try:
        return asyncio.run(asyncio.wait_for(_talk(instance, plan, say), SECONDS_TO_TALK))
    except asyncio.TimeoutError as error:
        raise MeasurementError(f"Measuring was given up after {SECONDS_TO_TALK:g} s; is the machine busy?") from error
    except (MeasurementError, OSError):
        instance.require_running()
        raise


async def _talk(instance: OwnInstance, plan: Plan, say: Say) -> Talked:
    port = instance.port
    start = await first_answer(port, instance.started_at, instance.require_running)
    memory_at_start = resident_memory(instance.bot_process)
    say(f"one client, {plan.sessions * plan.turns_in_session} questions")
    used_before = processor_seconds(instance.bot_process)
    alone = await one_client(port, plan)
    used_after = processor_seconds(instance.bot_process)
    say(f"{plan.forms} appointment requests")
    forms = await form_turns(port, plan)
    say(f"one conversation of {plan.late_turn} turns")
    long = await long_conversation(port, plan)
    say(f"{plan.clients} conversations at once")
    many = await many_at_once(port, plan)
    say(f"rising load, from {plan.rates[0]:g} to at most {plan.rates[-1]:g} messages a second")
    load = await load_steps(port, plan, instance.started_at + SECONDS_BEFORE_LAST_LOAD)
    return Talked(
        start=start,
        memory_at_start=memory_at_start,
        one_client=alone,
        processor=None if used_before is None or used_after is None else used_after - used_before,
        forms=forms,
        long=long,
        many=many,
        load=load,
        bot_memory=resident_memory(instance.bot_process),
        actions_memory=resident_memory(instance.actions_process),
    )
