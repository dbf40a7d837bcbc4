"""Every address of console and bot is in a table of the docs, as the code has it, and no other."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic.settings import PROJECT_ROOT
from console.app import PUBLIC_ROUTES, ROUTES
from console.roles import EVERYBODY, Role
from tests.launcher.page_tables import codes, table

CONSOLE_PAGE = PROJECT_ROOT / "docs" / "console-addresses.md"
BOT_PAGE = PROJECT_ROOT / "docs" / "web-channel.md"
CONSOLE_COLUMNS = ("address", "who", "what", "in the audit")
BOT_COLUMNS = ("address", "who asks", "what")
CONTRACT = yaml.safe_load((PROJECT_ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8"))["paths"]
METHODS = ("get", "post", "delete")
Row = tuple[str, str, str, str]


def console_rows() -> list[Row]:
    """What the console's table must hold: each route, with the first sentence of its function."""
    public = [
        (f"`{each.method} {each.path}`", "anybody", _sentence(each.endpoint), "by itself") for each in PUBLIC_ROUTES
    ]
    staff = [
        (f"`{each.method} {each.path}`", _who(each.roles), _sentence(each.endpoint), _recorded(each.action))
        for each in ROUTES
    ]
    return [*public, *staff]


def _sentence(endpoint: Callable[..., Any]) -> str:
    while isinstance(endpoint, partial):
        endpoint = endpoint.func
    text = re.sub(r"\s+", " ", endpoint.__doc__ or "").strip()
    return re.split(r"(?<=\.) ", text)[0].removesuffix(".").replace("|", "\\|")


def _who(roles: frozenset[Role]) -> str:
    return "everybody" if roles == EVERYBODY else ", ".join(role.value for role in Role if role in roles)


def _recorded(action: str | None) -> str:
    return f"`{action}`" if action else "not at all"


def differences(page: Path) -> tuple[list[str], list[str]]:
    """Rows that the page lacks, as they are to be written, and rows of the page that are no route."""
    wanted = {" | ".join(row) for row in console_rows()}
    there = {" | ".join(row.values()) for row in table(page, CONSOLE_COLUMNS)}
    return sorted(f"| {row} |" for row in wanted - there), sorted(f"| {row} |" for row in there - wanted)


def test_every_route_of_the_console_is_documented_as_it_is_and_no_other() -> None:
    assert differences(CONSOLE_PAGE) == ([], [])


def test_every_operation_of_the_bot_is_documented_and_no_other() -> None:
    asked = {f"{method.upper()} {path}" for path, each in CONTRACT.items() for method in METHODS if method in each}
    assert asked == {address for row in table(BOT_PAGE, BOT_COLUMNS) for address in codes(row["address"])}


@pytest.mark.parametrize(
    ("before", "after"),
    [("`GET /audit`", "`GET /audits`"), ("| admin |", "| reader |"), ("`audit.viewed`", "`audit.seen`")],
)
def test_what_differs_is_found_with_the_row_to_write(tmp_path: Path, before: str, after: str) -> None:
    page = tmp_path / "page.md"
    lines = CONSOLE_PAGE.read_text(encoding="utf-8").splitlines()
    (right,) = (line for line in lines if line.startswith("| `GET /audit` |"))
    assert before in right
    wrong = right.replace(before, after)
    page.write_text("\n".join(wrong if line == right else line for line in lines), encoding="utf-8")
    assert differences(page) == ([right], [wrong])
