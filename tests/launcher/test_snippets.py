"""Blocks of code in the pages that are marked `run` do what they say; how the others are read.

tests/launcher/test_documents.py reads those of every page.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from clinic.settings import PROJECT_ROOT
from tests.launcher import documents, snippets
from tests.launcher.snippets import Snippet
from tests.migrated_databases import migrated_sqlite

RUNNABLE = [each for page in documents.pages() for each in snippets.snippets(page) if snippets.RUN in each.said]
EMPTY = dict.fromkeys(dotenv_values(PROJECT_ROOT / ".env.example"), "")
SECONDS_FOR_A_SNIPPET = 120

WRONG = """# A page

    make indented

```
make unsaid
```

```sh
if true; then
```

```python run
def f(:
```

```json
{"a": ...}
```

```yaml
a: [b
```

```sql
SELECT no_such_column FROM outbox;
```

```text
anything (at all
```
"""


def test_what_is_unsaid_or_not_of_its_language_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(WRONG, encoding="utf-8")
    assert snippets.unsaid(page) == ["page.md:5", "page.md:3"]
    assert [each.partition(": ")[0] for each in snippets.unreadable(page)] == [
        "page.md:9",
        "page.md:13",
        "page.md:17",
        "page.md:21",
        "page.md:25",
    ]


def run(snippet: Snippet, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a block in a folder that looks like the project's and has state of its own."""
    for each in PROJECT_ROOT.iterdir():
        if each.name not in ("var", ".env", ".git"):
            (folder / each.name).symlink_to(each)
    state = folder / "var"
    state.mkdir()
    settings = {**EMPTY, "VAR_DIR": str(state), "ENCRYPTION_KEYS": os.environ["ENCRYPTION_KEYS"]}
    environment = {**os.environ, **settings, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    (state / "milia.sqlite3").write_bytes(migrated_sqlite())
    command = ["sh", "-eu"] if snippet.language == "sh" else [sys.executable, "-"]
    return subprocess.run(
        command,
        input=snippet.text,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_FOR_A_SNIPPET,
    )


@pytest.mark.parametrize("snippet", RUNNABLE, ids=lambda snippet: snippet.place)
def test_what_is_marked_to_be_run_runs(snippet: Snippet, tmp_path: Path) -> None:
    done = run(snippet, tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_block_that_fails_is_found(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    failing = Snippet(tmp_path / "page.md", 1, ("sh", "run"), ".venv/bin/python -m clinic.migrate --nonsense\ntrue\n")
    assert run(failing, tmp_path / "folder").returncode != 0


def test_there_is_something_to_run() -> None:
    assert {each.page.name for each in RUNNABLE} >= {"notices.md", "upgrading.md"}
