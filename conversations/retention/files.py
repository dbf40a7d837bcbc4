"""Files that the program, or somebody with it, left on disk and that nobody needs any more.

Models and files of taught lines are not among them: training and promotion delete those.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from conversations.retention import classes
from conversations.retention.classes import Cutoffs
from conversations.taught_files import WORKING, WRITING

EXPORTS = "exports"
TEACHING = "teaching"


@dataclass(frozen=True)
class OldFile:
    """A file or folder that goes; `store` is what receipts call its place."""

    store: str
    path: Path
    changed_at: datetime


STORES = (f"files: {EXPORTS}", f"files: {TEACHING}")


def old_files(var_dir: Path, at: Cutoffs) -> list[OldFile]:
    """The files that go: exports that are past their time, and a day after it what a killed training left.

    Raises:
        OSError: a folder cannot be read.
    """
    exports = [each for each in _in(var_dir / EXPORTS, STORES[0]) if each.changed_at < at.of(classes.FILES)]
    left = [
        each
        for each in _in(var_dir / TEACHING, STORES[1])
        if each.path.name.startswith((WRITING, WORKING)) and each.changed_at < at.a_day_ago
    ]
    return [*exports, *left]


def remove_file(old: OldFile) -> None:
    """Delete it, a folder with all that is in it; what is gone already is fine.

    Raises:
        OSError: it cannot be deleted.
    """
    if old.path.is_dir() and not old.path.is_symlink():
        shutil.rmtree(old.path)
    else:
        old.path.unlink(missing_ok=True)


def _in(folder: Path, store: str) -> Iterator[OldFile]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        yield OldFile(store, path, datetime.fromtimestamp(path.lstat().st_mtime, timezone.utc))
