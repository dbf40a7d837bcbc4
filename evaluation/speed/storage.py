"""What a turn leaves behind in the database: rows and bytes, from which a deployment's disk can be planned."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Storage:
    """The rows of all tables and the bytes of the whole file, indexes included, by turn."""

    turns: int
    rows_a_turn: float
    bytes_a_turn: float


def storage_of(database: Path) -> Storage:
    """Count what a database holds.

    Args:
        database: an SQLite file with at least one turn; nobody writes to it meanwhile.

    Raises:
        ValueError: there is no turn in it.
    """
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        rows = {name: _count(connection, name) for name in _tables(connection)}
    turns = rows["turns"]
    if not turns:
        raise ValueError("there is no turn in the database")
    return Storage(turns, sum(rows.values()) / turns, database.stat().st_size / turns)


def _tables(connection: sqlite3.Connection) -> list[str]:
    # The names with sqlite_ are SQLite's own (https://www.sqlite.org/fileformat2.html#intschema).
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return [str(name) for (name,) in found]


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - a name it told us
