"""README.md has every command, each says its options, and the docs use no option that there is not."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT
from tests.launcher import documents
from tests.launcher.page_tables import codes, table

README = PROJECT_ROOT / "README.md"
COLUMNS = ("command", "what it does")
READS_OPTIONS = re.compile(r"^import argparse|^ *from \w+\.\w+_command import", re.MULTILINE)
USE = re.compile(r"python -m ([a-z_.]+)((?: [^|&;<>#`'\"()\n]*)?)")
BARE = re.compile(r"(?<![\w./-])python3? -m [a-z][a-z_.]*")
IN_AN_IMAGE = re.compile(r"(?:docker compose|docker run|kubectl)[^`\n]*$")
OPTION = re.compile(r"(?:^|(?<=[ \[|,]))(--[a-z-]+)")
WITH_WORDS = re.compile(r"^  (?:-\w, )?(--[a-z-]+)(?:[^\n]*?  |[^\n]*\n {8,})\S", re.MULTILINE)


def programs() -> set[str]:
    """Modules of ours that run by `python -m` and read options; the others are started by these alone."""
    files = [path for room in documents.ROOMS for path in (PROJECT_ROOT / room).rglob("*.py")]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    found = [path for path, text in texts.items() if documents.BEGINNING.search(text) and READS_OPTIONS.search(text)]
    named = (path.relative_to(PROJECT_ROOT).with_suffix("").as_posix().replace("/", ".") for path in found)
    return {name.removesuffix(".__main__") for name in named}


@pytest.fixture(scope="module")
def helps() -> Mapping[str, str]:
    """What `--help` says, by the words of the command."""
    asked = sorted(programs())
    words = [sys.executable, "-m", "tests.launcher.program_helps", *asked]
    done = subprocess.run(words, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def unexplained(name: str, said: str) -> list[str]:
    """What is wrong with a program's `--help`: it is none, or an option stands there without a word about it."""
    if not said.startswith(f"usage: python -m {name}"):
        return [f"{name}: {said}"]
    return [f"{name} {option}" for option in sorted(set(OPTION.findall(said)) - set(WITH_WORDS.findall(said)))]


def unknown_options(page: Path, helps: Mapping[str, str]) -> list[str]:
    """Options that a page gives to one of our programs and that the program does not have."""
    return [
        f"{module} {option}"
        for module, rest in _uses(page.read_text(encoding="utf-8"))
        for option in OPTION.findall(rest)
        if option not in " ".join(_of_use(module, rest, helps))
    ]


def _uses(text: str) -> Iterator[tuple[str, str]]:
    yield from (each.groups() for each in USE.finditer(text.replace("\\\n", " ")))


def _of_use(module: str, rest: str, helps: Mapping[str, str]) -> list[str]:
    """The help of the program and of the command below it that is used."""
    return [
        said for name, said in helps.items() if name == module or name in {f"{module} {word}" for word in rest.split()}
    ]


def undocumented(page: Path) -> set[str]:
    """Targets of make and programs that the page's tables lack, and those that it has and nobody else."""
    spans = {span for row in table(page, COLUMNS) for span in codes(row["command"])}
    targets = {each.removeprefix("make ") for each in spans if each.startswith("make ")}
    named = {match.group(1) for each in spans if (match := documents.COMMAND.search(each))}
    return (targets ^ documents.targets()) | (named ^ programs())


def of_no_environment(text: str) -> list[str]:
    """Commands that run a python which may not have our packages: neither the environment's nor that of an image."""
    return [each.group() for each in BARE.finditer(text) if not IN_AN_IMAGE.search(text, 0, each.start())]


@pytest.mark.parametrize("page", documents.pages(), ids=lambda page: page.name)
def test_no_page_gives_a_command_that_works_only_in_an_activated_environment(page: Path) -> None:
    assert of_no_environment(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("run `python -m clinic.migrate`", ["python -m clinic.migrate"]),
        ("run `python3 -m clinic.migrate`", ["python3 -m clinic.migrate"]),
        ("run `.venv/bin/python -m clinic.migrate`", []),
        ("run `docker compose exec console python -m console.audit verify`", []),
        ("`kubectl -n milia exec deploy/milia-console -- python -m console.accounts first-link`", []),
        ("with `docker compose` or `python -m clinic.migrate`", ["python -m clinic.migrate"]),
    ],
)
def test_a_command_of_no_environment_is_found(said: str, found: list[str]) -> None:
    assert of_no_environment(said) == found


def test_the_readme_has_every_target_of_make_and_every_program_and_no_other() -> None:
    assert undocumented(README) == set()


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("| `make train` |", "| `make trains` |", {"train", "trains"}),
        ("-m clinic.backup FILE", "-m clinic.copies FILE", {"clinic.backup", "clinic.copies"}),
        ("`, `.venv/bin/python -m evaluation.redaction`", "`", {"evaluation.redaction"}),
    ],
)
def test_a_command_that_is_missing_or_made_up_is_found(
    tmp_path: Path, before: str, after: str, found: set[str]
) -> None:
    page = tmp_path / "README.md"
    text = README.read_text(encoding="utf-8")
    assert before in text
    page.write_text(text.replace(before, after), encoding="utf-8")
    assert undocumented(page) == found


def test_every_program_says_how_it_is_used_and_what_each_option_means(helps: Mapping[str, str]) -> None:
    assert [each for name, said in helps.items() for each in unexplained(name, said)] == []


def test_options_that_the_pages_use_are_there(helps: Mapping[str, str]) -> None:
    assert [f"{page.name}: {each}" for page in documents.pages() for each in unknown_options(page, helps)] == []


def test_a_program_that_says_nothing_is_found() -> None:
    assert unexplained("a.b", "exit code 1: no such module") == ["a.b: exit code 1: no such module"]
    said = "usage: python -m a.b [-h] [--one] [--two X] [--three]\n\n"
    said += "  -h, --help  show it\n  --one\n  --two X     has words\n"
    assert unexplained("a.b", said) == ["a.b --one", "a.b --three"]


def test_an_option_that_is_not_there_is_found(tmp_path: Path) -> None:
    helps = {"a.b": "usage: [--one] {c}", "a.b c": "usage: [--two]", "a.b d": "usage: [--three]"}
    page = tmp_path / "page.md"
    page.write_text("`python -m a.b --one`, `python -m a.b c --two --three` and\n\n    python -m a.b --four > --five\n")
    assert unknown_options(page, helps) == ["a.b --three", "a.b --four"]
