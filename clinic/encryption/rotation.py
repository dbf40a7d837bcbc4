"""Bringing stored values under the key that writes, row by row, while other processes work.

A row is written only if its values are still the ones that were read. Rows that somebody else holds are passed over and
taken up in the next round, so that nobody waits for anybody in a circle.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Text, and_, column, func, inspect, or_, select, table, tuple_, update
from sqlalchemy.engine import Connection, Engine

from clinic.encryption.columns import ENCRYPTED_COLUMNS, keys_of
from clinic.encryption.keys import PLAIN, PREFIX, KeyRing, UnreadableValueError

ROWS_AT_ONCE = 100
MOST_ROUNDS = 4
LONGEST_START = len(PREFIX) + 20
Columns = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class StoredTable:
    """A table with encrypted columns as the database has it; values are read and written as they are stored."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    source: Any
    """The table for statements; its types know nothing of encryption."""

    def place(self) -> Any:
        """The primary key as one expression, for going on after a row."""
        return tuple_(*(self.source.c[name] for name in self.key))


@dataclass
class Round:
    """What was done: values written by table, what cannot be read, and how many rows are left for another time.

    An entry of `unreadable` is table, column, key id and the row's primary key. Rows are left that somebody else holds
    or changes all the time, and those with an unreadable value.
    """

    written: Counter[str] = field(default_factory=Counter)
    unreadable: list[tuple[str, str, str, str]] = field(default_factory=list)
    left: int = 0


def encrypt_plain(engine: Engine) -> Round:
    """Encrypt the values that are stored plain; nothing while plain text is to be written.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer; what was done stays done.
    """
    if keys_of(engine).writes_plain:
        return Round()
    return _rounds(engine, starts_wanted=(PREFIX,))


def rotate(engine: Engine) -> Round:
    """Bring every value under the key that writes; with `plain` before the keys, make every value plain text.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer. What was done stays done; call it again.
    """
    return _rounds(engine, starts_wanted=_starts_in_force(keys_of(engine)))


def count_due(engine: Engine) -> int:
    """How many rows a rotation would write.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    return _rows_due(engine, _tables_of(engine), _starts_in_force(keys_of(engine)))


def encrypt_lookalikes(connection: Connection, columns: Columns) -> None:
    """Encrypt plain values that look encrypted; for the migration before which none of these columns was encrypted.

    Afterwards everything that begins like an encrypted value is one.
    """
    keys = keys_of(connection)
    for stored in _tables(connection, columns):
        source = stored.source
        alike = or_(*(_start(source.c[name], len(PREFIX)) == PREFIX for name in stored.columns))
        for row in connection.execute(select(source).where(alike)).mappings().all():
            values = {
                name: keys.encrypt(row[name], stored.name, name)
                for name in stored.columns
                if (row[name] or "").startswith(PREFIX)
            }
            connection.execute(_changed(stored, row, values))


def count_values(engine: Engine) -> dict[tuple[str, str], Counter[str]]:
    """How many values are stored under which key id, by table and column; `plain` counts those without one."""
    counts = {}
    with engine.connect() as connection:
        for stored in _tables(connection, ENCRYPTED_COLUMNS):
            for name in stored.columns:
                value = stored.source.c[name]
                starts = connection.execute(select(_start(value, LONGEST_START)).where(value.is_not(None)))
                counts[stored.name, name] = Counter(_key_id(start) for (start,) in starts.yield_per(10_000))
    return counts


def _key_id(start: str) -> str:
    return start[len(PREFIX) :].partition(".")[0] if start.startswith(PREFIX) else PLAIN


def _starts_in_force(keys: KeyRing) -> tuple[str, ...]:
    """How values begin that stay as they are; none where all become plain text."""
    return () if keys.writes_plain else (f"{PREFIX}{keys.writing_id}.",)


def _rounds(engine: Engine, starts_wanted: tuple[str, ...]) -> Round:
    """Go over the tables until nothing is left, or what is left is unreadable or kept by others all the time."""
    written: Counter[str] = Counter()
    tables = _tables_of(engine)
    last = Round()
    for _ in range(MOST_ROUNDS):
        last = Round()
        for stored in tables:
            _go_over(engine, stored, starts_wanted, last)
        written += last.written
        last.left = _rows_due(engine, tables, starts_wanted)
        if not last.left or not last.written:
            break
    if written and engine.dialect.name == "sqlite":
        # The log beside the file holds the pages as they were before.
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Round(written, last.unreadable, last.left)


def _go_over(engine: Engine, stored: StoredTable, starts_wanted: tuple[str, ...], done: Round) -> None:
    after: tuple[Any, ...] | None = None
    while True:
        with engine.connect() as connection, _writing(connection):
            rows = connection.execute(_batch(stored, starts_wanted, after)).mappings().all()
            for row in rows:
                _renew(connection, stored, row, starts_wanted, done)
        if not rows:
            return
        after = tuple(rows[-1][name] for name in stored.key)


def _writing(connection: Connection) -> Any:
    """A transaction that has the right to write from its beginning: SQLite gives it to no reader while others write."""
    begun = connection.begin()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    return begun


def _batch(stored: StoredTable, starts_wanted: tuple[str, ...], after: tuple[Any, ...] | None) -> Any:
    source = stored.source
    query = select(source).where(_due(stored, starts_wanted)).limit(ROWS_AT_ONCE)
    query = query.order_by(*(source.c[name] for name in stored.key))
    if after is not None:
        query = query.where(stored.place() > tuple_(*after))
    # PostgreSQL: whoever holds a row keeps it, and nobody has to wait. SQLite has one writer at a time.
    return query.with_for_update(skip_locked=True)


def _due(stored: StoredTable, starts_wanted: tuple[str, ...]) -> Any:
    return or_(*(_is_due(stored.source.c[name], starts_wanted) for name in stored.columns))


def _is_due(value: Any, starts_wanted: tuple[str, ...]) -> Any:
    if not starts_wanted:
        return and_(value.is_not(None), _start(value, len(PREFIX)) == PREFIX)
    return and_(value.is_not(None), *(_start(value, len(start)) != start for start in starts_wanted))


def _start(value: Any, length: int) -> Any:
    # LIKE makes no difference between e1. and E1. on SQLite.
    return func.substr(value, 1, length, type_=Text())


def _renew(
    connection: Connection, stored: StoredTable, row: Mapping[str, Any], starts_wanted: tuple[str, ...], done: Round
) -> None:
    keys = keys_of(connection)
    values = {}
    for name in stored.columns:
        if row[name] is None or (starts_wanted and row[name].startswith(starts_wanted)):
            continue
        try:
            text = keys.decrypt(row[name], stored.name, name)
        except UnreadableValueError as error:
            place = ", ".join(str(row[part]) for part in stored.key)
            done.unreadable.append((stored.name, name, error.key_id, place))
            continue
        if starts_wanted or not text.startswith(PREFIX):
            values[name] = keys.encrypt(text, stored.name, name)
    if values and connection.execute(_changed(stored, row, values)).rowcount:
        done.written[stored.name] += len(values)


def _changed(stored: StoredTable, row: Mapping[str, Any], values: Mapping[str, str]) -> Any:
    """Write the values if the row still has those that were read."""
    source = stored.source
    same = [source.c[name] == row[name] for name in (*stored.key, *values)]
    return update(source).where(*same).values(values)


def _rows_due(engine: Engine, tables: Sequence[StoredTable], starts_wanted: tuple[str, ...]) -> int:
    """How many rows have a value that does not begin as it should."""
    with engine.connect() as connection:
        counts = (select(func.count()).select_from(each.source).where(_due(each, starts_wanted)) for each in tables)
        return sum(connection.execute(count).scalar() for count in counts)


def _tables_of(engine: Engine) -> list[StoredTable]:
    with engine.connect() as connection:
        return list(_tables(connection, ENCRYPTED_COLUMNS))


def _tables(connection: Connection, columns: Columns) -> Iterator[StoredTable]:
    """The tables and columns that are there; Rasa makes its own later than we make ours."""
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    for name in sorted(present.intersection(columns)):
        there = {each["name"] for each in inspector.get_columns(name)}
        key = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
        encrypted = tuple(each for each in columns[name] if each in there)
        source = table(name, *(column(part) for part in key), *(column(each, Text()) for each in encrypted))
        yield StoredTable(name, key, encrypted, source)
