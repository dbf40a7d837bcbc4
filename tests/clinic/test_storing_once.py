"""What is stored once stays one row, and is found, when another process stores it between the look and the insert."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import clock
from clinic.database import transaction
from clinic.storing_once import store_once
from clinic.text_contacts import TextContact

CONVERSATION = "sms-1"


def contact(number: str | None) -> TextContact:
    return TextContact(conversation_id=CONVERSATION, number=number, first_seen_at=clock.now())


def find_number(session: Session) -> str | None:
    return session.execute(select(TextContact.number)).scalar()


def test_who_is_slower_finds_what_the_faster_one_stored(engine: Engine) -> None:
    def store_after_another(session: Session) -> str:
        with transaction(engine) as another:
            another.add(contact("+13125550142"))
        session.add(contact("+13125550199"))
        return "+13125550199"

    assert store_once(engine, find_number, store_after_another) == "+13125550142"
    with transaction(engine) as session:
        assert session.execute(select(func.count()).select_from(TextContact)).scalar() == 1


def test_what_is_there_is_found_and_not_stored_again(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(contact("+13125550142"))
    assert store_once(engine, find_number, lambda _session: pytest.fail("stored again")) == "+13125550142"


def test_a_row_that_the_database_refuses_for_itself_raises(engine: Engine) -> None:
    def store(session: Session) -> str:
        session.add(contact(None))
        return ""

    with pytest.raises(IntegrityError):
        store_once(engine, find_number, store)
