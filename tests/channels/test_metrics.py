"""What the bot's process counts, who may read it, and that nothing from outside gets into a label."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import loopback
from tests.channels.action_server import ActionServer
from tests.channels.bot_process import BotProcess, Visitor
from tests.channels.sms.phone import Phone
from tests.monitoring.metric_table import documented_metrics, foreign_values, sample, shown_metrics

TOKEN = "token-of-the-scraper-" + "x" * 20
CANARY = "Zorblatt Quimby"
BEARER = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "10.0.0.9"}


@pytest.fixture(scope="module")
def watched(
    model: Path, running_actions: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    """A bot of this module's own, whose counts nobody else changes."""
    folder = tmp_path_factory.mktemp("watched")
    bot = BotProcess(folder, model, running_actions.port, METRICS_TOKEN=TOKEN, LOG_FORMAT="json")
    bot.start()
    yield bot
    assert bot.stop() == 0


@pytest.fixture
def bot(watched: BotProcess, actions: ActionServer) -> BotProcess:
    return watched


def metrics(bot: BotProcess) -> str:
    response = loopback.get(f"{bot.url}/metrics")
    assert response.status_code == 200, response.text
    return response.text


def turns(bot: BotProcess, outcome: str, channel: str = "web") -> float:
    return sample(metrics(bot), "milia_turns_total", channel=channel, outcome=outcome)


def test_the_metrics_are_in_prometheus_text_form(bot: BotProcess) -> None:
    response = loopback.get(f"{bot.url}/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    known = documented_metrics()
    shown = shown_metrics(response.text)
    assert {"milia_turns_total", "milia_model_info", "milia_check_up"} <= set(shown)
    assert all(known[name] == metric for name, metric in shown.items())
    assert "process_resident_memory_bytes" in response.text
    assert "python_gc_collections_total" in response.text


@pytest.mark.parametrize("path", ["/metrics", "/metrics/actions"])
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Host": "chat.example.com"},
        {"Via": "1.1 proxy"},
        {**BEARER, "Authorization": f"Bearer {TOKEN}x"},
    ],
)
def test_everybody_else_reads_what_they_read_of_any_path_that_is_not_there(
    bot: BotProcess, path: str, headers: dict[str, str]
) -> None:
    refused = loopback.get(f"{bot.url}{path}", headers=headers)
    nothing = loopback.get(f"{bot.url}/nothing", headers=headers)
    assert (refused.status_code, refused.json()) == (404, nothing.json())


def test_a_scraper_elsewhere_reads_them_by_the_token(bot: BotProcess) -> None:
    assert loopback.get(f"{bot.url}/metrics", headers=BEARER).status_code == 200


def test_an_answered_turn_is_counted_with_all_its_stages(bot: BotProcess) -> None:
    before = metrics(bot)
    Visitor(bot).say("What are milia?")
    after = metrics(bot)

    def grown(name: str, **labels: str) -> float:
        return sample(after, name, **labels) - sample(before, name, **labels)

    assert grown("milia_turns_total", channel="web", outcome="answered") == 1
    assert grown("milia_messages_understood_total", group="faq") == 1
    assert grown("milia_turn_seconds_count", channel="web") == 1
    for stage in ("understand", "claim", "lock", "work", "actions", "store"):
        assert grown("milia_turn_stage_seconds_count", stage=stage) >= 1, stage
        assert grown("milia_turn_stage_errors_total", stage=stage) == 0
    whole = grown("milia_turn_seconds_sum", channel="web")
    work = grown("milia_turn_stage_seconds_sum", stage="work")
    assert 0 < grown("milia_turn_stage_seconds_sum", stage="actions") < work < whole
    assert grown("milia_http_requests_total", route="/webhooks/web/messages", method="POST", status="2xx") == 1


def test_a_text_is_a_turn_of_its_channel(bot: BotProcess) -> None:
    before = turns(bot, "answered", "sms")
    Phone(bot).say("What are milia?")
    assert turns(bot, "answered", "sms") == before + 1


def test_the_same_message_again_is_a_repetition(bot: BotProcess) -> None:
    visitor, before = Visitor(bot), turns(bot, "repeated")
    message = {"id": "the-same", "text": "What are milia?"}
    assert [visitor.client.post("/messages", json=message).status_code for _ in range(2)] == [200, 200]
    assert turns(bot, "repeated") == before + 1


def test_other_content_under_the_same_id_and_a_choice_that_is_not_on_offer_are_counted_as_such(bot: BotProcess) -> None:
    visitor, reused, unknown = Visitor(bot), turns(bot, "id_reused"), turns(bot, "unknown_choice")
    for text in ("What are milia?", "something else"):
        visitor.client.post("/messages", json={"id": "one", "text": text})
    assert visitor.send(choice="nothing-of-ours").status_code == 400
    assert turns(bot, "id_reused") == reused + 1
    assert turns(bot, "unknown_choice") == unknown + 1


def test_an_urgent_message_is_counted_by_how_its_turn_ended(bot: BotProcess, actions: ActionServer) -> None:
    def urgent(outcome: str) -> float:
        return sample(metrics(bot), "milia_safety_turns_total", safety="safety/emergency", outcome=outcome)

    answered, failed = urgent("answered"), urgent("failed")
    Visitor(bot).say("I cannot breathe")
    assert (urgent("answered"), urgent("failed")) == (answered + 1, failed)
    actions.mode = "fault"
    Visitor(bot).say("I cannot breathe")
    assert (urgent("answered"), urgent("failed")) == (answered + 1, failed + 1)


def test_a_fault_of_the_action_server_is_one_of_its_stage(bot: BotProcess, actions: ActionServer) -> None:
    actions.mode = "garbage"
    before = sample(metrics(bot), "milia_turn_stage_errors_total", stage="actions")
    failed = turns(bot, "failed")
    Visitor(bot).say("What are milia?")
    assert sample(metrics(bot), "milia_turn_stage_errors_total", stage="actions") > before
    assert turns(bot, "failed") == failed + 1


def test_what_a_limit_refuses_is_counted(bot: BotProcess) -> None:
    visitor = Visitor(bot)
    answers = [visitor.send(choice="none").status_code for _ in range(22)]
    assert answers.count(429) == 2
    assert sample(metrics(bot), "milia_limit_refusals_total", limit="messages") == 2


def test_hostile_requests_get_nothing_into_a_label(bot: BotProcess) -> None:
    with loopback.Client(base_url=bot.url) as client:
        client.get(f"/webhooks/web/{CANARY}")
        client.get(f"/{CANARY}/../metrics", headers={"X-Request-ID": CANARY})
        client.request("ZORBLATT", "/webhooks/web/messages")
        client.post("/webhooks/sms/webhook", data={"Body": CANARY, "From": "+13125550142"})
    visitor = Visitor(bot)
    visitor.say(f"my name is {CANARY}, is it milia?")
    visitor.send(choice=CANARY)
    visitor.client.post("/messages", json={"id": CANARY, "text": "What are milia?"})
    text = metrics(bot)
    assert foreign_values(text) == []
    assert not re.search("zorblatt|quimby|5550142", text, re.IGNORECASE)
    assert sample(text, "milia_http_requests_total", route="none", method="GET", status="4xx") >= 1


def test_each_answer_has_the_id_of_its_request_and_the_turns_line_has_it_too(bot: BotProcess) -> None:
    given = "0123456789abcdef" * 2
    visitor = Visitor(bot)
    answer = visitor.client.post(
        "/messages", json={"id": "with-id", "text": "What are milia?"}, headers={"X-Request-ID": given}
    )
    assert answer.headers["X-Request-ID"] == given
    assert f'"event": "turn", "request_id": "{given}", "channel": "web", "outcome": "answered"' in bot.log_text()
    refused = loopback.get(f"{bot.url}/nothing", headers={"X-Request-ID": CANARY})
    assert re.fullmatch("[0-9a-f]{32}", refused.headers["X-Request-ID"])
    assert CANARY not in bot.log_text()


def test_an_action_server_that_is_away_is_called_so(bot: BotProcess, actions: ActionServer) -> None:
    actions.stop()
    try:
        answer = loopback.get(f"{bot.url}/metrics/actions")
    finally:
        actions.start()
    assert (answer.status_code, answer.content) == (502, b"")


def test_a_database_that_is_away_is_a_zero_and_its_turns_are_not_kept(bot: BotProcess) -> None:
    urgent = {"safety": "safety/emergency", "outcome": "not_kept"}
    visitor, before = Visitor(bot), metrics(bot)
    assert sample(metrics(bot), "milia_check_up", check="database") == 1
    aside = bot.database.with_suffix(".aside")
    # A folder in the place of the file: nothing can be opened and nothing is made anew.
    bot.database.rename(aside)
    bot.database.mkdir()
    try:
        assert visitor.send(text="I cannot breathe").status_code == 503
        text = metrics(bot)
        assert 'milia_check_up{check="database"} 0.0' in text
        assert sample(text, "milia_safety_turns_total", **urgent) == (
            sample(before, "milia_safety_turns_total", **urgent) + 1
        )
    finally:
        bot.database.rmdir()
        aside.rename(bot.database)
    deadline = time.monotonic() + 20
    while sample(metrics(bot), "milia_check_up", check="database") != 1:
        assert time.monotonic() < deadline
