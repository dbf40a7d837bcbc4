"""The journal of erasures: a file outside the database, so that a restored backup can be made to forget again.

`VAR_DIR/erasures/journal.jsonl` has one JSON object a line for each complete erasure: its receipt, and the digest of
the conversation's id, which is random or a keyed hash. Nobody can be found by it who is not in the database.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.clock import in_utc
from clinic.database import transaction
from clinic.erasures import Erasure

FOLDER = "erasures"
FILE = "journal.jsonl"


class NoJournalError(LookupError):
    """There is no journal, so nobody knows what was erased since the backup."""


class BrokenJournalError(ValueError):
    """A line of the journal cannot be read; the message says which."""


@dataclass(frozen=True)
class JournalEntry:
    """One erasure, as clinic/erasures.py keeps it; `completed_at` is in UTC, in ISO 8601."""

    receipt: str
    conversation_digest: str
    channel: str
    completed_at: str
    requested_by: str | None = None
    reason: str | None = None
    kept_reason: str | None = None


class Journal:
    """The journal of one instance."""

    def __init__(self, var_dir: Path) -> None:
        self.path = var_dir / FOLDER / FILE

    def note_new(self, engine: Engine) -> int:
        """Add the complete erasures that are not in it; says how many. Several processes may add one twice: no harm.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
            OSError: the file cannot be written.
        """
        known = {entry.receipt for entry in self.entries()} if self.path.is_file() else set()
        complete = (Erasure.completed_at.is_not(None), Erasure.conversation_digest.is_not(None))
        with transaction(engine) as session:
            rows = list(session.execute(select(Erasure).where(*complete).order_by(Erasure.completed_at)).scalars())
        new = [_entry(row) for row in rows if row.receipt not in known]
        if new or not self.path.is_file():
            self._append(new)
        return len(new)

    def entries(self) -> list[JournalEntry]:
        """All erasures in it; a last line that a crash cut short is left out.

        Raises:
            NoJournalError: there is no journal.
            BrokenJournalError: another line is no entry.
            OSError: it cannot be read.
        """
        if not self.path.is_file():
            raise NoJournalError("there is no journal of erasures")
        return list(_read(self.path.read_text(encoding="utf-8")))

    def _append(self, entries: list[JournalEntry]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")  # a line that a crash cut short stays apart
            file.write("".join(json.dumps(asdict(entry)) + "\n" for entry in entries).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())


def _entry(row: Erasure) -> JournalEntry:
    moment = in_utc(row.completed_at).isoformat(timespec="seconds")
    said = (row.requested_by, row.reason, row.kept_reason)
    return JournalEntry(row.receipt, row.conversation_digest, row.channel, moment, *said)


def _read(content: str) -> Iterator[JournalEntry]:
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.endswith("}"):
            continue  # the writer died in the middle of it, and its erasures were added again after it
        try:
            yield JournalEntry(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise BrokenJournalError(f"line {number} of the journal of erasures cannot be read") from error
