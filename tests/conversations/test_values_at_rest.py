"""Nothing personal stands readable in the database: not in a column, and not in the bytes of its files."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from sqlalchemy import String, column, inspect, select, table
from sqlalchemy.engine import Engine

from clinic.appointment_requests import NewAppointmentRequest, change_request, store_appointment_request
from clinic.consents import OUT, record_consent
from clinic.database import transaction
from clinic.encryption.columns import ENCRYPTED_COLUMNS
from clinic.message_work import MESSAGES
from clinic.outgoing_texts import queue_text
from clinic.request_work import REQUESTS
from clinic.staff_messages import NewStaffMessage, StaffMessage, store_staff_message
from clinic.staff_work import CONTACTED, WorkValues, change_work
from clinic.text_contacts import remember_contact
from console.conversation_filters import read_filters
from console.searches import name_search, store_search
from conversations.corrections import propose
from conversations.incoming_texts import Reply, keep_reply, store_text
from conversations.projection import Projection
from conversations.tracker_store import ConversationStore
from conversations.turn_log import LoggedTurn
from conversations.turns import Claim, IncomingTurn, answer_turn, claim_turn
from tests.conversations.told import LISTEN, bot, say, session, visitor

SECRET = "s" * 40
IN_THE_CLINIC = (
    "Zelda Canary",
    "Leo Fledgling",
    "niece of mine",
    "3125550142",
    "zelda@canary.example",
    "wednesdays canary",
    "canary rash",
    "canary note",
    "canary question",
    "canary halt",
    "canary answer",
    "canary hunt",
)
"""What is given to the tables of clinic/ and console/: the encoded forms in JSON are the same."""
IN_CONVERSATIONS = ("Wanda Warbler", "warbler words", "warbler text", "warbler reply", "warbler rest")
REDACTED_ONLY = {
    "logged_turns.text": "what was written, names and numbers taken out",
    "logged_turns.responses": "what was answered, names and numbers taken out",
    "corrections.text": "what was written, names and numbers taken out, and is taught",
}
"""Columns of conversations/ that are readable, since the staff search in them; what is here must hold something."""


async def test_what_people_gave_is_in_no_encrypted_column_as_they_wrote_it(
    store: ConversationStore, engine: Engine
) -> None:
    _fill_clinic(engine)
    await _fill_conversations(store, engine)
    empty = {f"{each}.{name}" for each, names in ENCRYPTED_COLUMNS.items() for name in names} - _filled(engine)
    assert empty == set()
    assert _readable(engine, IN_THE_CLINIC) == {}
    assert set(_readable(engine, IN_CONVERSATIONS)) == set(REDACTED_ONLY)


async def test_the_bytes_of_the_files_hold_nothing_of_it_either(sqlite_engine: Engine, domain: Domain) -> None:
    _fill_clinic(sqlite_engine)
    await _tell(ConversationStore(domain, engine=sqlite_engine), sqlite_engine)
    database = Path(str(sqlite_engine.url.database))
    log = database.with_name(f"{database.name}-wal")
    assert _found_in(log.read_bytes()) == []
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(FULL)")
    assert _found_in(database.read_bytes()) == []
    assert b"conversation-1" in database.read_bytes()


def _fill_clinic(engine: Engine) -> None:
    """Everything that a visitor and the staff can leave, by the functions that the bot and the console call."""
    request = NewAppointmentRequest(
        idempotency_key="conversation-1:1",
        conversation_id="conversation-1",
        channel="web",
        contact_name="Zelda Canary",
        phone="+13125550142",
        email="zelda@canary.example",
        preferred_time="wednesdays canary",
        reason="canary rash",
        patient_name="Leo Fledgling",
        patient_relation="niece of mine",
    )
    question = NewStaffMessage(
        idempotency_key="conversation-1:question",
        conversation_id="conversation-1",
        channel="web",
        topic="uncovered/other",
        contact_name="Zelda Canary",
        phone="+13125550142",
        email="zelda@canary.example",
        text="canary question",
    )
    stored = store_appointment_request(engine, request, question, targets=("email",))
    # The second one keeps what the first one no longer has.
    second = store_appointment_request(engine, replace(request, idempotency_key="conversation-1:2"))
    change_request(engine, "conversation-1", second.id, {"contact_name": "Zelda Canary II", "phone": None})
    work = {"changed_by": "maria", "values": WorkValues(CONTACTED, "maria", "canary note")}
    change_work(engine, REQUESTS, stored.id, expected_version=1, **work)
    store_staff_message(engine, question)
    with transaction(engine) as opened:
        message_id = opened.execute(select(StaffMessage.id)).scalar_one()
    change_work(engine, MESSAGES, message_id, expected_version=1, **work)
    _fill_texts_and_searches(engine)


def _fill_texts_and_searches(engine: Engine) -> None:
    texting = remember_contact(engine, SECRET, "+13125550142")
    queue_text(engine, texting, "canary answer", "late-1")
    record_consent(engine, texting, "sms", state=OUT, means="wording", wording="canary halt")
    search_id = store_search(engine, "account", read_filters({"words": "canary hunt"}))
    name_search(engine, "account", search_id, "canary hunt")


async def _fill_conversations(store: ConversationStore, engine: Engine) -> None:
    await _tell(store, engine)
    Projection(engine).bring_up_to_date()
    with transaction(engine) as opened:
        event_id = opened.execute(select(LoggedTurn.event_id).limit(1)).scalar_one()
    propose(engine, event_id, "faq/causes", "maria")


async def _tell(store: ConversationStore, engine: Engine) -> None:
    """What the bot keeps of a conversation."""
    await say(store, *session())
    # So long that its state is kept at a checkpoint.
    for number in range(40):
        told = [visitor("i am Wanda Warbler, warbler words", at=number), SlotSet("name", "Wanda Warbler")]
        await say(store, *told, bot("utter_any", "warbler reply", at=number), LISTEN)
    claim = claim_turn(engine, IncomingTurn("conversation-1", "m1", "web", "digest", "warbler words"))
    assert isinstance(claim, Claim)
    answer_turn(engine, claim, [{"text": "warbler reply", "choices": [], "source": None}], [], failed=False)
    store_text(engine, "SM1", "sms-1", "warbler text", None)
    keep_reply(engine, "SM1", lambda _session: Reply("warbler reply", rest="warbler rest"))
    store_text(engine, "SM2", "sms-1", "warbler text", None)


def _columns(engine: Engine) -> Iterable[tuple[str, str]]:
    """Every column that can hold text, as the database itself names them."""
    inspector = inspect(engine)
    for name in inspector.get_table_names():
        for each in inspector.get_columns(name):
            if isinstance(each["type"], String):
                yield name, each["name"]


def _values(engine: Engine, name: str, of: str) -> list[str]:
    found = column(of)
    with engine.connect() as connection:
        return list(connection.execute(select(found).select_from(table(name)).where(found.is_not(None))).scalars())


def _filled(engine: Engine) -> set[str]:
    return {f"{name}.{of}" for name, of in _columns(engine) if _values(engine, name, of)}


def _readable(engine: Engine, words: tuple[str, ...]) -> dict[str, list[str]]:
    """The words that can be read, by table and column, also where JSON has written them."""
    found = {}
    for name, of in _columns(engine):
        text = "\n".join(_values(engine, name, of)).lower()
        seen = [word for word in words if word.lower() in text or json.dumps(word)[1:-1].lower() in text]
        if seen:
            found[f"{name}.{of}"] = seen
    return found


def _found_in(content: bytes) -> list[str]:
    words = (*IN_THE_CLINIC, *IN_CONVERSATIONS)
    return [word for word in words if word.lower().encode() in content.lower()]
