"""The webhook is a signed POST that a receiver can check, and repeat safely."""

import base64
import json
import re
import socket
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from clinic import outbox
from clinic.notices import webhook
from clinic.notices.claims import ClaimedNotice
from clinic.notices.courier import Outcome, couriers
from clinic.notices.webhook import EVENT_TYPES, signature
from clinic.notices.wording import subject
from clinic.settings import PROJECT_ROOT, Settings
from tests.clinic.notice_receivers import WebhookReceiver
from tests.clinic.stored_notices import PERSONAL, notices, settings_for, store_message, store_request
from tests.ports import free_port


def deliver(engine: Engine, settings: Settings) -> Outcome:
    (courier,) = couriers(engine, settings)
    return courier.deliver_next()


def test_the_signature_is_that_of_the_reference_libraries() -> None:
    """A test vector that the libraries of https://github.com/standard-webhooks/standard-webhooks share."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_new_request_arrives_signed_and_without_anything_personal(engine: Engine, tmp_path: Path) -> None:
    request_id = store_request(engine, ("webhook",))
    store_message(engine, (), urgency="urgent")
    with WebhookReceiver() as receiver:
        assert deliver(engine, settings_for(tmp_path, webhook_url=receiver.url)) is Outcome.DELIVERED
    (received,) = receiver.received
    (notice,) = notices(engine)
    assert received.identifier == notice.id
    assert received.headers["content-type"] == "application/json"
    assert received.content["type"] == "appointment_request.created"
    assert received.content["data"] == {
        "id": request_id,
        "version": 1,
        "urgency": "ordinary",
        "channel": "web",
        "waiting": {"appointment_requests": 1, "messages": 1, "urgent_messages": 1},
    }
    assert datetime.fromisoformat(received.content["timestamp"]).tzname() in ("UTC-06:00", "UTC-05:00")
    assert not any(words in json.dumps([received.content, received.headers]) for words in PERSONAL)
    assert (notice.attempts, notice.last_error) == (1, None)
    assert notice.delivered_at is not None


def test_the_check_in_the_operators_page_takes_ours_and_no_other(engine: Engine, tmp_path: Path) -> None:
    page = (PROJECT_ROOT / "docs" / "notices.md").read_text(encoding="utf-8")
    example: dict[str, Any] = {}
    exec(page.partition("```python run\n")[2].partition("```")[0], example)
    headers = {"webhook-id": "n", "webhook-timestamp": str(int(time.time()))}
    for secret, key in (("whsec_a2V5IG9mIHRoZSB3ZWJob29r", b"key of the webhook"), ("plain words", b"plain words")):
        signed = {**headers, "webhook-signature": signature(key, "n", headers["webhook-timestamp"], b"{}")}
        assert example["is_from_the_assistant"](secret, signed, b"{}")
        assert not example["is_from_the_assistant"](secret, signed, b"{ }")
        assert not example["is_from_the_assistant"]("another", signed, b"{}")
        old = {**signed, "webhook-timestamp": "1614265330"}
        old["webhook-signature"] = signature(key, "n", "1614265330", b"{}")
        assert not example["is_from_the_assistant"](secret, old, b"{}")


def test_every_kind_of_notice_has_a_type_and_words_of_its_own() -> None:
    kinds = {value for name, value in vars(outbox).items() if name.isupper()}
    assert set(EVENT_TYPES) == kinds
    subjects = {subject(_claimed(kind)) for kind in kinds}
    assert len(subjects) == len(kinds)
    assert "New notice (web chat)" not in subjects
    assert subject(_claimed("a kind of a newer version")) == "New notice (web chat)"


def _claimed(kind: str) -> ClaimedNotice:
    moment = datetime(2026, 3, 4, tzinfo=timezone.utc)
    return ClaimedNotice("n", kind, "s", 1, "ordinary", "web", 1, moment, moment)


def test_a_receiver_with_an_encoded_secret_checks_the_same_key(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    with WebhookReceiver(key=b"key of the webhook") as receiver:
        secret = "whsec_a2V5IG9mIHRoZSB3ZWJob29r"
        settings = settings_for(tmp_path, webhook_url=receiver.url, STAFF_WEBHOOK_SECRET=secret)
        assert deliver(engine, settings) is Outcome.DELIVERED


def test_a_receiver_that_has_another_secret_takes_nothing(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    with WebhookReceiver(key=b"another") as receiver:
        assert deliver(engine, settings_for(tmp_path, webhook_url=receiver.url)) is Outcome.PUT_OFF
    assert notices(engine)[0].last_error == "HTTP 401"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_delivered(engine: Engine, tmp_path: Path, status: int) -> None:
    store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        receiver.status = status
        assert deliver(engine, settings_for(tmp_path, webhook_url=receiver.url)) is Outcome.DELIVERED


@pytest.mark.parametrize("status", [300, 400, 404, 429, 500, 503])
def test_other_answers_are_tried_again(engine: Engine, tmp_path: Path, status: int) -> None:
    store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        receiver.status = status
        assert deliver(engine, settings_for(tmp_path, webhook_url=receiver.url)) is Outcome.PUT_OFF
    assert notices(engine)[0].last_error == f"HTTP {status}"


def test_gone_is_given_up(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        receiver.status = 410
        settings = settings_for(tmp_path, webhook_url=receiver.url)
        assert deliver(engine, settings) is Outcome.GIVEN_UP
        assert deliver(engine, settings) is Outcome.NOTHING_DUE
    (notice,) = notices(engine)
    assert (notice.last_error, notice.delivered_at, notice.next_attempt_at) == ("HTTP 410", None, None)
    assert notice.failed_at is not None


def test_a_redirect_is_not_followed(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    with WebhookReceiver() as elsewhere, WebhookReceiver() as receiver:
        receiver.status, receiver.location = 307, elsewhere.url
        assert deliver(engine, settings_for(tmp_path, webhook_url=receiver.url)) is Outcome.PUT_OFF
    assert elsewhere.paths == []
    assert notices(engine)[0].last_error == "HTTP 307"


def test_a_receiver_that_hangs_is_left_in_time(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS_TO_ANSWER", 0.2)
    store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        receiver.hold_seconds = 1.0
        assert deliver(engine, settings_for(tmp_path, webhook_url=receiver.url)) is Outcome.PUT_OFF
    assert notices(engine)[0].last_error == "ReadTimeout"


def test_a_receiver_that_is_away_or_speaks_no_http_is_tried_again(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    url = f"http://127.0.0.1:{free_port()}/token-of-the-receiver"
    assert deliver(engine, settings_for(tmp_path, webhook_url=url)) is Outcome.PUT_OFF
    store_request(engine, ("webhook",))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_answer_nonsense, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert deliver(engine, settings_for(tmp_path, webhook_url=url)) is Outcome.PUT_OFF
    assert [notice.last_error for notice in notices(engine)] == ["ConnectionError", "ConnectionError"]


def _answer_nonsense(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b"SSH-2.0-nonsense\r\n\r\n")


def test_a_fault_is_logged_without_the_address(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store_request(engine, ("webhook",))
    url = f"http://user:password-1@127.0.0.1:{free_port()}/token-1"
    deliver(engine, settings_for(tmp_path, webhook_url=url))
    assert re.search(r"notice \S+ by webhook is put off: ConnectionError", caplog.text)
    assert "-1" not in re.sub(r"notice \S+", "", caplog.text)
