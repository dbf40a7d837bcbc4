"""The parts of the gate, in the order in which they run."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

TESTS = "tests"
WORKERS = (os.cpu_count() or 1) + 4
"""How many processes share the tests: more than there are cores, since many tests wait for servers or for time.

With two more, two cores were idle for a quarter of it; with four more, for a twentieth.
"""


@dataclass(frozen=True)
class Part:
    """A part of the gate: what it makes sure of, and the commands that do so, one after the other.

    A part that `runs_beside` others is begun with the first of them, and shown when its turn comes.
    """

    purpose: str
    commands: tuple[tuple[str, ...], ...]
    runs_beside: bool = False


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


PARTS: dict[str, Part] = {
    "lint": Part("form and common mistakes", (_module("ruff", "format", "--check"), _module("ruff", "check"))),
    "types": Part("types", (_module("mypy"),)),
    "imports": Part("which room uses which", ((str(Path(sys.executable).with_name("lint-imports")),),)),
    "data": Part("training data, rules and wording", (_module("evaluation.data_check"),)),
    # Each process that shares the tests loads all of them. Compiled here, beside the training, it is done once.
    "collect": Part("tests that can be loaded", (_module("pytest", "--collect-only", "-qqq", "--no-summary"),)),
    "train": Part("a current model", (_module("nlu.training"),), runs_beside=True),
    TESTS: Part(
        "unit, conversation and channel tests",
        (_module("pytest", "--numprocesses", str(WORKERS), "--dist", "loadscope", "--no-loadscope-reorder"),),
    ),
}
