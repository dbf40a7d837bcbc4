"""The closed-loop measurements: conversations in which each message waits for the answer to the one before."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from evaluation.speed.client import Answer, MeasurementError, Visitor, new_visitor, new_visitors
from evaluation.speed.open_loop import LoadStep, raise_load
from evaluation.speed.plan import Plan
from evaluation.speed.questions import DETAILS, FIRST_QUESTION, REQUEST, question

SECONDS_TO_START = 90.0
SECONDS_BETWEEN_TRIES = 0.02

Check = Callable[[], None]
"""Raises when the measured processes are gone."""


@dataclass(frozen=True)
class Throughput:
    """Several conversations at once: what they got through in all, and what each answer took in seconds."""

    messages_a_second: float
    latencies: list[float]


@dataclass(frozen=True)
class LongConversation:
    """Seconds a turn took: of every turn of one conversation, and of the turns that are compared."""

    turns: list[float]
    early: list[float]
    late: list[float]

    @property
    def growth(self) -> float:
        """How many times longer a late turn takes than an early one, by their medians."""
        return statistics.median(self.late) / statistics.median(self.early)


async def first_answer(port: int, started_at: float, check: Check) -> float:
    """Seconds from the start of the processes until a first question has its answer.

    Raises:
        MeasurementError: there was no answer for 90 s. What `check` raises comes through.
    """
    while time.perf_counter() - started_at < SECONDS_TO_START:
        check()
        try:
            async with new_visitor(port) as visitor:
                if (await visitor.say(FIRST_QUESTION)).from_facts:
                    return time.perf_counter() - started_at
        except (OSError, MeasurementError):
            # Not there yet, or not ready: it is asked again until the time is over.
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)
    raise MeasurementError(f"The bot gave no answer within {SECONDS_TO_START:g} s.")


async def one_client(port: int, plan: Plan) -> list[float]:
    """Seconds of each turn of one visitor after another.

    Raises:
        MeasurementError: most of the answers do not rest on the facts.
    """
    answers: list[Answer] = []
    for session in range(plan.sessions):
        async with new_visitor(port) as visitor:
            for turn in range(plan.turns_in_session):
                answers.append(await visitor.say(question(session + turn)))
    if sum(answer.from_facts for answer in answers) < len(answers) / 2:
        raise MeasurementError("Most questions were not answered from the facts; is this the right model?")
    return [answer.seconds for answer in answers]


async def many_at_once(port: int, plan: Plan) -> Throughput:
    """Several conversations, each sending its next question as soon as it has the answer."""
    async with new_visitors(port, plan.clients) as visitors:
        began = time.perf_counter()
        latencies = await asyncio.gather(
            *(_questions(visitor, first, plan.turns_of_client) for first, visitor in enumerate(visitors))
        )
        duration = time.perf_counter() - began
    together = [seconds for each in latencies for seconds in each]
    return Throughput(len(together) / duration, together)


async def long_conversation(port: int, plan: Plan) -> LongConversation:
    """One long conversation; at its end its turns alternate with the early turns of fresh ones.

    Both meet the same questions and the same moments, so that what else the machine does, and a question's length,
    weigh on them alike.
    """
    before = plan.late_turn - plan.compared_turns // 2
    early: list[float] = []
    late: list[float] = []
    async with new_visitor(port) as visitor:
        turns = await _questions(visitor, 0, before)
        for place in range(before, before + plan.compared_turns):
            late.append((await visitor.say(question(place))).seconds)
            async with new_visitor(port) as fresh:
                early.append((await _questions(fresh, place - plan.early_turn + 1, plan.early_turn))[-1])
    return LongConversation([*turns, *late], early, late)


async def form_turns(port: int, plan: Plan) -> list[float]:
    """Seconds of each turn of appointment requests, from the first message to the confirmed sending.

    Raises:
        MeasurementError: the form did not come to its read-back.
    """
    seconds: list[float] = []
    for _ in range(plan.forms):
        async with new_visitor(port) as visitor:
            answers = [await visitor.say(text) for text in (REQUEST, *DETAILS)]
            if not answers[-1].choices:
                raise MeasurementError("An appointment request did not come to the point where it can be sent.")
            answers.append(await visitor.choose(answers[-1].choices[0]))
        seconds += [answer.seconds for answer in answers]
    return seconds


async def load_steps(port: int, plan: Plan, deadline: float) -> list[LoadStep]:
    """The open-loop measurement: what each offered rate leads to."""
    free = [asyncio.Lock() for _ in range(plan.visitors)]
    async with new_visitors(port, plan.visitors) as visitors:

        async def send(place: int) -> None:
            number = place % plan.visitors
            # A visitor who still waits for an answer sends this message late, and the wait counts.
            async with free[number]:
                await visitors[number].say(question(place))

        return await raise_load(plan.rates, plan.seconds_of_rate, send, deadline)


async def _questions(visitor: Visitor, first: int, count: int) -> list[float]:
    return [(await visitor.say(question(number))).seconds for number in range(first, first + count)]
