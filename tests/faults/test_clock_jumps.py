"""The clock of the machine jumps, by hours forward and back, while visitors write."""

from pathlib import Path

import pytest

from evaluation.dialogues.moved_clock import MovableClock
from evaluation.soak.checks import logged
from evaluation.soak.instance import BOT
from tests.faults.conftest import NewInstance, visitors_of
from tests.faults.fault import all_is_well, ready, refused, say_until_answered, some_visits

pytestmark = [pytest.mark.live, pytest.mark.model]
HOUR = 3_600


async def test_a_clock_that_jumps_locks_nobody_out_and_loses_nothing(new_instance: NewInstance, tmp_path: Path) -> None:
    clock = MovableClock(tmp_path / "clock")
    clock.set(0)
    runner = ("evaluation.dialogues.moved_clock", str(tmp_path / "clock"))
    instance = new_instance(options={"runner": runner}, RATE_LIMITS="on")
    await ready(instance, True)
    stored = instance.stored()
    async with visitors_of(instance, rate=0.7) as load:
        eager = await load.web_talk()
        for hours in (5, -3):
            for _ in range(14):
                await say_until_answered(eager, "what are milia")
            clock.set(hours * HOUR)
            await some_visits(load, len([talk for talk in load.talks if talk.is_over]) + 2)
            instance.run("conversations.projection", "--once")
        # A claim that is left behind, and then lies in the future.
        instance.kill(BOT)
        await refused(load)
        clock.set(-5 * HOUR)
        instance.start(BOT)
        await ready(instance, True)
        await all_is_well(load, stored)
        instance.run("conversations.projection", "--once")
        before = logged(stored)
        instance.run("conversations.projection", "--rebuild")
        assert logged(stored) == before
        assert not eager.problems
