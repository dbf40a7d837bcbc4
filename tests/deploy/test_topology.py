"""Two bots with PostgreSQL and Redis behind nginx, as deploy/ describes them, are one assistant to the visitor."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import httpx
from sqlalchemy import select, update

from channels.web.tokens import SessionTokens
from clinic import clock
from clinic.database import transaction
from conversations.tracker_store import SQLEvent
from conversations.turns import Turn
from tests import loopback
from tests.deploy.chat import Chat
from tests.deploy.conftest import Topology, Worker

VISITORS = 6
# Below the bot's own limit of a session, 20 in a minute, and the proxy's of an address, 10 in a second and 60 at once.
MOST_MESSAGES = 16
SECONDS_BETWEEN_MESSAGES = 0.7
SECONDS_TO_COME_ABOUT = 30.0


def test_a_conversation_that_changes_workers_keeps_its_form_and_its_choices(topology: Topology) -> None:
    first, second = (_client_of(worker) for worker in topology.workers)
    with first, second:
        by_first = Chat.begun(first)
        by_second = by_first.through(second)
        assert "name" in by_first.say("m1", text="an appointment please")[0]["text"].lower()
        (read_back,) = by_second.say("m2", text="my name is Ann")
        assert "Ann" in read_back["text"]
        (stored,) = by_first.say("m3", choice=read_back["choices"][0]["id"])
        assert "request" in stored["text"]
        assert "cyst" in by_second.say("m4", text="what are milia?")[0]["text"]
        assert [entry["sender"] for entry in by_second.entries()] == ["assistant", *["visitor", "assistant"] * 4]


def test_the_same_message_at_both_workers_at_once_is_one_turn(topology: Topology) -> None:
    first, second = (_client_of(worker) for worker in topology.workers)
    with first, second, ThreadPoolExecutor(2) as threads:
        by_first = Chat.begun(first)
        by_second = by_first.through(second)
        for worker in topology.workers:
            worker.actions.hold()
        sent = [threads.submit(chat.post, "m1", text="what are milia?") for chat in (by_first, by_second)]
        _wait_until(lambda: sum(worker.actions.held for worker in topology.workers) > 0)
        for worker in topology.workers:
            worker.actions.let_go()
        answers = [each.result() for each in sent]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert sum(worker.actions.asked_about("what are milia?") for worker in topology.workers) == 1
        assert len(by_first.entries()) == 3


def test_messages_of_one_conversation_at_two_workers_are_answered_one_after_the_other(topology: Topology) -> None:
    first, second = (_client_of(worker) for worker in topology.workers)
    with first, second, ThreadPoolExecutor(2) as threads:
        by_first = Chat.begun(first)
        with _held(topology.workers[0]):
            earlier = threads.submit(by_first.say, "m1", text="an appointment please")
            _wait_until(lambda: topology.workers[0].actions.held > 0)
            later = threads.submit(by_first.through(second).say, "m2", text="my name is Ann")
            _wait_until(lambda: _has_turn(topology, by_first, "m2"))
            assert not topology.workers[1].actions.calls
        assert "name" in earlier.result()[0]["text"].lower()
        assert "Ann" in later.result()[0]["text"]


def test_messages_that_reach_two_workers_at_the_same_moment_are_both_answered_at_once(topology: Topology) -> None:
    first, second = (_client_of(worker) for worker in topology.workers)
    with first, second, ThreadPoolExecutor(2) as threads:
        by_first = Chat.begun(first)
        by_second = by_first.through(second)
        for number in range(6):
            sent = [
                threads.submit(chat.post, f"{way}{number}", text=f"what are milia? {way}{number}")
                for way, chat in (("a", by_first), ("b", by_second))
            ]
            assert [one.result().status_code for one in sent] == [200, 200]
        assert len(by_first.entries()) == 1 + 2 * 12


def test_limits_count_across_workers_and_by_the_address_that_the_proxy_saw(topology: Topology) -> None:
    address = "127.0.0.9"
    with topology.proxy.client(address=address) as visitor:
        for number in range(30):
            opened = visitor.post("/webhooks/web/sessions", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            assert opened.status_code == 201
        refused = [visitor.post("/webhooks/web/sessions") for _ in range(2)]
    for worker in topology.workers:
        with _client_of(worker) as own:
            refused.append(own.post("/webhooks/web/sessions", headers={"X-Forwarded-For": address}))
            other = own.post("/webhooks/web/sessions", headers={"X-Forwarded-For": "127.0.0.10"})
            assert other.status_code == 201
    assert [response.status_code for response in refused] == [429] * 4
    # The bot's own limit, which is for an hour, and not the proxy's.
    assert all(int(response.headers["Retry-After"]) > 60 for response in refused)


def test_workers_that_are_restarted_one_after_the_other_cost_no_visitor_an_answer(topology: Topology) -> None:
    with topology.proxy.client(address="127.0.0.12") as client:
        chats = [Chat.begun(client) for _ in range(VISITORS)]
        with _writing(chats):
            _wait_until(lambda: all(chat.answered for chat in chats))
            for worker in topology.workers:
                assert worker.bot.stop() == 0
                assert Chat.begun(client).say("m1", text="what are milia?")
                worker.bot.start()
        for chat in chats:
            chat.say("last", text="what are milia? last")
        _assert_all_answered_once(topology, chats)


def test_a_worker_that_is_killed_costs_no_visitor_an_answer(topology: Topology) -> None:
    killed, other = topology.workers
    with topology.proxy.client(address="127.0.0.11") as client, ThreadPoolExecutor(VISITORS) as threads:
        chats = [Chat.begun(client) for _ in range(VISITORS)]
        with _held(killed):
            said = [threads.submit(chat.say, "m1", text="an appointment please") for chat in chats]
            _wait_until(lambda: killed.actions.held + sum(one.done() for one in said) == VISITORS)
            in_the_middle = [chat for chat, one in zip(chats, said, strict=True) if not one.done()]
            assert in_the_middle
            killed.bot.kill()
        _let_a_minute_pass(topology, in_the_middle)
        assert all("name" in one.result()[0]["text"].lower() for one in said)
        assert other.actions.calls
        for chat in chats:
            assert "Ann" in chat.say("m2", text="my name is Ann")[0]["text"]
        killed.bot.start()
        for chat in chats:
            assert chat.say("m1", text="an appointment please") == chat.answered["m1"]
        _assert_all_answered_once(topology, chats)


@contextmanager
def _writing(chats: list[Chat]) -> Iterator[None]:
    """Let all of them write now and then until the block is through."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(chats)) as threads:
        writing = [threads.submit(_write, chat, stop) for chat in chats]
        try:
            yield
        finally:
            stop.set()
        for one in writing:
            one.result()


def _write(chat: Chat, stop: threading.Event) -> None:
    for number in range(MOST_MESSAGES):
        chat.say(f"m{number}", text=f"what are milia? m{number}")
        if stop.wait(SECONDS_BETWEEN_MESSAGES):
            return


def _assert_all_answered_once(topology: Topology, chats: list[Chat]) -> None:
    """What each visitor read, what they see when they come back, and what the assistant remembers, are the same."""
    for chat in chats:
        entries = chat.entries()
        asked = [entry["id"] for entry in entries if entry["sender"] == "visitor"]
        assert asked == list(chat.answered)
        assert [entry["text"] for entry in entries[1:] if entry["sender"] == "assistant"] == [
            message["text"] for messages in chat.answered.values() for message in messages
        ]
    with transaction(topology.engine) as session:
        conversations = [_conversation(topology, chat) for chat in chats]
        kinds = select(SQLEvent.sender_id).where(SQLEvent.sender_id.in_(conversations), SQLEvent.type_name == "user")
        remembered = session.execute(kinds).scalars().all()
    for chat, conversation in zip(chats, conversations, strict=True):
        assert remembered.count(conversation) == len(chat.answered)


def _let_a_minute_pass(topology: Topology, chats: list[Chat]) -> None:
    """The claims and locks that a killed worker leaves behind hold for a minute; here they are made old."""
    conversations = [_conversation(topology, chat) for chat in chats]
    topology.locks.delete(*(f"lock:{conversation}" for conversation in conversations))
    moment = clock.now() - timedelta(seconds=61)
    own = (Turn.conversation_id.in_(conversations), Turn.state == "claimed")
    with transaction(topology.engine) as session:
        session.execute(update(Turn).where(*own).values(claimed_at=moment))


def _conversation(topology: Topology, chat: Chat) -> str:
    """The conversation's id, which stands signed in the token."""
    found = SessionTokens(topology.secret_key).session_id(chat.token)
    assert found
    return found


def _has_turn(topology: Topology, chat: Chat, message_id: str) -> bool:
    own = (Turn.conversation_id == _conversation(topology, chat), Turn.message_id == message_id)
    with transaction(topology.engine) as session:
        return session.execute(select(Turn.id).where(*own)).first() is not None


@contextmanager
def _held(worker: Worker) -> Iterator[None]:
    worker.actions.hold()
    try:
        yield
    finally:
        worker.actions.let_go()


def _client_of(worker: Worker) -> httpx.Client:
    return loopback.Client(base_url=worker.bot.url, timeout=40, headers={"X-Forwarded-For": "127.0.0.20"})


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_TO_COME_ABOUT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
