"""PostgreSQL is restarted while visitors write: in good order, and as by a crash."""

import pytest

from evaluation.soak.private_postgresql import PrivatePostgresql
from tests.faults.conftest import NewInstance, visitors_of
from tests.faults.fault import all_is_well, emergency_is_answered, ready, refused, some_visits

pytestmark = [pytest.mark.live, pytest.mark.model]


async def test_a_database_server_that_is_restarted_loses_nothing_and_doubles_nothing(
    new_instance: NewInstance, postgresql: PrivatePostgresql
) -> None:
    instance = new_instance(DATABASE_URL=postgresql.url)
    await ready(instance, True)
    async with visitors_of(instance) as load:
        await some_visits(load, 1)
        for mode in ("fast", "immediate"):
            talk = await load.web_talk()
            postgresql.stop(mode)
            await ready(instance, False)
            await emergency_is_answered(talk)
            await refused(load)
            postgresql.start()
            await ready(instance, True)
        await some_visits(load, len(load.talks) + 1)
        await all_is_well(load, instance.stored())
