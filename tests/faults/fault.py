"""What every fault is looked at by: before it, during it and after it."""

import asyncio
import time
from collections.abc import Callable

import aiohttp

from evaluation.soak.checks import Stored, quiet_problems, talk_problems
from evaluation.soak.instance import SoakInstance
from evaluation.soak.load import Load
from evaluation.soak.talk import HELP_WORDING, AbandonedError, Asked, Talk
from evaluation.soak.web_talk import NOT_THERE, OK

SECONDS_TO_COME_ABOUT = 60.0
SECONDS_BETWEEN_LOOKS = 0.1
EMERGENCY = "my throat is swelling, I can't breathe"


async def some_visits(load: Load, count: int) -> None:
    """Return when so many visits are over."""
    await _until(lambda: sum(talk.is_over for talk in load.talks) >= count)


async def ready(instance: SoakInstance, wanted: bool) -> None:
    """Return when the bot calls itself ready, or no longer does."""
    deadline = time.monotonic() + SECONDS_TO_COME_ABOUT
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS_TO_COME_ABOUT)) as http:
        while await _is_ready(http, instance) is not wanted:
            if wanted:
                instance.require_running()
            assert time.monotonic() < deadline
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def refused(load: Load, count: int = 1) -> None:
    """Return when the fault has been felt: so many messages had to be sent again."""
    before = _repeats(load)
    await _until(lambda: _repeats(load) >= before + count)


async def emergency_is_answered(talk: Talk) -> None:
    """An emergency is told where help is while the fault lasts, whether or not the message could be kept."""
    asked = Asked(talk.new_id(), EMERGENCY, "an emergency", time.monotonic())
    answer = await talk.deliver(asked)
    said = answer if answer is not None else asked.refusals[-1]
    assert HELP_WORDING in said
    assert "went wrong" not in said
    assert "may not have gone through" not in said


async def all_is_well(load: Load, stored: Stored) -> None:
    """After the fault every message is answered; nothing is lost, doubled or told in two ways."""
    await load.pause()
    assert talk_problems(stored, load.talks) + quiet_problems(stored, None) == []
    assert any(talk.confirmed_requests for talk in load.talks)


async def say_until_answered(talk: Talk, text: str) -> str:
    """The answer to a message that is sent again until there is one."""
    try:
        return await talk.say(text, "a test")
    except AbandonedError as error:
        raise AssertionError(talk.problems) from error


async def _is_ready(http: aiohttp.ClientSession, instance: SoakInstance) -> bool:
    try:
        async with http.get(f"{instance.address}/health/ready") as response:
            return response.status == OK
    except NOT_THERE:
        return False


def _repeats(load: Load) -> int:
    tries = sum(asked.tries - 1 for talk in load.talks for asked in talk.asked)
    return tries + sum(max(0, talk.tries_to_begin - 1) for talk in load.talks)


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_TO_COME_ABOUT
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
