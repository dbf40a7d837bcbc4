"""What the pages of documentation name, and what of it there is not: links, tests, settings, commands, files."""

import ast
import functools
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

from dotenv import dotenv_values

from clinic.settings import PROJECT_ROOT

ROOMS = ("actions", "channels", "clinic", "console", "conversations", "evaluation", "launcher", "monitoring", "nlu")
FOLDERS = (*ROOMS, "data", "deploy", "docs", "tests", "widget")
FENCED = re.compile(r"^ *(```|~~~).*?^ *\1\s*$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
OUTSIDE = re.compile(r"[a-z]+:")
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
COMMAND = re.compile(r"\bpython -m ([a-z_]+(?:\.[a-z_]+)*)")
TARGET = re.compile(r"(?:^|\|\||&&)\s*make ([a-z-]+)")
FILE = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*[\w/-]")
READ_BY_TESTS = re.compile(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"")
BEGINNING = re.compile(r"if __name__ == .__main__.")


def pages() -> list[Path]:
    """Every page that somebody may read: those of the root, of docs/ and of the folders below."""
    return sorted([*PROJECT_ROOT.glob("*.md"), *(PROJECT_ROOT / "docs").rglob("*.md")])


def broken_links(page: Path) -> list[str]:
    """Relative links of a page to a file or a heading that is not there."""
    prose = INLINE.sub("", FENCED.sub("", page.read_text(encoding="utf-8")))
    return [link for link in LINK.findall(prose) if not OUTSIDE.match(link) and not _leads_somewhere(page, link)]


def unknown_tests(page: Path) -> list[str]:
    """`tests/file.py::name` for which there is no such function."""
    named = TEST.findall(page.read_text(encoding="utf-8"))
    return [f"{file}::{name}" for file, name in named if name not in _functions(PROJECT_ROOT / file)]


def unknown_settings(page: Path) -> list[str]:
    """Names such as `SECRET_KEY` in backticks that no example of settings and no code has."""
    return [
        name
        for span in _spans(page)
        for name in SETTING.findall(span.partition("=")[0])
        if SETTING.fullmatch(span.partition("=")[0]) and name not in _known_settings()
    ]


def unknown_commands(page: Path) -> list[str]:
    """`python -m x.y` that is no program, and `make x` that is no target."""
    text = page.read_text(encoding="utf-8")
    modules = [f"python -m {name}" for name in COMMAND.findall(text) if not _is_program(name)]
    lines = [*_spans(page), *_code_lines(text)]
    made = [f"make {name}" for line in lines for name in TARGET.findall(line) if name not in targets()]
    return [*modules, *made]


def unknown_files(page: Path) -> list[str]:
    """Files and folders of the project in backticks that are not there and have no example to be copied from."""
    named = [PROJECT_ROOT / span for span in _spans(page) if FILE.fullmatch(span)]
    return [
        path.relative_to(PROJECT_ROOT).as_posix()
        for path in named
        if not path.exists() and not path.with_name(f"{path.name}.example").is_file()
    ]


def slugs(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCED.sub("", text)):
        bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", bare.lower()).replace(" ", "-")
        count = sum(1 for each in found if each == slug or re.fullmatch(rf"{re.escape(slug)}-\d+", each))
        found.add(f"{slug}-{count}" if count else slug)
    return found


def _leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in slugs(target.read_text(encoding="utf-8"))


def _spans(page: Path) -> list[str]:
    return INLINE.findall(FENCED.sub("", page.read_text(encoding="utf-8")))


def _code_lines(text: str) -> Iterator[str]:
    fenced = [block.group() for block in FENCED.finditer(text)]
    yield from (line for block in fenced for line in block.splitlines())
    yield from (line.strip() for line in FENCED.sub("", text).splitlines() if line.startswith("    "))


@functools.cache
def _functions(file: Path) -> frozenset[str]:
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


@functools.cache
def _known_settings() -> frozenset[str]:
    examples = [PROJECT_ROOT / ".env.example", PROJECT_ROOT / "deploy" / ".env.example"]
    names = {name for example in examples for name in dotenv_values(example)}
    deployed = [path for path in (PROJECT_ROOT / "deploy").rglob("*") if path.is_file()]
    code = [path for room in ROOMS for path in (PROJECT_ROOT / room).rglob("*.py")]
    found = {name for path in (*deployed, *code) for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    tests = (path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / "tests").rglob("*.py"))
    return frozenset(names | found | {name for text in tests for name in READ_BY_TESTS.findall(text)})


@functools.cache
def targets() -> frozenset[str]:
    """The targets of the Makefile."""
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


@functools.cache
def _is_program(name: str) -> bool:
    place = PROJECT_ROOT / name.replace(".", "/")
    for file in (place.with_suffix(".py"), place / "__main__.py"):
        if file.is_file():
            return BEGINNING.search(file.read_text(encoding="utf-8")) is not None
    return name.partition(".")[0] not in ROOMS and importlib.util.find_spec(name) is not None
