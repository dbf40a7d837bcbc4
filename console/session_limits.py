"""How much one session may ask for: far more than a person does, and far less than a program that copies everything."""

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

REQUESTS = RateLimitItemPerMinute(600, namespace="console")


class SessionLimits:
    """Counts in this process."""

    def __init__(self, is_on: bool) -> None:
        """Count, or let everything pass (RATE_LIMITS=off)."""
        # The limiter keeps a weak reference only, so the storage is held here.
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._is_on = is_on

    def wait(self, session_digest: str) -> int:
        """Count one request.

        Returns:
            0 if it may go on, else after how many seconds the next may.
        """
        if not self._is_on or self._limiter.hit(REQUESTS, session_digest):
            return 0
        free_again, _left = self._limiter.get_window_stats(REQUESTS, session_digest)
        return max(1, int(free_again - time.time()) + 1)
