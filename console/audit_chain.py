"""Checking the audit: whether every row is the one that was written, and none is missing or was put in."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine, Row

from console.audit_log import FIRST_HASH, hash_of
from console.keys import key_for
from console.tables import AuditEntry

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class ChainReport:
    """What was found. `head` is the hash of the last row that fits, to be noted elsewhere."""

    rows: int
    """How many rows fit."""
    head: str
    broken_id: int | None = None
    """The first row that does not fit, if any."""
    problem: str = ""
    """In words, for the operator; empty when the chain is whole."""

    @property
    def is_whole(self) -> bool:
        """Whether every row fits, and the noted one is among them."""
        return not self.problem


def check_chain(engine: Engine, secret_key: str, noted_head: str = "") -> ChainReport:
    """Follow the chain from its first row.

    Args:
        engine: the database.
        secret_key: made the chain's key.
        noted_head: a head that was noted before; the chain must still hold it, else its end was cut off.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the rows could not be read.
    """
    key = key_for(secret_key, "audit")
    rows, head, seen = 0, FIRST_HASH, noted_head in ("", FIRST_HASH)
    for entry in _entries(engine):
        problem = _problem(key, entry, rows + 1, head)
        if problem:
            return ChainReport(rows, head, entry.id, problem)
        rows, head = rows + 1, entry.hash
        seen = seen or head == noted_head
    if not seen:
        return ChainReport(rows, head, None, f"the noted head is not in the chain: rows after row {rows} are missing")
    return ChainReport(rows, head)


def _problem(key: bytes, entry: Row, expected_id: int, head: str) -> str:
    if entry.id != expected_id:
        return f"row {expected_id} is missing, or row {entry.id} was put in"
    if entry.previous_hash != head:
        return f"row {entry.id} does not follow the row before it"
    if not hmac.compare_digest(entry.hash, hash_of(key, entry)):
        changed = f"row {entry.id} was changed, or was not written by this console"
        return f"{changed} (or SECRET_KEY is not the one of then)" if expected_id == 1 else changed
    return ""


def _entries(engine: Engine) -> Iterator[Row]:
    # Plain rows: objects of the mapped class would take most of the time.
    table = AuditEntry.__table__
    query = select(table).order_by(table.c.id).limit(ROWS_AT_ONCE)
    rest = query
    with engine.connect() as connection:
        while True:
            entries = connection.execute(rest).all()
            if not entries:
                return
            yield from entries
            rest = query.where(table.c.id > entries[-1].id)
