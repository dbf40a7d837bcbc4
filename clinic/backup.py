"""`python -m clinic.backup FILE`: copy the SQLite database while everything runs, and check the copy.

PostgreSQL has its own program for that; docs/production.md shows it.
"""

import argparse
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from clinic.settings import SettingsError, load_settings

PAGES_AT_ONCE = 256
SECONDS_BETWEEN = 0.01
NOT_SQLITE = "the database is PostgreSQL: use pg_dump, as docs/production.md shows"


class BackupError(RuntimeError):
    """There is no backup; the message says why."""


def back_up(source: Path, target: Path) -> None:
    """Copy the database with all that is committed, a piece at a time, so that nobody waits for long.

    The file is there under its name only once the copy is whole and checked; only its owner may read it.

    Args:
        source: the database's file.
        target: where the copy is to be; a file that is there is not overwritten.

    Raises:
        BackupError: there is no such database, there is a file already, or the copy is not sound.
        sqlite3.Error: it cannot be read.
        OSError: the copy cannot be written.
    """
    if not source.is_file():
        raise BackupError("there is no database to copy")
    if target.exists():
        raise BackupError("there is a file of this name already")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as database,
            closing(sqlite3.connect(draft)) as copy,
        ):
            database.backup(copy, pages=PAGES_AT_ONCE, sleep=SECONDS_BETWEEN)
            # A copy that stands alone: nobody has to bring the log along.
            copy.execute("PRAGMA journal_mode=DELETE")
        check(draft)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


def check(path: Path) -> None:
    """Read all of a copy.

    Raises:
        BackupError: it is not sound.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        try:
            verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise BackupError("the copy is no database") from error
    if verdict != "ok":
        raise BackupError("the copy is damaged")


def main(arguments: Sequence[str] | None = None) -> int:
    """Back up the configured database.

    Returns:
        0 when the copy is there, 1 when it is not.
    """
    parser = argparse.ArgumentParser(
        prog="python -m clinic.backup",
        description="Copy the SQLite database while everything runs, and check the copy.",
    )
    parser.add_argument("file", type=Path, help="where the copy is to be")
    parser.add_argument("--check", action="store_true", help="copy nothing; check a copy that is there")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            check(options.file)
        else:
            back_up(_source(), options.file)
    except (BackupError, SettingsError, sqlite3.Error, OSError) as error:
        sys.stderr.write(f"no backup: {error}\n")
        return 1
    sys.stdout.write("the copy is sound\n")
    return 0


def _source() -> Path:
    url = make_url(load_settings().database_url)
    if url.get_backend_name() != "sqlite":
        raise BackupError(NOT_SQLITE)
    return Path(url.database or "")


if __name__ == "__main__":
    sys.exit(main())
