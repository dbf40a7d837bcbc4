"""The action server does what it is asked, but its answers come when the bot has given up waiting."""

import time

import pytest

from evaluation.soak.instance import BOT
from evaluation.soak.scripts import REQUEST_STORED
from evaluation.soak.talk import FAILED_WORDING, Asked
from tests.faults.conftest import NewInstance, visitors_of
from tests.faults.fault import all_is_well, emergency_is_answered, ready, refused, say_until_answered
from tests.faults.slow_way import SlowWay

pytestmark = [pytest.mark.live, pytest.mark.model]
# The bot waits for 8 seconds.
TOO_SLOW_SECONDS = 9.0


async def test_answers_that_come_too_late_confirm_nothing_and_nothing_is_stored_twice(
    new_instance: NewInstance,
) -> None:
    async with SlowWay() as way:
        instance = new_instance(options={"settings_of": {BOT: {"ACTIONS_PORT": str(way.port)}}})
        way.target = instance.actions_port
        await ready(instance, True)
        stored = instance.stored()
        async with visitors_of(instance, rate=0.5) as load:
            agreeing, leaving = await load.web_talk(), await load.web_talk()
            for talk in (agreeing, leaving):
                await say_until_answered(talk, "book me a visit, Greta Olsen, 312 555 0150, any tuesday")
            way.seconds = TOO_SLOW_SECONDS
            await ready(instance, False)
            unknown = [
                await talk.deliver(Asked(talk.new_id(), "yes", "a test", time.monotonic()))
                for talk in (agreeing, leaving)
            ]
            await emergency_is_answered(await load.web_talk())
            await refused(load)
            way.seconds = 0.0
            await ready(instance, True)
            assert all(said is not None and FAILED_WORDING in said for said in unknown)
            there = stored.count_by_conversation("appointment_requests")
            assert [there[talk.conversation_id] for talk in (agreeing, leaving)] == [1, 1]
            assert REQUEST_STORED.search(await say_until_answered(agreeing, "yes"))
            said = await say_until_answered(leaving, "no, forget it")
            assert "Nothing was sent" not in said
            assert "nothing was stored" not in said.lower()
            there = stored.count_by_conversation("appointment_requests")
            assert [there[talk.conversation_id] for talk in (agreeing, leaving)] == [1, 1]
            await all_is_well(load, stored)
