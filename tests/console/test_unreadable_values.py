"""A value that cannot be read is a fault that the staff are told of, never an empty field."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from clinic.database import make_engine, transaction
from clinic.encryption.keys import new_entry, parse_keys
from clinic.settings import Settings
from console.app import make_app
from tests.clinic.stored_work import store_message, store_request
from tests.console.app_client import ConsoleClient, EventLoopThread
from tests.console.conftest import NewClient


@pytest.fixture
def damaged(engine: Engine) -> str:
    """The id of a request whose phone number was changed in the database."""
    store_request(engine, 1, contact_name="Readable Canary")
    request_id = store_request(engine, 2, contact_name="Other Canary")
    with transaction(engine) as session:
        session.execute(text("UPDATE appointment_requests SET phone = contact_name WHERE id = :id"), {"id": request_id})
    return request_id


def test_the_staff_read_that_something_cannot_be_read(
    console: NewClient, damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = console("scheduler")
    with caplog.at_level(logging.ERROR):
        answers = [scheduler.get(path) for path in ("/requests", f"/requests/{damaged}", "/requests/download/csv")]
    for answer in answers:
        assert answer.status_code == 503
        assert "Canary" not in answer.text
        assert "e1." not in answer.text
        assert "the key that it was encrypted under is missing" in answer.text
    assert "appointment_requests.phone cannot be read" in caplog.text
    assert "e1.tests." not in caplog.text


def test_what_can_be_read_is_shown_beside_it(console: NewClient, engine: Engine, damaged: str) -> None:
    message_id = store_message(engine, 1, contact_name="Message Canary")
    scheduler = console("scheduler")
    assert "Message Canary" in scheduler.get(f"/messages/{message_id}").text
    assert scheduler.get("/").status_code == 200


def test_health_names_encryption_when_a_key_is_missing(
    settings: Settings, engine: Engine, event_loop_thread: EventLoopThread
) -> None:
    without = make_engine(engine.url, parse_keys(new_entry("other")))
    with ConsoleClient(make_app(settings, without), event_loop_thread) as client:
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["encryption"])
    without.dispose()
