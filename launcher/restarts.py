"""When a program that died is started again, and when that is given up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RestartPolicy:
    """At most `most` restarts in a row, each after a longer pause; a life of `steady` seconds wipes the slate clean.

    Restarts are counted until the program has lived for `steady` seconds, and not in a sliding window, because a bot
    that takes ten seconds to load and then dies would never fit five deaths into a minute.
    """

    most: int = 5
    steady: float = 60.0
    first_pause: float = 0.5

    def pause_before(self, restart: int) -> float | None:
        """Seconds to wait before the restart of that number, counted from one; None when it is time to give up."""
        return None if restart > self.most else self.first_pause * 2 ** (restart - 1)
