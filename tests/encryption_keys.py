"""The keys of all tests, and reading with them what SQL of a test's own finds."""

import sqlite3

from clinic.encryption.keys import parse_keys

ENCRYPTION_KEYS = "tests:dGVzdHMtdGVzdHMtdGVzdHMtdGVzdHMtdGVzdHMtISE="
KEYS = parse_keys(ENCRYPTION_KEYS)


def plain(place: str, stored: str | None) -> str | None:
    """What was stored in `table.column`, which must not stand there as it is."""
    if stored is None:
        return None
    table, column = place.split(".")
    value = KEYS.decrypt(stored, table, column)
    assert value != stored, f"{place} is not encrypted"
    return value


def teach_to_read(connection: sqlite3.Connection) -> None:
    """Let statements on this connection say `plain('table.column', column)`."""
    connection.create_function("plain", 2, plain)
