"""Locks of conversations in Redis, for bots that share the work.

Rasa's own store (rasa/core/lock_store.py) reads a lock, changes it and writes it back. Of two processes that do so at
once one is overwritten: then both work on the conversation, or a ticket that was given back stands there again and
everybody waits for a minute until it expires. Here a change is made only if nobody else was faster, and else anew.
"""

import json
import logging
import math
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, RedisLockStore
from redis.exceptions import RedisError

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class SharedLockStore(RedisLockStore):
    """Serves the messages of a conversation one after the other, in the order in which they asked."""

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation's lock.

        Args:
            conversation_id: whose lock.
            lock_lifetime: after so many seconds it is free again, whatever became of its holder.
            wait_time_in_seconds: between two looks at whether it is free.

        Raises:
            rasa.core.lock_store.LockError: it cannot be had, or Redis does not answer.
        """
        try:
            ticket = self.issue_ticket(conversation_id, lock_lifetime)
            held = await self._acquire_lock(conversation_id, ticket, wait_time_in_seconds)
        except RedisError as error:
            raise LockError(f"Redis: {type(error).__name__}") from None
        except BaseException:
            # Whoever is told to stop waiting gives the ticket back, or those behind wait for it.
            self.cleanup(conversation_id, ticket)
            raise
        try:
            yield held
        finally:
            self.cleanup(conversation_id, ticket)

    def issue_ticket(self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME) -> int:
        """Stand in line.

        Raises:
            redis.exceptions.RedisError: Redis does not answer.
        """
        seconds = math.ceil(lock_lifetime) + 1
        return self._change(conversation_id, lambda lock: int(lock.issue_ticket(lock_lifetime)), {"ex": seconds})

    def get_lock(self, conversation_id: str) -> TicketLock | None:
        """The conversation's lock, if anybody holds or waits for it."""
        lock = super().get_lock(conversation_id)
        return lock and _without_strays(lock)

    def update_lock(self, conversation_id: str) -> None:
        """Nothing: reading a lock leaves out what has expired, and nobody needs to write that down."""

    def cleanup(self, conversation_id: str, ticket_number: int) -> None:
        """Give a ticket back. Where Redis does not answer it expires by itself; what was done under it is done."""
        try:
            self._change(conversation_id, lambda lock: lock.remove_ticket_for(ticket_number), {"keepttl": True})
        except RedisError as error:
            logger.error("a lock was not given back: %s", type(error).__name__)

    def _change(self, conversation_id: str, change: Callable[[TicketLock], Result], expiry: dict[str, Any]) -> Result:
        key = self.key_prefix + conversation_id

        def attempt(transaction: Any) -> Result:
            kept = transaction.get(key)
            lock = _without_strays(TicketLock.from_dict(json.loads(kept))) if kept else TicketLock(conversation_id)
            result = change(lock)
            transaction.multi()
            if lock.is_someone_waiting():
                transaction.set(key, lock.dumps(), **expiry)
            else:
                transaction.delete(key)
            return result

        changed: Result = self.red.transaction(attempt, key, value_from_callable=True)
        return changed


def _without_strays(lock: TicketLock) -> TicketLock:
    """The lock without tickets that would hold far longer than any does: the clock was put back since.

    Where the bot that took such a ticket was killed, everybody would wait until the old time has come again.
    """
    latest = time.time() + 2 * LOCK_LIFETIME
    lock.tickets = deque(ticket for ticket in lock.tickets if ticket.expires <= latest)
    return lock
