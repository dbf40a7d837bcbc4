"""After a restore: what was erased since the backup is erased again, by the journal of erasures."""

import json
import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, inspect, select
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.appointment_requests import AppointmentRequest
from clinic.database import transaction
from clinic.erasures import ENDED, Erasure, WrittenWish, digest_of, erase_records
from clinic.flags import Flag
from clinic.staff_messages import StaffMessage
from clinic.text_contacts import TextContact
from conversations.erasure import erase_conversation, finish_erasures
from conversations.event_rows import EVENTS
from conversations.incoming_texts import IncomingText
from conversations.retention.journal import JournalEntry
from conversations.turn_log import LoggedConversation
from conversations.turns import Turn
from conversations.web_sessions import WebSession

NAMING = (
    Turn.conversation_id,
    WebSession.id,
    EVENTS.c.sender_id,
    LoggedConversation.conversation_id,
    AppointmentRequest.conversation_id,
    StaffMessage.conversation_id,
    TextContact.conversation_id,
    IncomingText.conversation_id,
    Flag.conversation_id,
)
"""Where a conversation that was erased may stand in a backup."""


def erase_again(engine: Engine, entries: Collection[JournalEntry]) -> int:
    """Erase what the journal names and the database has forgotten to be erased; how many conversations that were.

    Requests and messages that were kept then are kept again. The receipts are put back, so that who has one can still
    be answered. Doing it twice changes nothing. It is for a database that no bot works on yet: what a number has
    texted since its erasure is not told from what came before.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer; doing it again goes on.
    """
    finish_erasures(engine)
    with transaction(engine) as session:
        known = set(session.execute(select(Erasure.receipt)).scalars())
    lost = {entry.receipt: entry for entry in entries if entry.receipt not in known}
    conversations = _conversations(engine) if lost else {}
    again = 0
    for entry in lost.values():
        conversation_id = conversations.get(entry.conversation_digest)
        if conversation_id is not None:
            again += 1
            _erase(engine, conversation_id, entry)
        _put_back(engine, entry)
    return again


def _erase(engine: Engine, conversation_id: str, entry: JournalEntry) -> None:
    if entry.reason == ENDED:
        erase_conversation(engine, conversation_id)
        return
    by = entry.requested_by
    wish = WrittenWish(by, entry.reason, entry.kept_reason) if by and entry.reason else None
    erase_records(engine, conversation_id, entry.channel, wish=wish)
    finish_erasures(engine)


def _put_back(engine: Engine, entry: JournalEntry) -> None:
    moment = datetime.fromisoformat(entry.completed_at)
    row = {
        "id": str(uuid.uuid4()),
        "receipt": entry.receipt,
        "channel": entry.channel,
        "counts": json.dumps({}),
        "requested_at": moment,
        "completed_at": clock.now(),
        "conversation_digest": entry.conversation_digest,
        "reason": entry.reason,
        "kept_reason": entry.kept_reason,
        "requested_by": entry.requested_by,
    }
    with transaction(engine) as session:
        session.execute(insert(Erasure).values(**row))


def _conversations(engine: Engine) -> dict[str, str]:
    """All conversations of the database, by the digest that a receipt has of each."""
    there = set(inspect(engine).get_table_names())
    columns = [column for column in NAMING if column.table.name in there]
    with engine.connect() as connection:
        names = {name for column in columns for name in connection.execute(select(column).distinct()).scalars()}
    return {digest_of(name): name for name in names if name}
