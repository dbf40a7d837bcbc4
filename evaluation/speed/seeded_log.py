"""Fills a database with made-up conversations, so that the staff console can be tried and timed with a full one."""

import random
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from conversations.conversation_summary import TurnSummary, conversation_row
from conversations.text_digest import text_digest
from conversations.turn_log import LoggedConversation, LoggedTurn
from evaluation.speed.made_up_content import made_up_content
from evaluation.speed.made_up_turns import MadeUpTalk, Talk
from evaluation.speed.made_up_work import MadeUpWork

ROWS_AT_ONCE = 5_000
SUMMARISED = tuple(field.name for field in fields(TurnSummary))


@dataclass(frozen=True)
class SeededLog:
    """What was stored; `longest` is the id of the conversation with the most turns."""

    conversations: int
    turns: int
    longest: str


def seed_log(engine: Engine, turns: int, seed: int = 1, until: datetime | None = None) -> SeededLog:
    """Store made-up conversations of the 90 days up to `until`, with all that the staff find about them.

    The same seed and moment give the same conversations. Ids of events go on after those in the log.

    Args:
        engine: a migrated database.
        turns: how many turns in all.
        seed: where the random numbers begin.
        until: the newest moment, UTC; the present when left out.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing was stored.
    """
    moment = until or clock.now()
    chance = random.Random(seed)  # noqa: S311 - made-up talk, no secret
    writer = _Writer(chance, moment)
    longest, most, count = "", 0, 0
    with transaction(engine) as session:
        writer.begin(session)
        for talk in MadeUpTalk(made_up_content(), chance, moment).talks(turns):
            writer.add(talk)
            writer.store(session, ROWS_AT_ONCE)
            count += 1
            longest, most = max((longest, most), (talk.conversation_id, len(talk.turns)), key=lambda each: each[1])
        writer.store(session, 1)
    _tell_the_planner(engine)
    return SeededLog(count, turns, longest)


def _tell_the_planner(engine: Engine) -> None:
    """PostgreSQL does so by itself within minutes; SQLite never does, so there it is left as it is in real use."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))


class _Writer:
    """Makes the rows of each conversation and stores them many at a time."""

    def __init__(self, chance: random.Random, until: datetime) -> None:
        self._chance = chance
        self._work = MadeUpWork(chance, until)
        self._rows = self._work.rows
        self._event_id = 0

    def begin(self, session: Session) -> None:
        """Find out where the ids of events stand."""
        self._event_id = session.execute(select(func.max(LoggedTurn.event_id))).scalar() or 0

    def add(self, talk: Talk) -> None:
        """Make the rows of a conversation."""
        for turn in talk.turns:
            self._event_id += 1
            known = {"event_id": self._event_id, "text_digest": text_digest(turn["text"])}
            self._rows[LoggedTurn].append(turn | known)
        summaries = [TurnSummary(**{name: turn[name] for name in SUMMARISED}) for turn in talk.turns]
        row = conversation_row(talk.conversation_id, summaries)
        self._rows[LoggedConversation].append(row | {"last_event_id": self._event_id})
        self._work.add(talk, self._event_id - len(talk.turns) + 1)

    def store(self, session: Session, at_least: int) -> None:
        """Store what was made, once there are so many turns of it."""
        if len(self._rows[LoggedTurn]) < at_least:
            return
        for table, rows in self._rows.items():
            if rows:
                session.execute(insert(table.__table__), rows)
        self._rows.clear()
