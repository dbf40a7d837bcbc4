"""No notice is lost: what cannot be delivered now is tried again under the same id, by one sender at a time."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from clinic import clock
from clinic.database import make_engine
from clinic.notices import loop
from clinic.notices.claims import LEASE, claim_next, give_up, mark_delivered, put_off, renew_failed
from clinic.notices.courier import Courier, Outcome, couriers
from clinic.notices.loop import DeliveryLoop
from clinic.notices.retries import GIVE_UP_AFTER, pause_after
from clinic.settings import Settings
from tests.clinic.notice_receivers import MailServer, WebhookReceiver
from tests.clinic.stored_notices import let_time_pass, notices, settings_for, store_message, store_request
from tests.ports import free_port


def courier_of(engine: Engine, settings: Settings) -> Courier:
    (courier,) = couriers(engine, settings)
    return courier


def deliver_all(courier: Courier) -> Counter[Outcome]:
    outcomes: Counter[Outcome] = Counter()
    while (outcome := courier.deliver_next()) is not Outcome.NOTHING_DUE:
        outcomes[outcome] += 1
    return outcomes


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def test_a_receiver_that_comes_back_gets_what_it_missed_under_the_same_id(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        courier = courier_of(engine, settings_for(tmp_path, webhook_url=receiver.url))
        receiver.status = 503
        assert courier.deliver_next() is Outcome.PUT_OFF
        receiver.status = 204
        assert courier.deliver_next() is Outcome.NOTHING_DUE
        let_time_pass(engine, timedelta(seconds=11))
        assert courier.deliver_next() is Outcome.DELIVERED
    assert len({received.identifier for received in receiver.received}) == 1
    (notice,) = notices(engine)
    assert (notice.attempts, notice.last_error) == (2, None)


def test_pauses_double_from_seconds_to_an_hour_and_differ() -> None:
    for attempts, longest in ((1, 10), (2, 20), (5, 160), (9, 2560), (10, 3600), (5000, 3600)):
        pauses = [pause_after(attempts).total_seconds() for _ in range(200)]
        assert longest / 2 <= min(pauses) < max(pauses) <= longest
        assert len(set(pauses)) > 100


def test_a_notice_is_given_up_after_three_days_and_stays_visible(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        courier = courier_of(engine, settings_for(tmp_path, webhook_url=receiver.url))
        receiver.status = 500
        let_time_pass(engine, GIVE_UP_AFTER - timedelta(minutes=1))
        assert courier.deliver_next() is Outcome.PUT_OFF
        let_time_pass(engine, timedelta(hours=1))
        assert courier.deliver_next() is Outcome.GIVEN_UP
    (notice,) = notices(engine)
    assert (notice.last_error, notice.delivered_at, notice.next_attempt_at) == ("HTTP 500", None, None)
    assert notice.failed_at is not None


def test_what_was_given_up_can_be_made_due_again(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    store_request(engine, ("email",))
    with WebhookReceiver() as receiver:
        courier = courier_of(engine, settings_for(tmp_path, webhook_url=receiver.url))
        receiver.status = 410
        assert courier.deliver_next() is Outcome.GIVEN_UP
        receiver.status = 204
        assert renew_failed(engine, ("webhook",)) == 1
        assert courier.deliver_next() is Outcome.DELIVERED
    assert renew_failed(engine, ("webhook",)) == 0
    delivered = next(notice for notice in notices(engine) if notice.target == "webhook")
    assert (delivered.failed_at, delivered.attempts) == (None, 2)


def test_even_a_notice_of_long_ago_is_tried(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("webhook",))
    let_time_pass(engine, timedelta(days=30))
    with WebhookReceiver() as receiver:
        courier = courier_of(engine, settings_for(tmp_path, webhook_url=receiver.url))
        assert courier.deliver_next() is Outcome.DELIVERED


def test_notices_go_out_by_age_with_urgent_ones_before(engine: Engine, tmp_path: Path) -> None:
    first, second = store_request(engine, ("webhook",)), store_request(engine, ("webhook",))
    store_message(engine, ("webhook",), urgency="urgent")
    third = store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        courier = courier_of(engine, settings_for(tmp_path, webhook_url=receiver.url))
        assert deliver_all(courier) == {Outcome.DELIVERED: 4}
    sent = [received.content["data"]["id"] for received in receiver.received]
    assert receiver.received[0].content["data"]["urgency"] == "urgent"
    assert sent[1:] == [first, second, third]


def test_trouble_with_one_target_leaves_the_other_alone(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("email", "webhook"))
    with MailServer() as server:
        settings = settings_for(tmp_path, mail_port=server.port, webhook_url=f"http://127.0.0.1:{free_port()}/")
        outcomes = {courier.target: courier.deliver_next() for courier in couriers(engine, settings)}
    assert outcomes == {"email": Outcome.DELIVERED, "webhook": Outcome.PUT_OFF}


def test_what_waits_for_a_target_no_longer_configured_is_kept(engine: Engine, tmp_path: Path) -> None:
    store_request(engine, ("email", "webhook"))
    with WebhookReceiver() as receiver:
        deliver_all(courier_of(engine, settings_for(tmp_path, webhook_url=receiver.url)))
    mail = next(notice for notice in notices(engine) if notice.target == "email")
    assert (mail.attempts, mail.delivered_at, mail.failed_at) == (0, None, None)


def test_neither_a_lease_nor_a_pause_lasts_for_hours_because_the_clock_was_put_back(engine: Engine) -> None:
    store_request(engine, ("webhook",))
    first = claim_next(engine, "webhook")
    assert first is not None
    let_time_pass(engine, timedelta(hours=-3))
    second = claim_next(engine, "webhook")
    assert second is not None
    put_off(engine, second, "HTTP 503", clock.now() + timedelta(minutes=50))
    assert claim_next(engine, "webhook") is None
    let_time_pass(engine, timedelta(hours=-3))
    assert claim_next(engine, "webhook") is not None


def test_a_claimed_notice_is_nobody_elses_until_its_lease_ends(engine: Engine) -> None:
    store_request(engine, ("webhook",))
    first = claim_next(engine, "webhook")
    assert first is not None
    assert claim_next(engine, "webhook") is None
    let_time_pass(engine, LEASE)
    second = claim_next(engine, "webhook")
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)


def test_a_sender_that_was_too_slow_does_not_undo_the_work_of_the_next(engine: Engine) -> None:
    store_request(engine, ("webhook",))
    slow = claim_next(engine, "webhook")
    let_time_pass(engine, LEASE)
    next_one = claim_next(engine, "webhook")
    assert slow is not None and next_one is not None
    put_off(engine, slow, "ReadTimeout", clock.now())
    give_up(engine, slow, "HTTP 410")
    assert claim_next(engine, "webhook") is None
    mark_delivered(engine, next_one)
    put_off(engine, next_one, "HTTP 500", clock.now())
    (notice,) = notices(engine)
    assert notice.delivered_at is not None
    assert (notice.failed_at, notice.next_attempt_at, notice.last_error) == (None, None, None)


def test_two_workers_at_once_deliver_each_notice_once(engine: Engine, tmp_path: Path) -> None:
    for _ in range(40):
        store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        settings = settings_for(tmp_path, webhook_url=receiver.url)
        engines = [make_engine(engine.url.render_as_string(hide_password=False)) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda own: deliver_all(courier_of(own, settings)), engines))
        for own in engines:
            own.dispose()
    assert Counter(received.identifier for received in receiver.received) == Counter(
        notice.id for notice in notices(engine)
    )
    assert sum(result[Outcome.DELIVERED] for result in results) == 40
    assert all(result[Outcome.DELIVERED] for result in results)
    assert all(notice.delivered_at and notice.attempts == 1 for notice in notices(engine))


def test_the_loop_outlives_the_database(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loop, "SECONDS_BETWEEN_LOOKS", 0.02)
    store_request(engine, ("webhook",))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO outbox_away")
    with WebhookReceiver() as receiver:
        running = DeliveryLoop(engine, settings_for(tmp_path, webhook_url=receiver.url))
        running.start()
        wait_until(lambda: "notices by webhook wait for the database" in caplog.text)
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE outbox_away RENAME TO outbox")
        wait_until(lambda: bool(notices(engine)[0].delivered_at))
        running.stop()
    assert len(receiver.received) == 1


def test_while_a_target_is_down_what_waits_is_not_all_tried_against_it(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SECONDS_BETWEEN_LOOKS", 0.1)
    for _ in range(20):
        store_request(engine, ("webhook",))
    with WebhookReceiver() as receiver:
        receiver.status = 503
        running = DeliveryLoop(engine, settings_for(tmp_path, webhook_url=receiver.url))
        running.start()
        time.sleep(1.2)
        tried = len(receiver.received)
        assert 2 <= tried <= 5
        receiver.status = 204
        wait_until(lambda: sum(bool(notice.delivered_at) for notice in notices(engine)) >= 20 - tried)
        running.stop()
