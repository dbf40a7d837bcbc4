"""What must hold after a fault, read from the database by SQL and from what the visitors were told."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import MetaData, String, create_engine, select
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from clinic.encryption.columns import ENCRYPTED_COLUMNS
from clinic.encryption.keys import parse_keys
from clinic.staff_work import CLOSED
from evaluation.soak.stand_ins import StandIns
from evaluation.soak.talk import Talk
from evaluation.soak.written_wishes import IN_WRITING

FAILED_MARK = "turn_failed"
# What may name a conversation that was deleted: the turn or text with the wish keeps its answer, the session its token,
# and a wish not to be texted outlives all.
MAY_NAME_ERASED = frozenset({"turns", "web_sessions", "incoming_texts", "consents"})
# Who of the staff erased which conversation is part of the record of what the staff did.
MAY_NAME_ERASED_BY_STAFF = MAY_NAME_ERASED | {"audit_entries"}
LEFT_OUT_OF_LOG = frozenset({"id"})


class Stored:
    """The database of an instance, looked at from beside it."""

    def __init__(self, database_url: str, keys: str) -> None:
        """Look at all tables.

        Args:
            database_url: the database.
            keys: the instance's ENCRYPTION_KEYS.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        """
        # Without a pool each look sees what has been committed until then, also after a restart of the server.
        self.engine: Engine = create_engine(database_url, future=True, poolclass=NullPool)
        self.tables = MetaData()
        self.tables.reflect(self.engine)
        self._keys = parse_keys(keys)

    def rows(self, name: str, *columns: str, only: Mapping[str, Collection[str]] | None = None) -> list[Any]:
        """Some columns of all rows of a table, in clear; `only` names columns, and the values they may have."""
        table = self.tables.tables[name]
        query = select(*(table.c[column] for column in columns))
        query = query.where(*(table.c[column].in_(values) for column, values in (only or {}).items()))
        with self.engine.connect() as connection:
            found = connection.execute(query).all()
        encrypted = [column for column in columns if column in ENCRYPTED_COLUMNS.get(name, ())]
        if not encrypted:
            return found
        return [SimpleNamespace(**self._in_clear(name, dict(row._mapping))) for row in found]

    def count_by_conversation(self, name: str) -> Counter[str]:
        """How many rows of a table each conversation has."""
        return Counter(row.conversation_id for row in self.rows(name, "conversation_id"))

    def texts(self) -> dict[str, str]:
        """All that is written in each table, in one string."""
        found = {}
        for table in self.tables.sorted_tables:
            columns = [column.name for column in table.c if isinstance(column.type, String)]
            rows = self.rows(table.name, *columns) if columns else []
            found[table.name] = "\n".join(str(getattr(row, column)) for row in rows for column in columns)
        return found

    def _in_clear(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        for column in ENCRYPTED_COLUMNS[table]:
            if row.get(column) is not None:
                row[column] = self._keys.decrypt(row[column], table, column)
        return row


def talk_problems(stored: Stored, talks: Iterable[Talk]) -> list[str]:
    """What is wrong with conversations that are over."""
    over = [talk for talk in talks if talk.is_over]
    problems = [problem for talk in over for problem in talk.problems]
    problems += [
        f"{talk.channel}: a message was answered in different ways ({asked.step}): {' / '.join(asked.answers)}"
        for talk in over
        for asked in talk.asked
        if len(asked.answers) > 1
    ]
    web = {talk.conversation_id: talk for talk in over if talk.channel == "web"}
    return (
        problems
        + _doubled_turns(stored, {talk.conversation_id for talk in over})
        + _kept_answers(stored, web)
        + _work_problems(stored, over)
    )


def erasure_problems(stored: Stored, talks: Iterable[Talk]) -> list[str]:
    """What is left of conversations that were deleted."""
    erased = [talk for talk in talks if talk.is_over and talk.receipt and not talk.problems]
    texts = stored.texts() if erased else {}
    problems = []
    for talk in erased:
        named = sorted(table for table, written in texts.items() if talk.marker in written)
        if named:
            problems.append(f"{talk.channel}: after deletion the visitor's name stands in {', '.join(named)}")
        may = MAY_NAME_ERASED_BY_STAFF if talk.receipt == IN_WRITING else MAY_NAME_ERASED
        left = sorted({table for table, written in texts.items() if talk.conversation_id in written} - may)
        if left:
            problems.append(f"{talk.channel}: after deletion the conversation is named in {', '.join(left)}")
    open_ones = [row for row in stored.rows("erasures", "conversation_id", "completed_at") if row.completed_at is None]
    return problems + [f"a deletion is not complete: {len(open_ones)} of them"] * bool(open_ones)


def quiet_problems(stored: Stored, stand_ins: StandIns | None) -> list[str]:
    """What is left undone when nobody has written for a while."""
    problems = []
    claimed = [row for row in stored.rows("turns", "state") if row.state == "claimed"]
    problems += [f"{len(claimed)} messages are claimed and not answered"] * bool(claimed)
    if stand_ins is not None:
        problems += _notice_problems(stored, stand_ins) + _text_problems(stored, stand_ins)
    return problems


def logged(stored: Stored) -> list[tuple[Any, ...]]:
    """The turn log without what may differ between two that say the same, in a fixed order."""
    found = []
    for name in ("logged_conversations", "logged_turns"):
        columns = [column.name for column in stored.tables.tables[name].c if column.name not in LEFT_OUT_OF_LOG]
        found += [(name, *map(str, row)) for row in stored.rows(name, *columns)]
    return sorted(found)


def _doubled_turns(stored: Stored, conversations: Collection[str]) -> list[str]:
    """Turns whose events stand twice; one that failed and was then done is no such turn."""
    done: Counter[tuple[str, str]] = Counter()
    begun: dict[str, str] = {}
    only = {"sender_id": conversations, "type_name": ("user", "bot")}
    rows = stored.rows("events", "id", "sender_id", "type_name", "data", only=only)
    for row in sorted(rows, key=lambda row: row.id):
        if row.type_name == "user":
            begun[row.sender_id] = str(json.loads(row.data).get("message_id"))
            done[row.sender_id, begun[row.sender_id]] += 1
        elif row.type_name == "bot" and (json.loads(row.data).get("metadata") or {}).get(FAILED_MARK):
            done[row.sender_id, begun.get(row.sender_id, "")] -= 1
    return [f"the events of a message stand {count} times" for count in done.values() if count > 1]


def _kept_answers(stored: Stored, web: dict[str, Talk]) -> list[str]:
    """Answers that the visitor read and the database does not have."""
    kept = {
        (row.conversation_id, row.message_id): " ".join(message["text"] for message in json.loads(row.answer or "[]"))
        for row in stored.rows("turns", "conversation_id", "message_id", "answer", only={"conversation_id": list(web)})
    }
    return [
        f"web: an answer that was read is not the one that is kept ({asked.step})"
        for conversation_id, talk in web.items()
        for asked in talk.asked
        if asked.answers and not talk.receipt and kept.get((conversation_id, asked.message_id)) != asked.answers[0]
    ]


def _work_problems(stored: Stored, talks: Sequence[Talk]) -> list[str]:
    """Requests and messages that were confirmed and are not there, or are there twice."""
    problems = []
    for name, confirmed in (("appointment_requests", "confirmed_requests"), ("staff_messages", "confirmed_messages")):
        there = _in_hand_at_once(stored.rows(name, "conversation_id", "status", "created_at", "updated_at"))
        for talk in talks:
            count = there[talk.conversation_id]
            if count > 1:
                problems.append(f"{talk.channel}: {count} rows of one visitor in {name}: {_as_told(talk)}")
            if getattr(talk, confirmed) and not talk.receipt and not talk.problems and not count:
                problems.append(f"{talk.channel}: confirmed and not stored in {name}: {_as_told(talk)}")
    return problems


def _in_hand_at_once(rows: Sequence[Any]) -> Counter[str]:
    """How many rows each conversation has, without those that the staff had closed before the next one came."""
    counts: Counter[str] = Counter()
    latest: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: row.created_at):
        before = latest.get(row.conversation_id)
        is_over = before is not None and before.status == CLOSED and before.updated_at <= row.created_at
        counts[row.conversation_id] += not is_over
        latest[row.conversation_id] = row
    return counts


def _as_told(talk: Talk) -> str:
    """The conversation in short, for whoever looks into what went wrong; all people in it are made up."""
    return " | ".join(f"{asked.text} > {'/'.join(asked.answers)[:100]} ({asked.tries})" for asked in talk.asked)


def _notice_problems(stored: Stored, stand_ins: StandIns) -> list[str]:
    rows = stored.rows("outbox", "id", "subject_id", "delivered_at")
    told = {row.subject_id for row in rows}
    problems = [f"a notice was not sent: {row.id}" for row in rows if row.delivered_at is None]
    problems += [f"a notice is called sent and never came: {row.id}" for row in rows if not stand_ins.notices[row.id]]
    for name in ("appointment_requests", "staff_messages"):
        problems += [f"nobody was told of a row of {name}" for row in stored.rows(name, "id") if row.id not in told]
    return problems


def _text_problems(stored: Stored, stand_ins: StandIns) -> list[str]:
    rows = stored.rows("outgoing_texts", "sent_at", "failed_at", "carrier_id")
    given = Counter(row.carrier_id for row in rows if row.carrier_id)
    problems = ["a text waits and is not sent" for row in rows if row.sent_at is None and row.failed_at is None]
    problems += [
        "a text is called sent by an id that the carrier never gave" for name in given.keys() - stand_ins.text_ids
    ]
    return problems + ["two texts have the carrier's same id" for count in given.values() if count > 1]
