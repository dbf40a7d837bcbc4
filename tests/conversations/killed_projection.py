"""A program that brings a turn log up to date in processes that are killed at random moments.

`python -m tests.conversations.killed_projection URL KILLS SEED`. It forks, so that a process takes no time to start.
"""

import os
import random
import signal
import sys
import time

import conversations.projection
from clinic.database import make_engine
from conversations.projection import Projection

# Small portions, so that there are many moments between two transactions.
conversations.projection.CONVERSATIONS_AT_ONCE = 7
LONGEST_LIFE = 0.08


def main(url: str, kills: int, seed: int) -> int:
    """Kill so many processes, then let one come to its end; returns 0 when it did."""
    chance = random.Random(seed)
    for _ in range(kills):
        child = _begin(url)
        time.sleep(chance.uniform(0.005, LONGEST_LIFE))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    _, status = os.waitpid(_begin(url), 0)
    return os.waitstatus_to_exitcode(status)


def _begin(url: str) -> int:
    child = os.fork()
    if child == 0:
        Projection(make_engine(url)).bring_up_to_date()
        os._exit(0)
    return child


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
