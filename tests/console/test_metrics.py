"""What the console's process counts, who may read it, and that nothing from outside gets into a label."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine
from starlette.types import ASGIApp

from clinic import clock
from clinic.database import transaction
from clinic.flags import flag_turn
from clinic.outbox import Notice, add_notices
from clinic.settings import Settings
from console.app import make_app
from conversations.event_rows import EVENTS
from tests.console.app_client import ConsoleClient, EventLoopThread
from tests.console.conftest import NewClient, console_settings
from tests.monitoring.metric_table import documented_metrics, foreign_values, sample, shown_metrics

TOKEN = "token-of-the-scraper-" + "x" * 20
CANARY = "Zorblatt"


@pytest.fixture
def open_app(settings: Settings, engine: Engine) -> ASGIApp:
    folder = settings.var_dir
    return make_app(console_settings(folder, DATABASE_URL=str(engine.url), METRICS_TOKEN=TOKEN), engine)


def metrics(client: ConsoleClient) -> str:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_metrics_are_in_prometheus_text_form(anonymous: ConsoleClient, engine: Engine) -> None:
    EVENTS.create(engine, checkfirst=True)
    answer = anonymous.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    known, shown = documented_metrics(), shown_metrics(answer.text)
    assert {"milia_work_open", "milia_flags_open", "milia_log_conversations_behind"} <= set(shown)
    assert all(known[name] == metric for name, metric in shown.items())
    for check in ("database", "work", "turn_log"):
        assert sample(answer.text, "milia_check_up", check=check) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Host": "staff.example.com"},
        {"Authorization": f"Bearer {TOKEN}x", "Via": "proxy"},
    ],
)
def test_everybody_else_is_told_that_there_is_nothing(
    open_app: ASGIApp, event_loop_thread: EventLoopThread, headers: dict[str, str]
) -> None:
    with ConsoleClient(open_app, event_loop_thread) as client:
        assert client.get("/metrics", headers=headers).status_code == 404
        assert "milia_" not in client.get("/metrics", headers=headers).text


def test_a_scraper_elsewhere_reads_them_by_the_token_whatever_name_it_asks_for(
    open_app: ASGIApp, event_loop_thread: EventLoopThread
) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "10.0.0.5:8000", "X-Forwarded-For": "10.0.0.9"}
    with ConsoleClient(open_app, event_loop_thread) as client:
        assert client.get("/metrics", headers=headers).status_code == 200


def test_only_reading_is_possible(anonymous: ConsoleClient) -> None:
    assert anonymous.post("/metrics").status_code == 404


def test_requests_are_counted_by_the_templates_of_their_routes(console: NewClient) -> None:
    client = console("admin")
    before = metrics(client)
    client.get("/accounts")
    client.get(f"/conversations/{CANARY}")
    client.get(f"/{CANARY}")
    client.get("/static/console.css")
    client.request("ZORBLATT", "/accounts", headers={"X-Request-ID": CANARY})
    client.post("/login", {"name": CANARY, "password": CANARY})
    text = metrics(client)

    def grown(route: str, method: str, status: str) -> float:
        labels = {"route": route, "method": method, "status": status}
        return sample(text, "milia_http_requests_total", **labels) - sample(
            before, "milia_http_requests_total", **labels
        )

    assert grown("/accounts", "GET", "2xx") == 1
    assert grown("/conversations/{id}", "GET", "4xx") == 1
    assert grown("none", "GET", "4xx") == 1
    assert grown("/static", "GET", "2xx") == 1
    assert sample(text, "milia_http_request_seconds_count", route="/accounts") >= 1
    assert foreign_values(text) == []
    assert not re.search(CANARY, text, re.IGNORECASE)


def test_failed_log_ins_are_counted(anonymous: ConsoleClient) -> None:
    before = sample(metrics(anonymous), "milia_console_login_failures_total", reason="refused")
    anonymous.post("/login", {"name": "nobody", "password": "wrong horse battery"})
    assert sample(metrics(anonymous), "milia_console_login_failures_total", reason="refused") == before + 1


def test_what_waits_is_counted_with_the_age_of_the_oldest(anonymous: ConsoleClient, engine: Engine) -> None:
    with transaction(engine) as session:
        add_notices(
            session, "staff_message", "m1", version=1, urgency="urgent", channel="web", targets=("email", "webhook")
        )
    flag_turn(engine, "c1", "t1", "safety/emergency", "web")
    flag_turn(engine, "c1", "t1", "a-label-of-an-older-release", "web")
    an_hour_ago = clock.now() - timedelta(hours=1)
    with transaction(engine) as session:
        session.execute(update(Notice).values(created_at=an_hour_ago).execution_options(synchronize_session=False))
    text = metrics(anonymous)
    assert sample(text, "milia_notices_waiting") == 2
    assert sample(text, "milia_notices_oldest_waiting_seconds") >= 3600
    assert sample(text, "milia_notices_failed") == 0
    assert sample(text, "milia_flags_open", flag="safety/emergency") == 1
    assert sample(text, "milia_flags_open", flag="other") == 1
    assert sample(text, "milia_flags_open", flag="safety/self_harm") == 0


def test_what_was_given_up_counts_until_somebody_handled_it(anonymous: ConsoleClient, engine: Engine) -> None:
    with transaction(engine) as session:
        add_notices(session, "staff_message", "m1", version=1, urgency="urgent", channel="web", targets=("email",))
    for values, failed in (({"failed_at": clock.now()}, 1), ({"handled_at": clock.now()}, 0)):
        with transaction(engine) as session:
            session.execute(update(Notice).values(**values).execution_options(synchronize_session=False))
        text = metrics(anonymous)
        assert (sample(text, "milia_notices_waiting"), sample(text, "milia_notices_failed")) == (0, failed)


def test_a_part_that_cannot_be_asked_is_a_zero_and_the_others_are_shown(
    anonymous: ConsoleClient, engine: Engine
) -> None:
    EVENTS.drop(engine, checkfirst=True)
    text = metrics(anonymous)
    assert 'milia_check_up{check="turn_log"} 0.0' in text
    assert "milia_log_conversations_behind" not in text
    assert sample(text, "milia_check_up", check="work") == 1


def test_each_answer_has_the_id_of_its_request(anonymous: ConsoleClient) -> None:
    given = "0123456789abcdef" * 2
    assert anonymous.get("/login", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given
    made = anonymous.get("/login", headers={"X-Request-ID": CANARY}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", made)
