"""One whole measurement: an instance is started, talked with, and ended; then what needs no running bot is measured."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluation.places import PROJECT_ROOT
from evaluation.speed.client import MeasurementError
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
from evaluation.speed.footprint import folder_size, locked_packages_size, resident_memory
from evaluation.speed.instance import MeasuredInstance
from evaluation.speed.open_loop import LoadStep
from evaluation.speed.parsing_time import parsing_milliseconds
from evaluation.speed.plan import Plan
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
    forms: list[float]
    long: LongConversation
    many: Throughput
    load: list[LoadStep]
    bot_memory: float
    actions_memory: float


@dataclass(frozen=True)
class Measured:
    """Everything that was measured; sizes in GB, `parsing` in milliseconds."""

    talked: Talked
    parsing: list[float]
    environment: float
    environment_of_bot: float
    training: float | None


def measure(model: Path, plan: Plan, say: Say) -> Measured:
    """Measure a model.

    Args:
        model: the trained model.
        plan: how much is measured.
        say: told what is being measured, for whoever waits.

    Raises:
        MeasurementError: something did not work, so there are no figures.
    """
    with tempfile.TemporaryDirectory(prefix="milia-bench-") as name:
        folder = Path(name)
        say("starting a bot and an action server of its own")
        with MeasuredInstance(model, folder) as instance:
            talked = asyncio.run(_bounded(_talk(instance, plan, say)))
        say("understanding alone, on one core")
        parsing = parsing_milliseconds(model, plan.parsed_messages, folder)
    say("size of the environment")
    return Measured(
        talked=talked,
        parsing=parsing,
        environment=folder_size(PROJECT_ROOT / ".venv"),
        environment_of_bot=locked_packages_size(PROJECT_ROOT / "requirements.lock"),
        training=training_seconds(model),
    )


async def _bounded(talk: "asyncio.Future[Talked] | object") -> Talked:
    raise NotImplementedError


async def _talk(instance: MeasuredInstance, plan: Plan, say: Say) -> Talked:
    start = await first_answer(instance.port, instance.started_at, instance.require_running)
    memory_at_start = resident_memory(instance.bot_process)
    return Talked(start, memory_at_start)
