"""Ends the process groups of a supervisor that is gone.

Run as a program of its own, outside the supervisor's process group. It reads from standard input a line `+N` for each
process group that was started and `-N` for each that has ended. The pipe closes when the supervisor ends in whatever
way, SIGKILL included; the groups still open then get SIGTERM and, after the seconds given as first argument, SIGKILL.
Works wherever pipes do, and reaches grandchildren too.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

SECONDS_BETWEEN_LOOKS = 0.05


def end_groups(groups: Iterable[int], grace: float) -> None:
    """Send SIGTERM to each group, and SIGKILL to those still there after `grace` seconds."""
    remaining = {group for group in groups if _signal(group, signal.SIGTERM)}
    deadline = time.monotonic() + grace
    while remaining and time.monotonic() < deadline:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        remaining = {group for group in remaining if _signal(group, 0)}
    for group in remaining:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Whether the group was there to be signalled."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of dead processes
        return False
    return True


def watch(lines: Iterable[str], grace: float) -> None:
    """Follow the supervisor's lines to their end, then end the groups that are still open."""
    groups: set[int] = set()
    for line in lines:
        change, group = line[0], int(line[1:])
        if change == "+":
            groups.add(group)
        else:
            groups.discard(group)
    end_groups(groups, grace)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    with contextlib.closing(sys.stdin):
        watch(sys.stdin, float(sys.argv[1]))
