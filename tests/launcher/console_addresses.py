"""The table of docs/console-addresses.md as the code has it; run as a program it writes the table anew."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from clinic.settings import PROJECT_ROOT
from console.app import PUBLIC_ROUTES, ROUTES
from console.roles import EVERYBODY, Role

PAGE = PROJECT_ROOT / "docs" / "console-addresses.md"
COLUMNS = ("address", "who", "what", "in the audit")
HEAD = f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}\n"


def rows() -> list[str]:
    """A line for each route of the console, with the first sentence of its function."""
    public = [(each.method, each.path, "anybody", each.endpoint, "by itself") for each in PUBLIC_ROUTES]
    staff = [(each.method, each.path, _who(each.roles), each.endpoint, _recorded(each.action)) for each in ROUTES]
    return [
        f"| `{method} {path}` | {who} | {_sentence(endpoint)} | {recorded} |"
        for method, path, who, endpoint, recorded in (*public, *staff)
    ]


def table_of(page: Path) -> list[str]:
    """The rows of the page's table."""
    return page.read_text(encoding="utf-8").split(HEAD, 1)[1].splitlines()


def write(page: Path) -> None:
    """Put the rows of the code in the place of the page's, which end it."""
    words, _, _ = page.read_text(encoding="utf-8").partition(HEAD)
    page.write_text(words + HEAD + "\n".join(rows()) + "\n", encoding="utf-8")


def _sentence(endpoint: Callable[..., Any]) -> str:
    while isinstance(endpoint, partial):
        endpoint = endpoint.func
    text = re.sub(r"\s+", " ", endpoint.__doc__ or "").strip()
    return re.split(r"(?<=\.) ", text)[0].removesuffix(".").replace("|", "\\|")


def _who(roles: frozenset[Role]) -> str:
    return "everybody" if roles == EVERYBODY else ", ".join(role.value for role in Role if role in roles)


def _recorded(action: str | None) -> str:
    return f"`{action}`" if action else "not at all"


if __name__ == "__main__":
    write(PAGE)
