"""What the pages of documentation name is there: links, headings, tests, settings, commands, files, readable code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT
from tests.launcher import documents, snippets

Check = Callable[[Path], list[str]]

WRONG = """# A page

[gone](gone.md), [no heading](#nowhere), [elsewhere without one](architecture.md#nowhere), [fine](#a-page),
[fine too](architecture.md#rooms), [outside](https://example.com/gone).

`tests/launcher/test_documents.py::test_that_nobody_wrote`, `tests/launcher/test_gone.py::test_anything`,
`NO_SUCH_SETTING`, `NO_OTHER_SETTING=required`, `SECRET_KEY`, `make nothing`,
`python -m clinic.nothing`, `clinic/nothing.py`, `.env`, `deploy/.env`,
`python -m clinic.clock` is a module and no program.

```
make nonsense && make run
.venv/bin/python -m console.nothing verify
[no link](in/code.md)
```

    make indented

```json
{"a": ...}
```
"""
FOUND: dict[Check, list[str]] = {
    documents.broken_links: ["gone.md", "#nowhere", "architecture.md#nowhere"],
    documents.unknown_tests: [
        "tests/launcher/test_documents.py::test_that_nobody_wrote",
        "tests/launcher/test_gone.py::test_anything",
    ],
    documents.unknown_settings: ["NO_SUCH_SETTING", "NO_OTHER_SETTING"],
    documents.unknown_commands: [
        "python -m clinic.nothing",
        "python -m clinic.clock",
        "python -m console.nothing",
        "make nothing",
        "make nonsense",
        "make indented",
    ],
    documents.unknown_files: ["clinic/nothing.py"],
    snippets.unsaid: ["page.md:11", "page.md:17"],
    snippets.unreadable: ["page.md:19: Expecting value: line 1 column 7 (char 6)"],
}


def _named(page: Path) -> str:
    return page.relative_to(PROJECT_ROOT).as_posix()


@pytest.mark.parametrize("check", FOUND, ids=lambda check: check.__name__)
@pytest.mark.parametrize("page", documents.pages(), ids=_named)
def test_what_a_page_names_is_there(page: Path, check: Check) -> None:
    assert check(page) == []


@pytest.mark.parametrize("check", FOUND, ids=lambda check: check.__name__)
def test_what_a_page_names_in_vain_is_found(tmp_path: Path, check: Check) -> None:
    page = tmp_path / "page.md"
    page.write_text(WRONG, encoding="utf-8")
    (tmp_path / "architecture.md").write_text("# Architecture\n\n## Rooms\n", encoding="utf-8")
    assert check(page) == FOUND[check]


def test_headings_have_the_anchors_that_github_gives_them() -> None:
    text = "# What's `new`, and why?\n## Same\n## Same\n```\n# no heading\n```\n## 45 CFR 164.312: [access](x.md)\n"
    assert documents.slugs(text) == {"whats-new-and-why", "same", "same-1", "45-cfr-164312-access"}


def test_each_page_of_the_docs_is_linked_from_another() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in documents.pages()
        for link in documents.LINK.findall(page.read_text(encoding="utf-8"))
    }
    assert set((PROJECT_ROOT / "docs").rglob("*.md")) <= linked
