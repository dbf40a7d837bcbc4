"""The tables of a page of documentation as data."""

import re
from collections.abc import Sequence
from pathlib import Path

CELL = re.compile(r"(?<!\\)\|")


def table(page: Path, header: Sequence[str]) -> list[dict[str, str]]:
    """All rows below this header, by its columns; those of several tables with the same header follow one another.

    Raises:
        LookupError: the page has no such table, or a row has another number of cells.
    """
    rows: list[dict[str, str]] = []
    found = inside = False
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = _cells(line)
        if cells == list(header):
            found = inside = True
        elif not cells:
            inside = False
        elif inside and not _is_rule(cells):
            if len(cells) != len(header):
                raise LookupError(f"{page.name}: a row of {len(cells)} cells: {line}")
            rows.append(dict(zip(header, cells, strict=True)))
    if not found:
        raise LookupError(f"{page.name} has no table with the columns {', '.join(header)}")
    return rows


def codes(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def _cells(line: str) -> list[str]:
    if not line.startswith("|"):
        return []
    return [cell.strip().replace("\\|", "|") for cell in CELL.split(line.strip().removeprefix("|").removesuffix("|"))]


def _is_rule(cells: list[str]) -> bool:
    return all(re.fullmatch(r":?-+:?", cell) for cell in cells)
