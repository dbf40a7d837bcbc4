"""How much one session and one client address may ask for."""

import hashlib
import hmac
import math
import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from channels.turn_metrics import count_limit_refusal
from channels.web.errors import too_many
from clinic.clock import StepsBack
from clinic.settings import Settings

MESSAGES = RateLimitItemPerMinute(20, namespace="messages")
READS = RateLimitItemPerMinute(60, namespace="reads")
FEEDBACK = RateLimitItemPerMinute(30, namespace="feedback")
SESSIONS = RateLimitItemPerHour(30, namespace="sessions")


class RateLimits:
    """Counts in this process, or in Redis when several processes share the work."""

    def __init__(self, settings: Settings) -> None:
        # The limiter keeps a weak reference only, so the storage is held here.
        self._storage = storage_from_string(settings.redis_url or "memory://")
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._steps_back = StepsBack()
        self._key = settings.secret_key.encode()
        self._on = settings.rate_limits

    def count_message(self, session_id: str) -> None:
        """Count a message of a session: 20 a minute, all at once if need be.

        Raises:
            RefusalError: status 429.
        """
        self._count(MESSAGES, session_id)

    def count_read(self, session_id: str) -> None:
        """Count a look at the conversation, or its end: 60 a minute and session."""
        self._count(READS, session_id)

    def count_feedback(self, session_id: str) -> None:
        """Count a verdict on an answer: 30 a minute and session."""
        self._count(FEEDBACK, session_id)

    def count_session(self, address: str) -> None:
        """Count a new session of a client address: 30 an hour."""
        self._count(SESSIONS, address)

    def _count(self, limit: RateLimitItem, subject: str) -> None:
        if not self._on:
            return
        if self._steps_back.happened():
            # What was counted lies in the future now, and would refuse visitors until that has come.
            self._storage.reset()
        # A forwarded address may be of any bytes; those that are no UTF-8, Sanic reads as surrogates.
        # Addresses are personal data, so that Redis only holds a keyed hash of them.
        name = hmac.new(self._key, subject.encode(errors="surrogateescape"), hashlib.sha256).hexdigest()
        if not self._limiter.hit(limit, name):
            count_limit_refusal(limit.namespace)
            free_again, _left = self._limiter.get_window_stats(limit, name)
            raise too_many(max(1, math.ceil(free_again - time.time())))
