"""Redis, which holds the locks and counts that several bots share, is restarted while visitors write."""

import pytest

from tests.faults.conftest import NewInstance, visitors_of
from tests.faults.fault import all_is_well, emergency_is_answered, ready, refused, some_visits
from tests.faults.redis_server import RedisServer

pytestmark = [pytest.mark.live, pytest.mark.model]


async def test_a_redis_that_is_restarted_loses_nothing_and_doubles_nothing(
    new_instance: NewInstance, redis_server: RedisServer
) -> None:
    # Thirty new visits an hour from one address are taken where limits are on, which is enough for this load.
    instance = new_instance(REDIS_URL=redis_server.url, RATE_LIMITS="on")
    await ready(instance, True)
    async with visitors_of(instance, rate=1.0) as load:
        await some_visits(load, 1)
        talk = await load.web_talk()
        redis_server.kill()
        await ready(instance, False)
        await refused(load)
        await emergency_is_answered(talk)
        redis_server.start()
        await ready(instance, True)
        await all_is_well(load, instance.stored())
