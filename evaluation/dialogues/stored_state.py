"""What an instance has stored, read from its database by SQL, as rows that are new since some moment."""

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import MetaData, create_engine, select
from sqlalchemy.engine import Connection
from sqlalchemy.pool import SingletonThreadPool

from clinic.encryption.columns import ENCRYPTED_COLUMNS
from clinic.encryption.keys import KeyRing

TABLES = {
    "appointment_requests": "created_at",
    "staff_messages": "created_at",
    "consents": "recorded_at",
    "flags": "created_at",
    "erasures": "requested_at",
    "request_changes": "changed_at",
    "outbox": "created_at",
}
"""What is read, and the column by which a table's rows are ordered: most ids are random."""

LABEL_FIELDS = ("label", "confidence", "second_label", "candidates", "safety", "language")

Rows = list[dict[str, Any]]


class StoredState:
    """The database of a running instance."""

    def __init__(self, database_url: str, keys: KeyRing) -> None:
        """Look at the tables.

        Args:
            database_url: the instance's database.
            keys: the instance's keys.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database or one of the tables is not there.
        """
        # Each look is a transaction of its own, and sees what the instance has committed until then; opening a
        # file anew for each takes longer than looking.
        self._engine = create_engine(database_url, future=True, poolclass=SingletonThreadPool)
        self._keys = keys
        self._tables = MetaData()
        self._tables.reflect(self._engine, only=[*TABLES, "events", "turns"])

    def keys(self) -> Mapping[str, set[str]]:
        """The ids of the rows that are there now, by table."""
        with self._engine.connect() as connection:
            return {name: set(connection.execute(select(self._tables.tables[name].c.id)).scalars()) for name in TABLES}

    def rows_since(self, known: Mapping[str, set[str]]) -> dict[str, Rows]:
        """The rows, with all their fields, that were not there when `known` was taken, oldest first.

        Dialogues are played one after the other and none goes on with the conversation of another, so these are the
        rows of one dialogue: also those that name no conversation, as a completed erasure, a change or a notice.
        """
        with self._engine.connect() as connection:
            return {
                name: [row for row in self._rows(connection, name) if row["id"] not in known[name]] for name in TABLES
            }

    def newest_event(self) -> int:
        """The id of the newest event of any conversation, 0 when there is none."""
        return self._newest("events")

    def labels_since(self, event: int) -> dict[str, Any] | None:
        """How the message after this event was understood; None when none was, or its events are erased already."""
        events = self._tables.tables["events"]
        newest = (
            select(events.c.data)
            .where(events.c.id > event, events.c.type_name == "user")
            .order_by(events.c.id.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            data = self._in_clear("events", "data", connection.execute(newest).scalar())
        understanding = json.loads(data).get("parse_data", {}).get("understanding") if data else None
        return {name: understanding.get(name) for name in LABEL_FIELDS} if understanding else None

    def newest_turn(self) -> int:
        """The id of the newest turn of any conversation, 0 when there is none."""
        return self._newest("turns")

    def answers_since(self, turn: int) -> Rows:
        """The messages kept as answers after this turn, oldest first, as the web channel sends them."""
        turns = self._tables.tables["turns"]
        query = select(turns.c.answer).where(turns.c.id > turn, turns.c.answer.isnot(None)).order_by(turns.c.id)
        with self._engine.connect() as connection:
            answers = [self._in_clear("turns", "answer", answer) for answer in connection.execute(query).scalars()]
        return [message for answer in answers for message in json.loads(answer)]

    def _newest(self, table: str) -> int:
        column = self._tables.tables[table].c.id
        with self._engine.connect() as connection:
            return connection.execute(select(column).order_by(column.desc()).limit(1)).scalar() or 0

    def _rows(self, connection: Connection, name: str) -> Rows:
        table = self._tables.tables[name]
        found = connection.execute(select(table).order_by(table.c[TABLES[name]])).mappings()
        return [{key: _as_json(self._in_clear(name, key, value)) for key, value in row.items()} for row in found]

    def _in_clear(self, table: str, column: str, value: Any) -> Any:
        is_encrypted = isinstance(value, str) and column in ENCRYPTED_COLUMNS.get(table, ())
        return self._keys.decrypt(value, table, column) if is_encrypted else value


def _as_json(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    # SQLite gives back the UTC moment it was given without its zone.
    return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).isoformat(timespec="seconds")
