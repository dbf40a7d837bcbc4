"""Reading YAML so that every value still knows its line, for findings that name file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(ValueError):
    """A file is not well-formed YAML, or a value has another shape than its reader needs."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class Located:
    """A YAML value with the file and the line, counted from 1, that it stands on."""

    path: Path
    line: int
    node: yaml.Node

    def entries(self) -> Iterator[tuple[str, "Located", "Located"]]:
        """The entries of a mapping as (key text, key, value), in file order.

        Raises:
            ContentError: the value is no mapping.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise ContentError(self.path, self.line, "a mapping (`key: value`) is needed here.")
        for key, value in self.node.value:
            yield str(key.value), self._inside(key), self._inside(value)

    def get(self, name: str) -> "Located | None":
        """The value under `name` in a mapping, or None without such a key. Raises ContentError on anything else."""
        return next((value for key, _, value in self.entries() if key == name), None)

    def items(self) -> list["Located"]:
        """The items of a list.

        Raises:
            ContentError: the value is no list.
        """
        if not isinstance(self.node, yaml.SequenceNode):
            raise ContentError(self.path, self.line, "a list (`- item`) is needed here.")
        return [self._inside(item) for item in self.node.value]

    def text(self) -> str:
        """The text of a scalar.

        Raises:
            ContentError: the value is a mapping or a list.
        """
        if not isinstance(self.node, yaml.ScalarNode):
            raise ContentError(self.path, self.line, "plain text is needed here.")
        return str(self.node.value)

    def block_lines(self) -> list[tuple[int, str]]:
        """The lines of a literal block (`|`), each with its line number in the file.

        Raises:
            ContentError: the value is no literal block, so that its line numbers are lost.
        """
        if not isinstance(self.node, yaml.ScalarNode) or self.node.style != "|":
            raise ContentError(self.path, self.line, "a literal block (`|`) is needed here.")
        first = self.node.start_mark.line + 2
        return [(first + index, line) for index, line in enumerate(str(self.node.value).split("\n"))]

    @property
    def is_text(self) -> bool:
        """Whether the value is a scalar."""
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    def descend(self) -> Iterator["Located"]:
        """This value and every value within it, keys included."""
        yield self
        if isinstance(self.node, yaml.MappingNode):
            for _, key, value in self.entries():
                yield key
                yield from value.descend()
        elif isinstance(self.node, yaml.SequenceNode):
            for item in self.items():
                yield from item.descend()

    def _inside(self, node: yaml.Node) -> "Located":
        return Located(self.path, node.start_mark.line + 1, node)


def read_located(path: Path) -> Located:
    """The content of a YAML file.

    Raises:
        ContentError: the file is not well-formed, is empty, or gives a key twice in one mapping.
        OSError: the file cannot be read.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(path, line, f"not well-formed YAML: {error.problem}.") from error
    if node is None:
        raise ContentError(path, 1, "the file is empty.")
    document = Located(path, node.start_mark.line + 1, node)
    _refuse_repeated_keys(document)
    return document


def _refuse_repeated_keys(document: Located) -> None:
    """YAML readers keep the last of two equal keys, so that the first one's content is lost without a word."""
    for value in document.descend():
        if value.is_mapping:
            seen: set[str] = set()
            for name, key, _ in value.entries():
                if name in seen:
                    raise ContentError(key.path, key.line, f"the key '{name}' is given twice; keep one.")
                seen.add(name)
