"""The blocks of code in the pages: which there are, in which language, and whether they can be read in it."""

import ast
import functools
import json
import re
import sqlite3
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import yaml

from clinic.database import make_engine
from clinic.migrate import migrate

FENCE = re.compile(r"^(?P<indent> *)(?P<marks>```|~~~)(?P<said>.*)$")
RUN = "run"
UNREAD = frozenset({"css", "html", "text"})
"""Languages of which nothing more is asked."""


@dataclass(frozen=True)
class Snippet:
    """A block of code. `said` are the words after the fence: the language, and `run` where a test runs it."""

    page: Path
    line: int
    said: tuple[str, ...]
    text: str

    @property
    def language(self) -> str:
        return self.said[0] if self.said else ""

    @property
    def place(self) -> str:
        return f"{self.page.name}:{self.line}"


def snippets(page: Path) -> Iterator[Snippet]:
    """All fenced blocks of a page."""
    opened: tuple[int, re.Match[str]] | None = None
    lines: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if opened is None:
            opened = (number, fence) if fence else None
        elif fence and fence["marks"] == opened[1]["marks"]:
            said = tuple(opened[1]["said"].split())
            yield Snippet(page, opened[0], said, textwrap.dedent("\n".join(lines)) + "\n")
            opened, lines = None, []
        else:
            lines.append(line)


def unsaid(page: Path) -> list[str]:
    """Places of blocks whose language nobody can tell: fenced ones that do not say it, indented ones that cannot."""
    without = [each.place for each in snippets(page) if each.language not in (*PARSERS, *UNREAD)]
    return [*without, *(f"{page.name}:{number}" for number in _indented_blocks(page))]


def unreadable(page: Path) -> list[str]:
    """Places of blocks that are not of their language, with what is wrong."""
    found = []
    for each in snippets(page):
        problem = PARSERS[each.language](each.text) if each.language in PARSERS else None
        if problem is not None:
            found.append(f"{each.place}: {problem}")
    return found


def _indented_blocks(page: Path) -> Iterator[int]:
    inside, before = False, ""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if FENCE.match(line):
            inside = not inside
        elif not inside and not before.strip() and line.startswith("    "):
            yield number
        before = line


def _shell_problem(text: str) -> str | None:
    done = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True, check=False)
    return done.stderr.strip() or None


def _sql_problem(text: str) -> str | None:
    try:
        _clinic_database().execute(f"EXPLAIN {text}")
    except sqlite3.Error as error:
        return str(error)
    return None


@functools.cache
def _clinic_database() -> sqlite3.Connection:
    """The tables as they are, without a row, in memory."""
    copy = sqlite3.connect(":memory:")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "milia.sqlite3"
        engine = make_engine(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        with closing(sqlite3.connect(file)) as made:
            made.backup(copy)
    return copy


def _problem_of(parse: Callable[[str], object], *errors: type[Exception]) -> Callable[[str], str | None]:
    def problem(text: str) -> str | None:
        try:
            parse(text)
        except errors as error:
            return str(error)
        return None

    return problem


PARSERS: Mapping[str, Callable[[str], str | None]] = {
    "sh": _shell_problem,
    "sql": _sql_problem,
    "python": _problem_of(ast.parse, SyntaxError),
    "json": _problem_of(json.loads, ValueError),
    "yaml": _problem_of(yaml.safe_load, yaml.YAMLError),
}
