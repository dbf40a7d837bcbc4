"""The bot and the action server are killed while visitors write."""

import signal
import time

import pytest

from evaluation.soak.instance import ACTIONS, BOT
from evaluation.soak.scripts import REQUEST_STORED
from evaluation.soak.talk import FAILED_WORDING, Asked
from tests.faults.conftest import NewInstance, visitors_of
from tests.faults.fault import all_is_well, emergency_is_answered, ready, refused, say_until_answered, some_visits

pytestmark = [pytest.mark.live, pytest.mark.model]


async def test_a_bot_that_is_killed_costs_no_visitor_an_answer_and_no_request_is_lost_or_doubled(
    new_instance: NewInstance,
) -> None:
    instance = new_instance()
    await ready(instance, True)
    async with visitors_of(instance) as load:
        await some_visits(load, 2)
        for _ in range(2):
            instance.kill(BOT)
            await refused(load)
            instance.start(BOT)
            await ready(instance, True)
        await some_visits(load, len(load.talks) + 1)
        await all_is_well(load, instance.stored())


async def test_while_the_action_server_is_stopped_nothing_is_confirmed_and_afterwards_all_goes_on(
    new_instance: NewInstance,
) -> None:
    instance = new_instance()
    await ready(instance, True)
    async with visitors_of(instance, rate=1.0) as load:
        await some_visits(load, 1)
        talk = await load.web_talk()
        instance.signal(ACTIONS, signal.SIGSTOP)
        await ready(instance, False)
        await refused(load)
        await emergency_is_answered(talk)
        instance.signal(ACTIONS, signal.SIGCONT)
        await ready(instance, True)
        await all_is_well(load, instance.stored())


async def test_who_begins_to_write_while_the_action_server_is_away_is_answered_once_it_is_back(
    new_instance: NewInstance,
) -> None:
    instance = new_instance()
    await ready(instance, True)
    async with visitors_of(instance, rate=0.5) as load:
        await some_visits(load, 1)
        talk = await load.web_talk()
        first = Asked("m1", "what are milia", "a question", time.monotonic())
        instance.kill(ACTIONS)
        await ready(instance, False)
        for _ in range(2):
            assert FAILED_WORDING in str(await talk.deliver(first))
        instance.start(ACTIONS)
        await ready(instance, True)
        assert "cysts" in str(await talk.deliver(first))
        assert REQUEST_STORED.search(await say_until_answered(talk, "book me a visit, Ann Lee, 312 555 0150")) is None
        await say_until_answered(talk, "any tuesday")
        assert REQUEST_STORED.search(await say_until_answered(talk, "yes"))
        await all_is_well(load, instance.stored())
