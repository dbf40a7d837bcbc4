"""A clinic's database for one played conversation, with the records of somebody else in it."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy import MetaData, select, update
from sqlalchemy.engine import Engine

from actions import backend
from clinic.appointment_requests import AppointmentRequest, NewAppointmentRequest, store_appointment_request
from clinic.database import make_engine, transaction
from clinic.encryption.columns import ENCRYPTED_COLUMNS, EncryptedText
from clinic.erasures import Erasure
from clinic.flags import flag_turn
from clinic.migrate import migrate
from clinic.staff_messages import NewStaffMessage, store_staff_message

OWN, OTHER = "conversation-of-the-visitor", "conversation-of-another"
OTHER_NAME, OTHER_PHONE, OTHER_TIME = "Zelda Quimby", "+12025550111", "the second sunday"
TARGETS = ("email",)

Row = dict[str, Any]


@lru_cache(maxsize=1)
def _empty_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        engine = make_engine(f"sqlite:///{path}")
        migrate(engine)
        SQLTrackerStore.SQLEvent.__table__.create(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return path.read_bytes()


class ClinicRecords:
    """The database that the actions use while this is open."""

    own_conversation = OWN

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "clinic.sqlite3"
        path.write_bytes(_empty_database())
        self.engine: Engine = make_engine(f"sqlite:///{path}")
        self._broken = make_engine(f"sqlite:///{path.parent / 'missing' / 'clinic.sqlite3'}")
        self._answering = self.engine
        self._tables = MetaData()
        self._tables.reflect(self.engine)
        for table, columns in ENCRYPTED_COLUMNS.items():
            for column in columns:
                self._tables.tables[table].c[column].type = EncryptedText(table, column)
        self._patch = pytest.MonkeyPatch()
        self._put_into_the_actions()
        self._store_for_somebody_else()

    def _put_into_the_actions(self) -> None:
        original = {"engine": backend.engine, "notice_targets": backend.notice_targets}
        ours = {"engine": lambda: self._answering, "notice_targets": lambda: TARGETS}
        for module in [module for name, module in sys.modules.items() if name.startswith("actions.")]:
            for name, function in original.items():
                if module is not backend and getattr(module, name, None) is function:
                    self._patch.setattr(module, name, ours[name])

    def _store_for_somebody_else(self) -> None:
        request = NewAppointmentRequest(f"{OTHER}:key", OTHER, "web", OTHER_NAME, OTHER_PHONE, None, OTHER_TIME, None)
        store_appointment_request(self.engine, request, None, TARGETS)
        message = NewStaffMessage(
            f"{OTHER}:message", OTHER, "web", "talk_to_human", contact_name=OTHER_NAME, phone=OTHER_PHONE
        )
        store_staff_message(self.engine, message, TARGETS)
        flag_turn(self.engine, OTHER, "turn-of-another", "safety/infection_or_injury", "web")

    def close(self) -> None:
        self._patch.undo()
        self.engine.dispose()
        self._broken.dispose()
        self._folder.cleanup()

    @contextmanager
    def away(self) -> Iterator[None]:
        """The actions reach no database meanwhile."""
        self._answering = self._broken
        yield
        self._answering = self.engine

    def rows(self, table: str, conversation: str = OWN) -> dict[str, Row]:
        """The rows of a conversation by id."""
        found = self._tables.tables[table]
        with self.engine.connect() as connection:
            rows = connection.execute(select(found).where(found.c.conversation_id == conversation)).mappings()
            return {str(row["id"]): dict(row) for row in rows}

    def requests(self) -> dict[str, Row]:
        return self.rows("appointment_requests")

    def messages(self) -> dict[str, Row]:
        return self.rows("staff_messages")

    def of_somebody_else(self) -> list[dict[str, Row]]:
        return [self.rows(table, OTHER) for table in ("appointment_requests", "staff_messages", "flags")]

    def fingerprint(self) -> tuple[Any, ...]:
        """Differs when a turn changed anything that the visitor could have been told of."""
        return (
            sorted((row["id"], row["version"]) for row in self.requests().values()),
            sorted(self.messages()),
            self.has_open_erasure(),
        )

    def has_open_erasure(self) -> bool:
        with transaction(self.engine) as session:
            return session.execute(select(Erasure.id).where(Erasure.conversation_id == OWN)).first() is not None

    def everything_but_consents(self) -> Iterator[tuple[str, Row]]:
        """Every row of every table, with its table's name."""
        with self.engine.connect() as connection:
            for name, table in self._tables.tables.items():
                if name != "consents":
                    yield from ((name, dict(row)) for row in connection.execute(select(table)).mappings())

    def staff_set_status(self, request_id: str, status: str) -> None:
        """The staff work on a request."""
        row = update(AppointmentRequest).where(AppointmentRequest.id == request_id)
        with transaction(self.engine) as session:
            session.execute(row.values(status=status, version=AppointmentRequest.version + 1))
