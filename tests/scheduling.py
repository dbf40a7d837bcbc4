"""Which tests one process runs one after the other, and in what order, where several processes share them.

Tests that share a running bot or a browser stay together, so that it is started once and not by every process. What
takes longest is begun first, so that no process is left alone with it in the end.
"""

from xdist.scheduler import LoadScopeScheduling

STAY_TOGETHER = ("tests/channels/sms", "tests/channels", "tests/widget", "tests/deploy")
"""Folders whose tests share servers; the first that fits counts."""
LONGEST_FIRST = (
    "tests/channels/sms",
    "tests/channels",
    "tests/widget",
    "tests/faults",
    "tests/second_topic",
    "tests/conversation",
    "tests/evaluation",
    "tests/deploy",
    "tests/console",
    "tests/launcher",
)
CONSOLE_IN_A_BROWSER = "tests/console in a browser"


def together(test: str) -> str:
    """A name for the tests that stay together, from a test's id: those of a folder above, or of a file."""
    file = test.partition("::")[0]
    folder = _first_above(file, STAY_TOGETHER)
    if file.startswith("tests/console/") and file.endswith("_browser.py"):
        return CONSOLE_IN_A_BROWSER
    return folder or file


def place(test: str) -> tuple[int, str]:
    """Sorts the ids of tests into the order in which they are given out."""
    folder = _first_above(test, LONGEST_FIRST)
    return LONGEST_FIRST.index(folder) if folder else len(LONGEST_FIRST), together(test)


def _first_above(path: str, folders: tuple[str, ...]) -> str | None:
    return next((folder for folder in folders if path.startswith(f"{folder}/")), None)


class TogetherScheduling(LoadScopeScheduling):
    """pytest-xdist's giving out by scope (its `--dist loadscope`), with `together` as the scope."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)
