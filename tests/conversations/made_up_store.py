"""Contents of every table, made up: ids from small pools, so that rows belong together, and moments of any age.

The tables are read from the metadata, so that a new one is filled too.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, DateTime, Float, Integer, Table, UniqueConstraint, delete, insert, select
from sqlalchemy.engine import Engine

import conversations.retention.tables
from clinic.database import Base
from console.tables import Account
from conversations.event_rows import EVENTS

NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
AGES = (
    0.0,
    0.5,
    2.0,
    9.0,
    29.9,
    30.1,
    45.0,
    89.9,
    90.1,
    120.0,
    364.9,
    365.1,
    900.0,
    1_094.9,
    1_095.1,
    2_191.9,
    2_192.1,
)
"""Days, on both sides of each class's time."""
POOLS: dict[str, tuple[Any, ...]] = {
    "conversation_id": ("c1", "c2", "c3", "c4", "c5", ""),
    "sender_id": ("c1", "c2", "c3", "c4", "c5"),
    "web_sessions.id": ("c1", "c2", "c3", "c4", "c5"),
    "appointment_requests.id": ("s1", "s2", "s3", "s4"),
    "staff_messages.id": ("s5", "s6", "s7", "s8"),
    "request_id": ("s1", "s2", "s3", "s4"),
    "subject_id": ("s1", "s2", "s5", "s6", "elsewhere"),
    "message_changes.message_id": ("s5", "s6", "s7", "s8"),
    "carrier_id": ("t1", "t2", "t3", "t4"),
    "accounts.id": ("a1", "a2", "a3"),
    "account_id": ("a1", "a2", "a3"),
    "taught": ("f1", "f2", None),
    "taught_before": ("f1", "f3", None),
    "taught_label": ("greet", None, None),
    "appointment_requests.status": ("open", "contacted", "booked", "closed", "withdrawn"),
    "staff_messages.status": ("open", "contacted", "closed"),
    "delivery_reports.status": ("sent", "delivered", "undelivered", "failed"),
    "corrections.state": ("proposed", "released", "rejected", "refused", "taught"),
    "candidates.state": ("queued", "failed", "set_aside", "promoted"),
    "consents.state": ("in", "out"),
    "retention_leases.name": ("another",),
    "projection_progress.name": ("turn_log",),
    "labels": ("{}",),
    "logged_turns.text_digest": ("d1", "d2", ""),
}
ROWS_OF_A_TABLE = 12


DESCRIBED = (Account, conversations.retention.tables)
"""Each import adds its tables to the metadata; the rest come with what is tested."""


def tables() -> list[Table]:
    """Every table of ours, and Rasa's events."""
    return [*Base.metadata.sorted_tables, EVENTS]


def empty(engine: Engine) -> None:
    """Empty all tables."""
    with engine.begin() as connection:
        for table in tables():
            connection.execute(delete(table))


def fill(engine: Engine, chance: random.Random) -> None:
    """Put rows into all tables."""
    with engine.begin() as connection:
        for table in tables():
            rows = list(_rows(table, chance))
            if rows:
                connection.execute(insert(table), rows)


def content(engine: Engine) -> dict[str, dict[tuple[Any, ...], dict[str, Any]]]:
    """All rows by table and primary key."""
    with engine.connect() as connection:
        return {
            table.name: {
                tuple(row[column] for column in table.primary_key.columns): {
                    column.name: row[column] for column in table.columns
                }
                for row in connection.execute(select(table)).mappings()
            }
            for table in tables()
        }


def _rows(table: Table, chance: random.Random) -> Iterator[dict[str, Any]]:
    unique = [[column.name for column in index.columns] for index in table.indexes if index.unique]
    unique += [
        [column.name for column in each.columns] for each in table.constraints if isinstance(each, UniqueConstraint)
    ]
    unique.append([column.name for column in table.primary_key.columns])
    taken: set[tuple[Any, ...]] = set()
    for number in range(chance.randrange(ROWS_OF_A_TABLE + 1)):
        row = {column.name: _value(table, column, number, chance) for column in table.columns}
        keys = {(*names, *(row[name] for name in names)) for names in unique}
        if not keys & taken:
            taken |= keys
            yield row


def _value(table: Table, column: Any, number: int, chance: random.Random) -> Any:
    pool = POOLS.get(f"{table.name}.{column.name}") or POOLS.get(column.name)
    if pool:
        return chance.choice([each for each in pool if each is not None or column.nullable])
    if isinstance(column.type, DateTime):
        moment = NOW - timedelta(days=chance.choice(AGES))
        return None if column.nullable and chance.random() < 0.4 else moment
    if isinstance(column.type, Boolean):
        return chance.random() < 0.5
    if isinstance(column.type, Float):
        return (NOW - timedelta(days=chance.choice(AGES))).timestamp()
    if isinstance(column.type, Integer):
        return number + 1
    return None if column.nullable and chance.random() < 0.4 else f"{column.name[:4]}{number}"
