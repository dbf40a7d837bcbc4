"""Kills in the middle of a booking: nothing is falsely confirmed, and a later yes stores exactly one request."""

import os
import signal
import sqlite3
import time

import httpx
import pytest

from tests import loopback
from tests.conversation.instance import RunningInstance, Visitor

pytestmark = [pytest.mark.live, pytest.mark.model]


def ready_to_confirm(instance: RunningInstance) -> Visitor:
    visitor = instance.visitor()
    visitor.say("book me a visit, Greta Olsen, 312 555 0150")
    assert "Shall I send" in visitor.say("any tuesday")
    return visitor


def stored(instance: RunningInstance) -> int:
    return int(instance.rows("SELECT count(*) FROM appointment_requests")[0][0])


def wait_for(url: str, status: int, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if loopback.get(url, timeout=5).status_code == status:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer {status}")


def test_when_the_action_server_is_gone_nothing_is_confirmed_and_a_later_yes_stores_once(
    own_instance: RunningInstance,
) -> None:
    visitor = ready_to_confirm(own_instance)
    actions = own_instance.process_of("actions.serve")
    os.kill(actions, signal.SIGSTOP)
    reply = visitor.say("yes")
    assert "recorded" not in reply
    assert "never stored twice" in reply
    assert "contact the clinic" in reply
    emergency = visitor.say("my throat is swelling, I can't breathe")
    assert "911" in emergency
    assert stored(own_instance) == 0
    os.kill(actions, signal.SIGKILL)
    wait_for(f"{own_instance.url}/health/ready", 200)
    after = visitor.say("yes, go on with the booking")
    if "Shall I send" in after:
        after = visitor.say("yes")
    assert "recorded" in after
    visitor.say("yes")
    assert stored(own_instance) == 1


def test_when_the_bot_is_killed_the_conversation_goes_on_where_it_was(own_instance: RunningInstance) -> None:
    visitor = ready_to_confirm(own_instance)
    os.kill(own_instance.process_of("channels.serve"), signal.SIGKILL)
    time.sleep(0.5)
    wait_for(f"{own_instance.url}/health/ready", 200, 60.0)
    assert "recorded" in visitor.say("yes")
    assert stored(own_instance) == 1


def test_when_the_database_is_gone_the_visitor_is_told_and_readiness_turns_red(own_instance: RunningInstance) -> None:
    visitor = ready_to_confirm(own_instance)
    # A lock that is held for longer than the bot waits stands for a database that does not answer.
    holder = sqlite3.connect(own_instance.database, isolation_level=None, timeout=10)
    holder.execute("BEGIN EXCLUSIVE")
    answer = visitor.send("yes", message_id="yes-during-the-fault")
    assert answer.status_code == 503
    assert "never stored twice" in answer.json()["error"]["message"]
    urgent = visitor.send("I can't breathe")
    assert urgent.status_code == 503
    assert "911" in urgent.json()["error"]["message"]
    holder.execute("ROLLBACK")
    holder.close()
    again = visitor.send("yes", message_id="yes-during-the-fault")
    assert again.status_code == 200
    assert "recorded" in again.json()["messages"][0]["text"]
    assert stored(own_instance) == 1
