"""The made-up staff: they call back, book and close, and answer flags, each some hours after it came in."""

import random
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.engine import Engine

from clinic.clock import in_utc
from clinic.database import transaction
from clinic.flags import Flag, acknowledge
from clinic.message_work import MESSAGES
from clinic.request_work import REQUESTS
from clinic.staff_work import BOOKED, CLOSED, CONTACTED, WorkKind, WorkValues, change_work, find_work
from evaluation.demo_data.month import called_back

PEOPLE = ("maria", "sam")
NOTES = ("Left a voicemail.", "Will call again.", "Wants a text first.", None, None, None)
SHARE_LEFT_WAITING = 0.2


class MadeUpStaff:
    """Knows what came in, and works on it when its time has come."""

    def __init__(self, engine: Engine, chance: random.Random, zone: ZoneInfo) -> None:
        self._engine = engine
        self._chance = chance
        self._zone = zone
        self._seen = {identifier for _, identifier, _ in self._stored()}
        """What was there before belongs to somebody else, and is not touched."""
        self._planned: list[tuple[datetime, WorkKind[Any] | None, str]] = []

    def take_note(self) -> None:
        """Plan when to work on what is new; some of it is left waiting."""
        for kind, identifier, stored_at in self._stored():
            if identifier not in self._seen:
                self._seen.add(identifier)
                if self._chance.random() > SHARE_LEFT_WAITING:
                    self._planned.append((called_back(self._chance, stored_at, self._zone), kind, identifier))

    def due(self, moment: datetime) -> list[tuple[datetime, WorkKind[Any] | None, str]]:
        """What is to be done by then, in the order of its time; it is no longer planned afterwards."""
        ready = sorted((each for each in self._planned if each[0] <= moment), key=lambda each: each[0])
        self._planned = [each for each in self._planned if each not in ready]
        return ready

    def work_on(self, kind: WorkKind[Any] | None, identifier: str) -> None:
        """Do it now, by the clock as it stands."""
        person = self._chance.choice(PEOPLE)
        if kind is None:
            acknowledge(self._engine, identifier, person)
            return
        item = find_work(self._engine, kind, identifier).item
        further = (CONTACTED, BOOKED, CLOSED) if kind is REQUESTS else (CONTACTED, CLOSED)
        if item.status not in (*further, "open"):
            return
        for status in further[: self._chance.randint(1, len(further))]:
            values = WorkValues(status, person, self._chance.choice(NOTES) or item.note)
            item = change_work(
                self._engine, kind, identifier, expected_version=item.version, values=values, changed_by=person
            )

    def _stored(self) -> list[tuple[WorkKind[Any] | None, str, datetime]]:
        with transaction(self._engine) as session:
            return [
                (kind, row.id, in_utc(row.created_at))
                for kind, table in ((REQUESTS, REQUESTS.table), (MESSAGES, MESSAGES.table), (None, Flag))
                for row in session.execute(select(table.id, table.created_at))
            ]
