"""Encrypted columns: the code sees plain text, the database does not, and what cannot be read is a fault."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError, StatementError

from clinic.consents import Consent
from clinic.database import Base, make_engine, transaction
from clinic.encryption.columns import ENCRYPTED_COLUMNS, EncryptedText, attach_keys, keys_of
from clinic.encryption.keys import UnreadableValueError, new_entry, parse_keys
from clinic.encryption.known_keys import lacking_keys
from clinic.outgoing_texts import OutgoingText, claim_due_text, queue_text
from clinic.request_work import REQUESTS
from clinic.work_lists import search_work
from conversations.event_rows import EVENTS
from tests.clinic.stored_work import store_request
from tests.clinic.test_migrations import DESCRIBED


def encrypted_columns() -> Iterator[tuple[str, str, EncryptedText]]:
    assert DESCRIBED
    # Rasa's table is its own to make and stands apart.
    for table in (*Base.metadata.tables.values(), EVENTS):
        for column in table.columns:
            if isinstance(column.type, EncryptedText):
                yield table.name, column.name, column.type


def test_each_encrypted_column_is_named_and_bound_to_its_own_place() -> None:
    found = {(table, column) for table, column, _ in encrypted_columns()}
    assert found == {(table, column) for table, columns in ENCRYPTED_COLUMNS.items() for column in columns}
    assert all((kind.table, kind.column) == (table, column) for table, column, kind in encrypted_columns())


def test_a_column_that_is_not_named_cannot_be_encrypted() -> None:
    with pytest.raises(ValueError, match=r"clinic/encryption/columns\.py"):
        EncryptedText("appointment_requests", "status")


def test_statements_and_classes_see_plain_text_and_the_database_does_not(engine: Engine) -> None:
    request_id = store_request(engine, 1, reason="a rash")
    table = REQUESTS.table
    with transaction(engine) as session:
        session.execute(
            update(table)
            .where(table.id == request_id)
            .values(note="called")
            .execution_options(synchronize_session=False)
        )
    with engine.begin() as connection:
        assert connection.execute(select(table.reason, table.note)).one() == ("a rash", "called")
        stored = connection.execute(text("SELECT reason, note, patient_name FROM appointment_requests")).one()
    assert [value and value[:9] for value in stored] == ["e1.tests.", "e1.tests.", None]


def test_an_unchanged_value_is_not_written_again(engine: Engine) -> None:
    request_id = store_request(engine, 1)
    query = text("SELECT contact_name FROM appointment_requests")
    with transaction(engine) as session:
        before = session.execute(query).scalar()
        row = session.get(REQUESTS.table, request_id)
        row.contact_name = str(row.contact_name)
        row.assignee = "maria"
    with transaction(engine) as session:
        assert session.execute(query).scalar() == before


@pytest.mark.parametrize(
    "ask",
    [
        lambda column: column == "Grace",
        lambda column: column != "Grace",
        lambda column: column.in_(["Grace"]),
        lambda column: column.like("G%"),
        lambda column: column.contains("G"),
        lambda column: column < "H",
        lambda column: column.desc(),
    ],
)
def test_the_database_cannot_be_asked_what_an_encrypted_value_is(ask) -> None:
    with pytest.raises(TypeError, match="cannot be compared"):
        ask(REQUESTS.table.contact_name)


def test_the_database_can_be_asked_whether_there_is_a_value(engine: Engine) -> None:
    store_request(engine, 1)
    with transaction(engine) as session:
        assert session.query(REQUESTS.table.id).filter(REQUESTS.table.reason.is_(None)).count() == 1
        assert session.query(REQUESTS.table.id).filter(REQUESTS.table.phone.is_not(None)).count() == 1


def test_a_value_under_a_missing_key_is_a_fault_of_the_database_and_no_empty_value(engine: Engine) -> None:
    store_request(engine, 1)
    other = make_engine(engine.url, parse_keys(new_entry("other")))
    with pytest.raises(SQLAlchemyError, match=r"appointment_requests\.\w+ cannot be read.*'tests'"):
        search_work(other, REQUESTS, "grace")
    other.dispose()


def test_a_value_that_was_moved_to_another_column_is_not_read(engine: Engine) -> None:
    store_request(engine, 1, reason="a rash")
    with transaction(engine) as session:
        session.execute(text("UPDATE appointment_requests SET note = reason"))
    with pytest.raises(UnreadableValueError, match=r"appointment_requests\.note"):
        search_work(engine, REQUESTS, "grace")


def test_plain_rows_of_an_earlier_release_are_read(engine: Engine) -> None:
    store_request(engine, 1)
    with transaction(engine) as session:
        session.execute(text("UPDATE appointment_requests SET contact_name = 'Zelda Plain', phone = '+13125550199'"))
    (found,) = search_work(engine, REQUESTS, "zelda 0199").items
    assert (found.contact_name, found.phone) == ("Zelda Plain", "+13125550199")


def test_a_text_that_cannot_be_read_keeps_those_of_others_waiting_no_longer(engine: Engine) -> None:
    for person in ("sms-1", "sms-2"):
        queue_text(engine, person, "your answer", f"answer-{person}")
    with transaction(engine) as session:
        session.execute(text("UPDATE outgoing_texts SET body = 'e1.gone.AAAA' WHERE conversation_id = 'sms-1'"))
    with pytest.raises(UnreadableValueError):
        claim_due_text(engine)
    due = claim_due_text(engine)
    assert due is not None
    assert (due.conversation_id, due.body) == ("sms-2", "your answer")
    with transaction(engine) as session:
        assert session.query(OutgoingText.id).filter(OutgoingText.failed_at.is_(None)).count() == 2


def test_a_process_without_the_keys_that_values_need_knows_it(engine: Engine) -> None:
    assert lacking_keys(engine) == ()
    same_name = make_engine(engine.url, parse_keys(new_entry("tests")))
    without = make_engine(engine.url, parse_keys(new_entry("other")))
    assert lacking_keys(same_name) == lacking_keys(without) == ("tests",)
    for each in (same_name, without):
        each.dispose()


def test_an_engine_without_keys_reads_and_writes_nothing_encrypted() -> None:
    bare = create_engine("sqlite://", future=True)
    Consent.__table__.create(bare)
    with bare.begin() as connection, pytest.raises(StatementError, match="make_engine"):
        connection.execute(insert(Consent).values(record_id="1", wording="stop"))
    attach_keys(bare, parse_keys(new_entry("own")))
    assert keys_of(bare).ids == ("own",)
