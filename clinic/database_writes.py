"""Whether the database keeps what is written to it; that it can be read says nothing of a full disk or a standby."""

from sqlalchemy.engine import Engine

# A page of the file is written and flushed, and nothing in it changes: nobody else uses this number.
# See https://www.sqlite.org/pragma.html#pragma_user_version.
SQLITE_PROBE = "PRAGMA user_version = 0"
# Only a server that takes writes gives out a number for a transaction.
POSTGRESQL_PROBE = "SELECT txid_current()"


def takes_writes(engine: Engine) -> bool:
    """Write as little as can be.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it was not kept: the disk is full, the file is locked, the server is away.
    """
    probe = SQLITE_PROBE if engine.dialect.name == "sqlite" else POSTGRESQL_PROBE
    with engine.begin() as connection:
        connection.exec_driver_sql(probe)
    return True
