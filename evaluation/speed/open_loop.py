"""Open-loop load: messages arrive at fixed times, whatever the answers do, as visitors do.

A closed loop waits for each answer before it sends the next message, so one long stall counts as one slow message
("coordinated omission", Gil Tene). Here latency counts from the moment a message was meant to be sent.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from evaluation.speed.client import MeasurementError
from evaluation.understanding.floors import percentile

Send = Callable[[int], Awaitable[object]]
"""Sends the message at a place of the schedule and returns when it is answered; raises when it is not."""

HEAD_START = 0.05
ANSWERED_IN_TIME = 0.9
SLOWEST_TIME = 1.0


@dataclass(frozen=True)
class LoadStep:
    """What one offered rate led to. Rates in messages a second, times in seconds.

    `late` is the 99th percentile of how late this program itself was: a large one means that it was short of
    processor time, and the latencies, which include it, say little about the bot.
    """

    offered: float
    answered: float
    sent: int
    failed: int
    median: float
    ninetieth: float
    ninety_ninth: float
    slowest: float
    late: float

    @property
    def saturated(self) -> bool:
        """Whether the bot cannot keep up: higher rates would only lengthen the queue."""
        return bool(self.failed) or self.answered < ANSWERED_IN_TIME * self.offered or self.ninety_ninth > SLOWEST_TIME


def send_times(rate: float, seconds: float) -> list[float]:
    """When to send, in seconds from the start: evenly spaced, `rate` a second, at least one."""
    return [place / rate for place in range(max(1, round(rate * seconds)))]


async def offer(rate: float, seconds: float, send: Send) -> LoadStep:
    """Offer messages at a fixed rate and wait for all answers."""
    times = send_times(rate, seconds)
    began = time.perf_counter() + HEAD_START
    tasks: list[asyncio.Task[float | None]] = []
    lateness: list[float] = []
    for place, offset in enumerate(times):
        intended = began + offset
        await asyncio.sleep(max(0.0, intended - time.perf_counter()))
        lateness.append(max(0.0, time.perf_counter() - intended))
        tasks.append(asyncio.create_task(_sent(send, place, intended)))
    latencies = await asyncio.gather(*tasks)
    # The last message has its whole interval to be answered in, else a short step could never reach its rate.
    duration = max(time.perf_counter() - began, times[-1] + 1 / rate)
    return _step(rate, latencies, duration, percentile(lateness, 0.99))


async def raise_load(rates: Sequence[float], seconds: float, send: Send, deadline: float) -> list[LoadStep]:
    """Offer one rate after another until the bot is saturated or the deadline (of `time.perf_counter`) has passed."""
    steps: list[LoadStep] = []
    for rate in rates:
        if time.perf_counter() > deadline or (steps and steps[-1].saturated):
            break
        steps.append(await offer(rate, seconds, send))
    return steps


async def _sent(send: Send, place: int, intended: float) -> float | None:
    try:
        await send(place)
    except (MeasurementError, OSError):
        return None
    return time.perf_counter() - intended


def _step(rate: float, latencies: Sequence[float | None], duration: float, late: float) -> LoadStep:
    answered = [latency for latency in latencies if latency is not None]
    if not answered:
        raise MeasurementError(f"None of {len(latencies)} messages at {rate:g} a second was answered.")
    return LoadStep(
        offered=rate,
        answered=len(answered) / duration,
        sent=len(latencies),
        failed=len(latencies) - len(answered),
        median=statistics.median(answered),
        ninetieth=percentile(answered, 0.9),
        ninety_ninth=percentile(answered, 0.99),
        slowest=max(answered),
        late=late,
    )
