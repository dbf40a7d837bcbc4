"""Whom the programs speak to: only the modules that docs/threat-model.md lists can open a connection to anything."""

import ast
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT
from tests.launcher.documents import FILE, INLINE, ROOMS

CLIENTS = (
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "twilio.rest",
    "urllib.request",
)
PROGRAMS = tuple(room for room in ROOMS if room != "evaluation")
HEADING = "## Outgoing connections"
PAGE = PROJECT_ROOT / "docs" / "threat-model.md"


def imported(source: str) -> set[str]:
    """The modules that a source imports, with each name that it takes from one as a module of its own."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def opens_connections(source: str) -> bool:
    return any(name == client or name.startswith(f"{client}.") for name in imported(source) for client in CLIENTS)


def listed() -> set[str]:
    """The modules of the project that the page's section names."""
    section = PAGE.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    named = {span for span in INLINE.findall(section) if FILE.fullmatch(span) and span.endswith(".py")}
    return {span for span in named if span.partition("/")[0] in PROGRAMS}


def test_the_page_lists_every_module_that_opens_connections_and_no_other() -> None:
    modules = [path for room in PROGRAMS for path in (PROJECT_ROOT / room).rglob("*.py")]
    found = {_named(path) for path in modules if opens_connections(path.read_text(encoding="utf-8"))}
    assert listed() == found


@pytest.mark.parametrize(
    "source",
    ["import requests", "from urllib import request", "import urllib.request as r", "from twilio.rest import Client"],
)
def test_a_client_is_seen_however_it_is_imported(source: str) -> None:
    assert opens_connections(source)


@pytest.mark.parametrize(
    "source", ["from urllib.parse import quote", "from twilio import twiml", "import requests_mock"]
)
def test_what_opens_nothing_is_left_alone(source: str) -> None:
    assert not opens_connections(source)


def _named(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()
