"""Free ports for the servers that tests start, also when several processes run tests at once."""

import os
import random
import socket
from collections.abc import Iterator

# Below those that Linux gives to clients and to port 0, so that nobody is given one before its server starts.
LOWEST, HIGHEST = 16_000, 32_000
MOST_WORKERS = 16


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, given to nobody else in this run of the tests."""
    return next(_UNUSED)


def free_ports(count: int) -> list[int]:
    """So many different ports."""
    return [free_port() for _ in range(count)]


def _unused() -> Iterator[int]:
    own = _own_share(os.environ.get("PYTEST_XDIST_WORKER", ""))
    for port in random.sample(own, len(own)):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
        yield port
    raise RuntimeError("no port is left")


def _own_share(worker: str) -> range:
    """The ports of one of several workers, named gw0, gw1 and so on by pytest-xdist; all of them where there is one."""
    if not worker:
        return range(LOWEST, HIGHEST)
    share = (HIGHEST - LOWEST) // MOST_WORKERS
    first = LOWEST + int(worker.removeprefix("gw")) % MOST_WORKERS * share
    return range(first, first + share)


_UNUSED = _unused()
