"""Open-loop load: when messages are sent, and what counts as their latency."""

import asyncio
import time

import pytest

from evaluation.speed.client import MeasurementError
from evaluation.speed.open_loop import LoadStep, offer, raise_load, send_times


def step(**changes: float) -> LoadStep:
    values = {"offered": 10.0, "answered": 10.0, "median": 0.01, "ninetieth": 0.02, "ninety_ninth": 0.03}
    values |= {"slowest": 0.04, "late": 0.0, **changes}
    counts = {"sent": 20, "failed": int(values.pop("failed", 0))}
    return LoadStep(**values, **counts)


def test_messages_are_sent_at_even_distances_for_the_whole_time() -> None:
    assert send_times(4.0, 2.0) == [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75]


def test_a_rate_too_low_for_the_time_still_sends_one_message() -> None:
    assert send_times(0.1, 2.0) == [0.0]


async def test_a_stall_counts_for_every_message_that_was_meant_to_be_sent_during_it() -> None:
    one_at_a_time = asyncio.Lock()

    async def send(place: int) -> None:
        async with one_at_a_time:
            await asyncio.sleep(0.4 if place == 0 else 0.0)

    measured = await offer(50.0, 0.4, send)
    # A closed loop would see one slow message of twenty and a median of nothing; half of these waited 0.2 s and more.
    assert measured.sent == 20
    # No upper bounds: a busy machine may be slower still. The clocks differ by a little.
    assert measured.median >= 0.15
    assert measured.slowest >= 0.39


async def test_messages_do_not_wait_for_the_answers_before_them() -> None:
    sent: list[float] = []

    async def send(_place: int) -> None:
        sent.append(time.perf_counter())
        await asyncio.sleep(0.3)

    measured = await offer(50.0, 0.2, send)
    # One after the other they would take 3 s.
    assert 0.15 <= sent[-1] - sent[0] < 1.5
    assert measured.median >= 0.29
    assert measured.failed == 0


@pytest.mark.parametrize("error", [MeasurementError("503"), ConnectionResetError()])
async def test_messages_that_are_not_answered_are_counted_and_left_out_of_the_latencies(error: Exception) -> None:
    async def send(place: int) -> None:
        if place % 2:
            await asyncio.sleep(0.2)
            raise error

    measured = await offer(100.0, 0.1, send)
    assert (measured.sent, measured.failed) == (10, 5)
    assert measured.slowest < 0.2
    assert measured.saturated


async def test_a_rate_at_which_nothing_is_answered_has_no_figures() -> None:
    async def send(_place: int) -> None:
        raise MeasurementError("503")

    with pytest.raises(MeasurementError, match="None of 2 messages"):
        await offer(20.0, 0.1, send)


async def test_a_server_that_keeps_up_is_not_saturated_even_in_a_short_step() -> None:
    async def send(_place: int) -> None:
        await asyncio.sleep(0.001)

    measured = await offer(5.0, 1.0, send)
    assert measured.answered == pytest.approx(5.0, rel=0.1)
    assert not measured.saturated


@pytest.mark.parametrize(
    ("changes", "saturated"),
    [
        ({}, False),
        ({"answered": 9.0}, False),
        ({"answered": 8.9}, True),
        ({"ninety_ninth": 1.0}, False),
        ({"ninety_ninth": 1.1}, True),
        ({"failed": 1}, True),
    ],
)
def test_a_step_is_saturated_when_answers_fail_or_fall_behind(changes: dict[str, float], saturated: bool) -> None:
    assert step(**changes).saturated is saturated


async def test_load_rises_until_the_server_is_saturated() -> None:
    one_at_a_time = asyncio.Lock()

    async def send(_place: int) -> None:
        async with one_at_a_time:
            await asyncio.sleep(0.02)

    steps = await raise_load((5.0, 10.0, 200.0, 400.0), 0.3, send, deadline=time.perf_counter() + 60)
    assert [(each.offered, each.saturated) for each in steps] == [(5.0, False), (10.0, False), (200.0, True)]


async def test_no_step_begins_after_the_deadline() -> None:
    async def send(_place: int) -> None:
        await asyncio.sleep(0.001)

    began = time.perf_counter()
    steps = await raise_load((10.0, 20.0, 40.0), 0.3, send, deadline=began + 0.1)
    assert [each.offered for each in steps] == [10.0]
