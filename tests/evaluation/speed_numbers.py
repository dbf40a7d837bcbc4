"""A measurement with tiny invented numbers."""

from dataclasses import replace
from typing import Any

from evaluation.speed.chat_times import ChatTimes
from evaluation.speed.console_times import PageTimes
from evaluation.speed.conversations import LongConversation, Throughput
from evaluation.speed.measurement import Measured, Talked
from evaluation.speed.open_loop import LoadStep
from evaluation.speed.storage import Storage
from evaluation.speed.workers_time import WorkersTime


def load_step(offered: float, ninety_ninth: float = 0.02, failed: int = 0) -> LoadStep:
    return LoadStep(
        offered=offered,
        answered=offered,
        sent=20,
        failed=failed,
        median=0.005,
        ninetieth=0.01,
        ninety_ninth=ninety_ninth,
        slowest=ninety_ninth,
        late=0.001,
    )


TALKED = Talked(
    start=6.5,
    memory_at_start=180.0,
    one_client=[0.007] * 99 + [0.018],
    processor=0.6,
    forms=[0.012, 0.013, 0.014],
    long=LongConversation(turns=[0.007] * 30, early=[0.007, 0.008, 0.009], late=[0.008, 0.008, 0.009]),
    many=Throughput(messages_a_second=130.0, latencies=[0.05, 0.06]),
    load=[load_step(5.0), load_step(10.0)],
    bot_memory=240.0,
    actions_memory=60.0,
)
MEASURED = Measured(
    talked=TALKED,
    parsing=[4.0, 6.0],
    projection=4_500.0,
    console=[
        PageTimes("/conversations", is_file=False, seconds=[0.040, 0.050, 0.500]),
        PageTimes("/insights", is_file=False, seconds=[0.100, 0.110, 0.120]),
        PageTimes("/audit.csv", is_file=True, seconds=[0.900]),
    ],
    environment=0.79,
    environment_of_bot=0.5,
    training=25.0,
    chat=ChatTimes(opened=[0.020, 0.024, 0.030], answered=[0.040, 0.050, 0.060]),
    workers=WorkersTime(one_on_one_core=50.0, one_on_two_cores=80.0, two_on_two_cores=100.0),
    storage=Storage(turns=100, rows_a_turn=8.5, bytes_a_turn=6_000.0),
)


def measured(talked: dict[str, Any] | None = None, **changes: Any) -> Measured:
    """The measurement above, in which every aim is reached, with some of its numbers changed."""
    return replace(MEASURED, talked=replace(TALKED, **(talked or {})), **changes)
