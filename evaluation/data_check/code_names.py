"""The names of responses and facts that the project's code holds."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from evaluation.data_check.content import CodeNames, Mention
from evaluation.located_yaml import ContentError

ROOMS = ("actions", "channels", "conversations", "clinic", "nlu", "console", "launcher")
ANY_TEXT = ".+"


def read_code_names(root: Path) -> CodeNames:
    """The string literals and f-string patterns of every Python file in the rooms that run.

    Raises:
        ContentError: a file is not valid Python.
        OSError: a file cannot be read.
    """
    literals: list[Mention] = []
    patterns: set[str] = set()
    for path in _python_files(root):
        tree = _parse(path)
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                patterns.add(_pattern(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                literals.append(Mention(node.value, path, node.lineno))
    return CodeNames(tuple(literals), frozenset(patterns))


def _python_files(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((root / room).rglob("*.py"))


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    except SyntaxError as error:
        raise ContentError(path, error.lineno or 1, f"not valid Python: {error.msg}.") from error


def _pattern(node: ast.JoinedStr) -> str:
    """An f-string as a regular expression in which each placeholder stands for any text."""
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANY_TEXT for part in node.values)
