"""Locks that several processes share, in a real Redis."""

import asyncio
import logging
import uuid
from collections.abc import Iterator

import pytest
import redis
from rasa.core.lock_store import LockError

from channels.shared_locks import SharedLockStore
from tests.ports import free_ports

WAIT = 0.001


@pytest.fixture
def conversation(locks: "redis.Redis[bytes]") -> Iterator[str]:
    found = f"test-{uuid.uuid4().hex}"
    yield found
    locks.delete(f"lock:{found}")


def a_store(locks: "redis.Redis[bytes]") -> SharedLockStore:
    at = locks.connection_pool.connection_kwargs
    return SharedLockStore(host=at["host"], port=at["port"], db=at["db"])


def interrupted_by(store: SharedLockStore, other: SharedLockStore, conversation: str) -> SharedLockStore:
    """The store, but that another process takes a ticket between its first reading and its writing."""
    read = store.red.pipeline
    others = iter([other])

    def pipeline(*arguments: object, **keywords: object) -> object:
        made = read(*arguments, **keywords)
        get = made.get

        def late(key: str) -> object:
            found = get(key)
            for one in others:
                one.issue_ticket(conversation)
            return found

        made.get = late
        return made

    store.red.pipeline = pipeline
    return store


def test_no_two_processes_get_the_same_ticket(locks: "redis.Redis[bytes]", conversation: str) -> None:
    one, other = a_store(locks), a_store(locks)
    assert interrupted_by(one, other, conversation).issue_ticket(conversation) == 1
    lock = one.get_lock(conversation)
    assert lock is not None
    assert [ticket.number for ticket in lock.tickets] == [0, 1]


def test_a_ticket_that_is_given_back_takes_no_other_with_it(locks: "redis.Redis[bytes]", conversation: str) -> None:
    one, other = a_store(locks), a_store(locks)
    ticket = one.issue_ticket(conversation)
    interrupted_by(one, other, conversation).cleanup(conversation, ticket)
    lock = other.get_lock(conversation)
    assert lock is not None
    assert [left.number for left in lock.tickets] == [1]


async def test_the_lock_is_held_by_one_at_a_time_and_in_order(locks: "redis.Redis[bytes]", conversation: str) -> None:
    stores = [a_store(locks) for _ in range(2)]
    held: list[int] = []
    order: list[int] = []

    async def work(number: int) -> None:
        async with stores[number % 2].lock(conversation, wait_time_in_seconds=WAIT):
            assert not held
            held.append(number)
            order.append(number)
            await asyncio.sleep(WAIT)
            held.remove(number)

    await asyncio.gather(*(work(number) for number in range(8)))
    assert order == list(range(8))
    assert not locks.exists(f"lock:{conversation}")


async def test_who_is_told_to_stop_waiting_leaves_the_line(locks: "redis.Redis[bytes]", conversation: str) -> None:
    store = a_store(locks)
    async with store.lock(conversation):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(_hold(store, conversation), timeout=0.02)
    assert not locks.exists(f"lock:{conversation}")


async def test_the_lock_of_a_process_that_died_is_free_when_its_time_is_over(
    locks: "redis.Redis[bytes]", conversation: str
) -> None:
    store = a_store(locks)
    store.issue_ticket(conversation, lock_lifetime=0.05)
    async with store.lock(conversation, wait_time_in_seconds=WAIT):
        pass
    assert not locks.exists(f"lock:{conversation}")


def test_redis_forgets_locks_of_its_own_accord(locks: "redis.Redis[bytes]", conversation: str) -> None:
    store = a_store(locks)
    first = store.issue_ticket(conversation, lock_lifetime=60)
    store.issue_ticket(conversation, lock_lifetime=60)
    store.cleanup(conversation, first)
    assert 0 < locks.ttl(f"lock:{conversation}") <= 61


async def test_nobody_waits_for_a_dead_ticket_for_hours_because_the_clock_was_put_back(
    locks: "redis.Redis[bytes]", conversation: str
) -> None:
    store = a_store(locks)
    # As a bot leaves it that was killed before the clock was put back by three hours.
    store.issue_ticket(conversation, lock_lifetime=3 * 3_600 + 60)
    async with store.lock(conversation, wait_time_in_seconds=WAIT):
        pass
    assert not locks.exists(f"lock:{conversation}")


async def test_without_redis_there_is_no_lock() -> None:
    store = SharedLockStore(host="127.0.0.1", port=free_ports(1)[0])
    with pytest.raises(LockError, match="ConnectionError"):
        async with store.lock("any"):
            pass


async def test_what_was_done_is_done_even_if_redis_goes_away_meanwhile(
    locks: "redis.Redis[bytes]", conversation: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = a_store(locks)
    with caplog.at_level(logging.ERROR):
        async with store.lock(conversation):
            store.red = redis.Redis(host="127.0.0.1", port=free_ports(1)[0])
    assert "a lock was not given back: ConnectionError" in caplog.text


async def _hold(store: SharedLockStore, conversation: str) -> None:
    async with store.lock(conversation, wait_time_in_seconds=WAIT):
        pytest.fail("the lock was held by two")
