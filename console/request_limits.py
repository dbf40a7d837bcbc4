"""How much one session and one stranger may ask for: far more than people do, far less than programs that try all."""

import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from clinic.clock import StepsBack

OF_SESSION = RateLimitItemPerMinute(600, namespace="session")
FORMS_OF_STRANGER = RateLimitItemPerMinute(60, namespace="stranger")
"""How often one may log in is counted in the database; this keeps the audit of failures from growing without end."""


class RequestLimits:
    """Counts in this process; each way of counting gives after how many seconds the next may come, 0 for at once."""

    def __init__(self, is_on: bool) -> None:
        """Count, or let everything pass (RATE_LIMITS=off)."""
        # The limiter keeps a weak reference only, so the storage is held here.
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._is_on = is_on
        self._steps_back = StepsBack()

    def count_of_session(self, digest: str) -> int:
        """Count a request of somebody who has logged in."""
        return self._count(OF_SESSION, digest)

    def count_form_of_stranger(self, address: str) -> int:
        """Count a form that was sent without a session, by the client's address."""
        return self._count(FORMS_OF_STRANGER, address)

    def _count(self, limit: RateLimitItem, subject: str) -> int:
        if self._steps_back.happened():
            self._storage.reset()
        if not self._is_on or self._limiter.hit(limit, subject):
            return 0
        free_again, _left = self._limiter.get_window_stats(limit, subject)
        return max(1, int(free_again - time.time()) + 1)
