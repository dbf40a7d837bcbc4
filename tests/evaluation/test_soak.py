"""The soak: a short run of the real thing, and checks that find what they are there to find."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from sqlalchemy.engine import Engine

import conversations.erasure
import conversations.web_sessions  # noqa: F401 - its table
from clinic import clock
from clinic.appointment_requests import AppointmentRequest, NewAppointmentRequest, store_appointment_request
from clinic.database import Base, make_engine, transaction
from clinic.erasures import Erasure
from conversations.event_rows import EVENTS
from conversations.tracker_store import create_event_tables
from conversations.turns import Claim, IncomingTurn, answer_turn, claim_turn
from evaluation.places import PROJECT_ROOT
from evaluation.soak.checks import Stored, erasure_problems, quiet_problems, talk_problems
from evaluation.soak.people import name_of, phone_of
from evaluation.soak.talk import Asked, Talk
from tests.encryption_keys import ENCRYPTION_KEYS

SECONDS_AT_MOST = 600


class Told(Talk):
    """A conversation that is over; what was said in it is made up by the test."""

    channel = "web"

    async def deliver(self, asked: Asked) -> str | None:
        raise AssertionError("nothing is sent")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'soak.sqlite3'}")
    Base.metadata.create_all(made)
    create_event_tables(made)
    yield made
    made.dispose()


@pytest.fixture
def stored(engine: Engine) -> Stored:
    return Stored(str(engine.url), ENCRYPTION_KEYS)


@pytest.fixture
def talk() -> Told:
    talk = Told("Greta Olsen", "3125550150", 1.0)
    talk.conversation_id = "c1"
    talk.is_over = True
    return talk


def heard(engine: Engine, message_id: str, *, failed: bool = False) -> None:
    said = {"text": "Hello.", "metadata": {"turn_failed": True} if failed else {}}
    events = [("user", {"message_id": message_id}), ("bot", said)]
    with transaction(engine) as session:
        for kind, data in events:
            row = {"sender_id": "c1", "type_name": kind, "data": json.dumps(data)}
            session.execute(insert(EVENTS), row)


def asked(talk: Told, message_id: str, *answers: str) -> None:
    talk.asked.append(Asked(message_id, "hi", "a test", 0.0, list(answers), tries=1))


def answered(engine: Engine, message_id: str, words: str) -> None:
    claim = claim_turn(engine, IncomingTurn("c1", message_id, "web", "d", "hi"))
    assert isinstance(claim, Claim)
    answer_turn(engine, claim, [{"text": words, "choices": [], "source": None}], [], failed=False)


def request(engine: Engine, key: str) -> None:
    new = NewAppointmentRequest(
        idempotency_key=key,
        conversation_id="c1",
        channel="web",
        contact_name="Greta Olsen",
        phone="3125550150",
        email=None,
        preferred_time="any",
        reason=None,
    )
    store_appointment_request(engine, new)


def test_a_conversation_without_fault_has_no_problem(engine: Engine, stored: Stored, talk: Told) -> None:
    heard(engine, "m1", failed=True)
    heard(engine, "m1")
    asked(talk, "m1", "Hello.")
    answered(engine, "m1", "Hello.")
    request(engine, "k1")
    talk.confirmed_requests = 1
    assert talk_problems(stored, [talk]) == []
    assert quiet_problems(stored, None) == []


def test_two_different_answers_to_one_message_are_found(stored: Stored, engine: Engine, talk: Told) -> None:
    asked(talk, "m1", "Hello.", "Good day.")
    answered(engine, "m1", "Hello.")
    (problem,) = talk_problems(stored, [talk])
    assert "different ways" in problem


def test_events_that_stand_twice_are_found(stored: Stored, engine: Engine, talk: Told) -> None:
    heard(engine, "m1")
    heard(engine, "m1")
    assert talk_problems(stored, [talk]) == ["the events of a message stand 2 times"]


def test_an_answer_that_was_read_and_is_not_kept_is_found(stored: Stored, talk: Told) -> None:
    asked(talk, "m1", "Hello.")
    (problem,) = talk_problems(stored, [talk])
    assert "not the one that is kept" in problem


def test_what_was_confirmed_and_is_not_stored_or_twice_is_found(stored: Stored, engine: Engine, talk: Told) -> None:
    talk.confirmed_requests = talk.confirmed_messages = 1
    assert len(talk_problems(stored, [talk])) == 2
    request(engine, "k1")
    request(engine, "k2")
    problems = talk_problems(stored, [talk])
    assert any("2 rows of one visitor in appointment_requests" in problem for problem in problems)
    assert any("confirmed and not stored in staff_messages" in problem for problem in problems)


def test_words_that_come_again_after_the_staff_closed_them_are_no_second_copy(
    stored: Stored, engine: Engine, talk: Told
) -> None:
    request(engine, "k1")
    with transaction(engine) as session:
        session.execute(update(AppointmentRequest).values(status="closed"))
    request(engine, "k2")
    assert talk_problems(stored, [talk]) == []
    request(engine, "k3")
    assert len(talk_problems(stored, [talk])) == 1


def test_a_message_that_stays_claimed_is_found(stored: Stored, engine: Engine) -> None:
    claim_turn(engine, IncomingTurn("c1", "m1", "web", "d", "hi"))
    assert quiet_problems(stored, None) == ["1 messages are claimed and not answered"]


def test_what_a_deletion_leaves_is_found(stored: Stored, engine: Engine, talk: Told) -> None:
    talk.receipt = "ABC"
    assert erasure_problems(stored, [talk]) == []
    heard(engine, "Greta Olsen")
    with transaction(engine) as session:
        values = {"id": "e1", "receipt": "ABC", "channel": "web", "conversation_id": "c1", "counts": "{}"}
        session.add(Erasure(**values, requested_at=clock.now()))
    problems = erasure_problems(stored, [talk])
    assert any("name stands in events" in problem for problem in problems)
    assert any("named in erasures, events" in problem for problem in problems)
    assert any("not complete" in problem for problem in problems)


def test_no_two_visitors_share_a_name_and_few_a_number() -> None:
    assert len({name_of(number) for number in range(5_000)}) == 5_000
    assert len({phone_of(number) for number in range(4_000)}) == 4_000
    assert all(phone_of(number)[3:8] == "55501" for number in range(4_000))


@pytest.mark.live
@pytest.mark.model
def test_a_short_soak_finds_nothing_and_says_what_it_killed() -> None:
    command = [sys.executable, "-m", "evaluation.soak", "--kills", "4", "--minutes", "1", "--seed", "5", "--quick"]
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=SECONDS_AT_MOST
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^kills +[1-4]$", done.stdout, re.MULTILINE)
    assert re.search(r"^violations +0$", done.stdout, re.MULTILINE)
    assert re.search(r"^answers +[1-9]", done.stdout, re.MULTILINE)
    assert re.search(r"^releases, roll backs +[1-9]", done.stdout, re.MULTILINE)
