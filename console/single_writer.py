"""Letting one writer at a time read and then write, on both kinds of database."""

from sqlalchemy.engine import Connection

# Numbers of PostgreSQL's advisory locks; clinic/migrate.py has 7_314_201.
AUDIT = 7_314_202
LOGIN = 7_314_203
ACCOUNTS = 7_314_204


def one_writer_at_a_time(connection: Connection, lock: int) -> None:
    """Wait until nobody else holds the lock, and hold it until the transaction ends. Call it first in a transaction.

    SQLite has one lock for the whole file, which is then this one; a transaction that has begun there holds it already.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({lock})")
    elif not connection.connection.in_transaction:
        # The driver begins a transaction by itself with the first write only.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
