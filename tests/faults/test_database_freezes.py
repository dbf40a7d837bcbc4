"""PostgreSQL stands still while visitors write: it takes no statement, and ends no connection."""

import pytest

from evaluation.soak.private_postgresql import PrivatePostgresql
from tests.faults.conftest import NewInstance, visitors_of
from tests.faults.fault import all_is_well, emergency_is_answered, ready, refused, some_visits

pytestmark = [pytest.mark.live, pytest.mark.model]


async def test_a_database_server_that_stands_still_is_not_waited_for_and_is_used_again_when_it_goes_on(
    new_instance: NewInstance, postgresql: PrivatePostgresql
) -> None:
    instance = new_instance(DATABASE_URL=postgresql.url, DATABASE_TIMEOUT="1")
    await ready(instance, True)
    async with visitors_of(instance) as load:
        await some_visits(load, 1)
        talk = await load.web_talk()
        postgresql.freeze()
        await emergency_is_answered(talk)
        await ready(instance, False)
        await emergency_is_answered(talk)
        await refused(load)
        postgresql.go_on()
        await ready(instance, True)
        await some_visits(load, len(load.talks) + 1)
        await all_is_well(load, instance.stored())
