"""Which columns are encrypted, and the type of such a column.

To encrypt one more column: name it here, give it the type, and let a migration widen it to Text and call
`clinic.encryption.rotation.encrypt_lookalikes` for it. `clinic.migrate` then encrypts the rows that are there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Text
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.sql.expression import ColumnClause
from sqlalchemy.sql.operators import is_, is_not
from sqlalchemy.types import TypeDecorator

from clinic.encryption.keys import KeyRing

ENCRYPTED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "appointment_requests": (
        "contact_name",
        "patient_name",
        "patient_relation",
        "phone",
        "email",
        "preferred_time",
        "reason",
        "note",
    ),
    "staff_messages": ("contact_name", "phone", "email", "text", "note"),
    "request_changes": ("details",),
    "message_changes": ("details",),
    "consents": ("wording",),
    "outgoing_texts": ("body",),
    "text_contacts": ("number",),
    "saved_searches": ("name", "filters"),
    "events": ("data",),
    "conversation_states": ("state",),
    "turns": ("visitor_text", "answer"),
    "incoming_texts": ("body", "reply", "rest"),
}
"""The encrypted columns by table; a test compares them with the tables as they are described."""


NOT_IN_SQL = "an encrypted column cannot be compared or sorted in SQL"


class EncryptedText(TypeDecorator):
    """Text that the database sees encrypted: `Column(EncryptedText("appointment_requests", "phone"))`.

    The code sees and gives plain text, in statements as in mapped classes. NULL stays NULL. Since the same text is
    encrypted differently each time, a column can only be asked whether it is NULL: any other comparison raises
    TypeError when the statement is made. Neither ORDER BY nor DISTINCT nor GROUP BY mean anything on it, and as a part
    of a UNION it would be read as a value of the first part's column.
    """

    impl = Text
    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator):  # noqa: N801 - the name is SQLAlchemy's
        """Refuses what an encrypted column cannot answer."""

        def operate(self, operator: Any, *other: Any, **options: Any) -> Any:
            """Whether it is NULL; and what SQLAlchemy asks when it looks for a column among others."""
            if operator in (is_, is_not) or isinstance(other[0] if other else None, ColumnClause):
                return super().operate(operator, *other, **options)
            raise TypeError(NOT_IN_SQL)

        def reverse_operate(self, _operator: Any, *_other: Any, **_options: Any) -> Any:
            """Nothing."""
            raise TypeError(NOT_IN_SQL)

    def __init__(self, table: str, column: str) -> None:
        if column not in ENCRYPTED_COLUMNS.get(table, ()):
            raise ValueError(f"{table}.{column} is not named in clinic/encryption/columns.py")
        super().__init__()
        self.table = table
        self.column = column

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """What encrypts on the way to the database; made once for an engine."""
        encrypt, table, column = _ring(dialect).encrypt, self.table, self.column
        return lambda value: None if value is None else encrypt(value, table, column)

    def result_processor(self, dialect: Dialect, _column_type: object) -> Callable[[str | None], str | None]:
        """What decrypts on the way back, and raises UnreadableValueError where it cannot."""
        decrypt, table, column = _ring(dialect).decrypt, self.table, self.column
        return lambda value: None if value is None else decrypt(value, table, column)


def attach_keys(engine: Engine, keys: KeyRing) -> None:
    """Let the engine's encrypted columns use these keys."""
    engine.dialect.encryption_keys = keys


def keys_of(bind: Any) -> KeyRing:
    """The keys of an engine or a connection."""
    return _ring(bind.dialect)


def _ring(dialect: Any) -> KeyRing:
    ring = getattr(dialect, "encryption_keys", None)
    if not isinstance(ring, KeyRing):
        raise TypeError("the engine has no keys: make it by clinic.database.make_engine")
    return ring
