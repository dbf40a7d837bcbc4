"""A program that purges in processes that are killed at random moments: `URL VAR_DIR NOW KILLS SEED`.

It forks, so that a process takes no time to start. A killed process keeps its turn for a minute, ended here.
"""

import os
import random
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import update

import conversations.retention.purge
import conversations.retention.reading
from clinic import clock
from clinic.database import make_engine, transaction
from clinic.retention_settings import RetentionSettings
from conversations.retention.purge import Keeper, purge
from conversations.retention.runs import COMMAND
from conversations.retention.tables import RetentionLease

# Small portions, so that there are many moments between two transactions.
conversations.retention.purge.UNITS_AT_ONCE = 1
conversations.retention.reading.ROWS_OF_A_PAGE = 2
LONGEST_LIFE = 0.25


def main(url: str, var_dir: str, now: str, kills: int, seed: int) -> int:
    """Kill so many processes, then let one come to its end; returns 0 when it did."""
    moment = datetime.fromisoformat(now)
    clock.now = lambda: moment
    chance = random.Random(seed)
    for _ in range(kills):
        child = _begin(url, var_dir)
        time.sleep(chance.uniform(0.01, LONGEST_LIFE))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _let_a_minute_pass(url)
    _, status = os.waitpid(_begin(url, var_dir), 0)
    return os.waitstatus_to_exitcode(status)


def _begin(url: str, var_dir: str) -> int:
    child = os.fork()
    if child == 0:
        purge(Keeper(make_engine(url), Path(var_dir), RetentionSettings()), COMMAND)
        os._exit(0)
    return child


def _let_a_minute_pass(url: str) -> None:
    engine = make_engine(url)
    with transaction(engine) as session:
        session.execute(update(RetentionLease).values(held_until=None))
    engine.dispose()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])))
